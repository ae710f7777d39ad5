# SPDX-License-Identifier: GPL-2.0-or-later
"""When a Python raster function beside a model is run: only when the user has allowed that very model."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    FrameworkError,
    FunctionNotAllowedError,
    ModelKeyMissingError,
    WeightsMissingError,
)
from classify_pixels.inference.model import Model, ModelReference, open_model
from tests.networks import pointwise_network
from tests.raster_functions import simple_function, write_blurring_model, write_model
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder, classify

NOBODY = frozenset(["0" * 64])


def opened(path: Path, *allowed: str) -> Model:
    return open_model(ModelReference(path=path), path.parent / "cache", frozenset(allowed))


def refused_fingerprint(path: Path) -> str:
    with pytest.raises(FunctionNotAllowedError) as caught:
        opened(path, *NOBODY)
    return str(caught.value.values["fingerprint"])


def trapped(folder: Path, **keys: Any) -> tuple[Path, Path]:
    """Returns a model whose code, once it is imported, makes a file; and that file."""
    canary = folder / "canary"
    code = f"open({str(canary)!r}, 'w')\n{simple_function()}"
    return write_model(folder / "model", code, "Simple", **keys), canary


def pack(folder: Path, package: Path) -> Path:
    with zipfile.ZipFile(package, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return package


def test_code_that_nobody_allowed_is_not_touched_and_the_error_says_what_allows_it(tmp_path: Path) -> None:
    emd, canary = trapped(tmp_path)
    with pytest.raises(FunctionNotAllowedError, match="Simple.py.*[0-9a-f]{64}.*options.*ALLOWED_FUNCTIONS"):
        opened(emd)
    assert not canary.exists()
    model = opened(emd, refused_fingerprint(emd))
    assert model.weights == emd.with_name("Simple.py")
    assert not canary.exists()


@pytest.mark.parametrize(
    "keys",
    [
        {"Framework": "Keras", "ModelFile": "net.h5"},
        {"Framework": "CNTK", "ModelFile": "net.model"},
        {"Framework": "Templates", "ModelFile": "net.ckpt"},
    ],
)
def test_a_framework_that_does_not_run_here_asks_for_the_function(keys: dict[str, str], tmp_path: Path) -> None:
    emd, canary = trapped(tmp_path, **keys)
    (emd.parent / keys["ModelFile"]).write_bytes(b"weights")
    assert opened(emd, refused_fingerprint(emd)).function is not None
    emd.with_name("Simple.py").unlink()
    with pytest.raises(FrameworkError):
        opened(emd)
    assert not canary.exists()


def test_without_function_and_weights_the_weights_are_asked_for(tmp_path: Path) -> None:
    emd = write_model(tmp_path, "", InferenceFunction="[Functions]System\\DeepLearning\\ImageClassifier.py")
    with pytest.raises(ModelKeyMissingError, match="ModelFile"):
        opened(emd)
    emd = write_model(tmp_path, "", ModelFile="absent.onnx")
    with pytest.raises(WeightsMissingError, match="absent"):
        opened(emd)


def test_a_network_beside_the_function_is_run_with_a_warning(tmp_path: Path) -> None:
    emd, canary = trapped(tmp_path, ModelFile="net.onnx")
    pointwise_network(emd.parent / "net.onnx", 2, 2)
    scene = write_raster(tmp_path / "scene.tif", np.full((2, 40, 40), 9, np.uint8))
    recorder = Recorder()
    classify(scene, emd, tmp_path / "out.tif", progress=recorder)
    function = opened(emd).function
    assert function is not None
    assert [warning for warning in recorder.warnings if "not run" in warning and function.fingerprint in warning]
    assert not canary.exists()
    allowed = frozenset([function.fingerprint])
    result = classify(scene, emd, tmp_path / "out.tif", allowed_functions=allowed)
    assert canary.exists()
    assert "Simple.py" in result.device
    assert set(np.unique(read_raster(tmp_path / "out.tif"))) == {3}


def test_the_sha256_of_a_package_is_that_of_its_file(tmp_path: Path) -> None:
    package = pack(trapped(tmp_path)[0].parent, tmp_path / "m.dlpk")
    expected = hashlib.sha256(package.read_bytes()).hexdigest()
    assert refused_fingerprint(package) == expected
    assert opened(package, expected).function is not None


def test_an_allowed_package_runs_from_the_cache(tmp_path: Path) -> None:
    package = pack(write_blurring_model(tmp_path / "model").parent, tmp_path / "m.dlpk")
    scene = write_raster(tmp_path / "scene.tif", np.full((2, 40, 40), 200, np.uint8))
    allowed = frozenset([refused_fingerprint(package)])
    classify(scene, package, tmp_path / "out.tif", allowed_functions=allowed)
    assert read_raster(tmp_path / "out.tif")[..., 20, 20] == 7


def test_the_sha256_of_loose_files_is_what_sha256sum_gives(tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum")
    folder = write_blurring_model(tmp_path / "model", ModelFile="net.h5").parent
    (folder / "net.h5").write_bytes(b"weights")
    (folder / "notes.txt").write_text("not a part of the model")
    (folder / "sub").mkdir()
    (folder / "sub" / "more.py").write_text("")
    names = "Blurring.py blur_helper.py model.emd net.h5 sub/more.py"
    command = f"sha256sum {names} | LC_ALL=C sort | sha256sum"
    listed = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert refused_fingerprint(folder / "model.emd") == listed.split()[0]


@pytest.mark.parametrize("name", ["Blurring.py", "blur_helper.py", "model.emd", "net.h5", "new.py", "sub/new.so"])
def test_whatever_the_code_could_do_otherwise_changes_the_sha256(name: str, tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model", ModelFile="net.h5")
    (emd.parent / "net.h5").write_bytes(b"weights")
    (emd.parent / "sub").mkdir()
    before = refused_fingerprint(emd)
    with (emd.parent / name).open("a") as file:
        file.write(" \n")
    assert refused_fingerprint(emd) != before
    with pytest.raises(FunctionNotAllowedError):
        opened(emd, before)


def test_the_sha256_is_the_same_wherever_the_files_lie(tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model")
    moved = Path(shutil.copytree(emd.parent, tmp_path / "elsewhere" / "deep")) / emd.name
    assert refused_fingerprint(moved) == refused_fingerprint(emd)


@pytest.mark.parametrize("named", ["../Simple.py", "..\\Simple.py", "ABSOLUTE"])
def test_code_outside_the_models_folder_is_no_function_of_the_model(named: str, tmp_path: Path) -> None:
    outside = tmp_path / "Simple.py"
    outside.write_text(simple_function())
    emd = write_model(tmp_path / "model", "", "Unused", ModelFile="net.onnx")
    document = json.loads(emd.read_text())
    document["InferenceFunction"] = str(outside) if named == "ABSOLUTE" else named
    emd.write_text(json.dumps(document))
    pointwise_network(emd.parent / "net.onnx", 2, 2)
    assert opened(emd).function is None
    emd.with_name("net.onnx").unlink()
    package = pack(emd.parent, tmp_path / "m.dlpk")
    with pytest.raises(WeightsMissingError):
        opened(package)


@pytest.mark.parametrize("named", [".\\Simple.py", "./Simple.py", "simple.PY", "D:\\models\\Simple.py"])
def test_a_function_is_found_however_it_is_named(named: str, tmp_path: Path) -> None:
    emd = write_model(tmp_path / "model", simple_function(), "Simple")
    document = {**json.loads(emd.read_text()), "InferenceFunction": named}
    emd.write_text(json.dumps(document))
    model = opened(emd, refused_fingerprint(emd))
    assert model.weights.samefile(emd.with_name("Simple.py"))


def test_a_definition_as_json_runs_no_code(tmp_path: Path) -> None:
    emd = write_model(tmp_path / "model", simple_function(), "Simple")
    document = {**json.loads(emd.read_text()), "InferenceFunction": str(emd.with_name("Simple.py"))}
    with pytest.raises(ModelKeyMissingError):
        open_model(ModelReference(document=document), tmp_path)
