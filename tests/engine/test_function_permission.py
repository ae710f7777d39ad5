# SPDX-License-Identifier: GPL-2.0-or-later
"""When a Python raster function beside a model is run: only when the user has allowed that very model."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import py_compile
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    FrameworkError,
    FunctionChangedError,
    FunctionNotAllowedError,
    ModelKeyMissingError,
    WeightsMissingError,
)
from classify_pixels.inference.models import GivenArguments, Model, ModelReference, open_model
from classify_pixels.inference.network.opening import backend_options
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.run.request import Environment
from classify_pixels.inference.run.resume.compared_files import model_digests
from classify_pixels.inference.runtimes import open_backend
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
        {"Framework": "Templates", "ModelFile": "net.mar"},
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
    assert recorder.said(Caution.FUNCTION_NOT_ALLOWED)[0]["fingerprint"] == function.fingerprint
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


def linked_model(folder: Path) -> tuple[Path, Path]:
    """Returns a model that imports a package which is a folder behind a link; and that folder."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    emd = write_blurring_model(folder / "model")
    (emd.parent / "blur_helper.py").rename(elsewhere / "__init__.py")
    (emd.parent / "blur_helper").symlink_to(elsewhere, target_is_directory=True)
    return emd, elsewhere


@pytest.mark.parametrize("change", ["content", "new file", "target"])
def test_code_behind_a_link_counts(change: str, tmp_path: Path) -> None:
    emd, elsewhere = linked_model(tmp_path)
    before = refused_fingerprint(emd)
    assert opened(emd, before).function is not None
    if change == "content":
        with (elsewhere / "__init__.py").open("a") as file:
            file.write("\n")
    elif change == "new file":
        (elsewhere / "deep").mkdir()
        (elsewhere / "deep" / "more.py").write_text("")
    else:
        shutil.copytree(elsewhere, tmp_path / "copy")
        (emd.parent / "blur_helper").unlink()
        (emd.parent / "blur_helper").symlink_to(tmp_path / "copy", target_is_directory=True)
    assert refused_fingerprint(emd) != before


def test_links_that_lead_round_and_round_are_walked_once(tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model")
    for name in ("a", "b", "c", "d", "e", "f", "g", "h"):
        (emd.parent / name).mkdir()
        for other in ("a", "b", "c", "d", "e", "f", "g", "h"):
            (emd.parent / name / f"to_{other}").symlink_to(emd.parent / other, target_is_directory=True)
    (emd.parent / "round").symlink_to(emd.parent, target_is_directory=True)
    (emd.parent / "dangling").symlink_to(tmp_path / "absent", target_is_directory=True)
    assert len(refused_fingerprint(emd)) == 64


@pytest.mark.parametrize("name", ["lib.zip", "lib.egg", "sums.so.1", "start.pyw"])
def test_all_that_can_be_imported_or_loaded_counts(name: str, tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model")
    before = refused_fingerprint(emd)
    (emd.parent / name).write_bytes(b"")
    after = refused_fingerprint(emd)
    assert after != before
    # A run with other code shares no strips either.
    assert name in dict(model_digests(opened(emd, after), ()))


@pytest.mark.parametrize("kind", ["helper", "function", "planted module", "planted link", "compiled"])
def test_code_that_was_changed_in_the_cache_is_not_run_under_the_permission_of_the_package(
    kind: str, tmp_path: Path
) -> None:
    """The map is that of the package's own code."""
    package = pack(write_blurring_model(tmp_path / "model").parent, tmp_path / "m.dlpk")
    scene = write_raster(tmp_path / "scene.tif", np.full((2, 40, 40), 200, np.uint8))
    (tmp_path / "out").mkdir()
    output, canary = tmp_path / "out" / "out.tif", tmp_path / "canary"
    allowed = frozenset([refused_fingerprint(package)])
    evil = f"open({str(canary)!r}, 'w')\n"
    [folder] = {path.parent for path in (tmp_path / "cache").rglob("Blurring.py")}
    helper, function = folder / "blur_helper.py", folder / "Blurring.py"
    if kind == "helper":
        helper.write_text(evil + helper.read_text())
    elif kind == "function":
        function.write_text(evil + function.read_text())
    elif kind == "planted module":
        (folder / "json.py").write_text(evil)
        (folder / "blur_helper").mkdir()
        (folder / "blur_helper" / "__init__.py").write_text(evil + helper.read_text())
    elif kind == "planted link":
        (tmp_path / "evil.py").write_text(evil + helper.read_text())
        helper.unlink()
        helper.symlink_to(tmp_path / "evil.py")
    else:
        planted_bytecode(helper, evil)
    classify(scene, package, output, allowed_functions=allowed, cache=tmp_path / "cache")
    assert read_raster(output)[..., 20, 20] == 7
    assert not canary.exists()


def planted_bytecode(path: Path, evil: str) -> None:
    """Leaves a compiled file beside a module that Python would take for its own, as size and time are the same."""
    good, times = path.read_bytes(), path.stat()
    path.write_bytes(evil.encode().ljust(len(good)))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    py_compile.compile(str(path), importlib.util.cache_from_source(str(path)))
    path.write_bytes(good)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("kind", ["helper", "planted module", "behind a link"])
def test_what_is_imported_is_what_was_allowed_even_where_it_changes_in_between(kind: str, tmp_path: Path) -> None:
    """The code changes after the model was opened, and before the function imports it."""
    linked = kind == "behind a link"
    emd, elsewhere = linked_model(tmp_path) if linked else (write_blurring_model(tmp_path / "m"), tmp_path)
    model, canary = opened(emd, refused_fingerprint(emd)), tmp_path / "canary"
    evil = f"open({str(canary)!r}, 'w')\n"
    if kind == "helper":
        (emd.parent / "blur_helper.py").write_text(evil + (emd.parent / "blur_helper.py").read_text())
    elif kind == "planted module":
        (emd.parent / "blur_helper").mkdir()
        (emd.parent / "blur_helper" / "__init__.py").write_text(evil)
    else:
        (elsewhere / "__init__.py").write_text(evil + (elsewhere / "__init__.py").read_text())
    before = list(sys.meta_path)
    with pytest.raises(FunctionChangedError, match="Blurring.py"):
        open_backend(model.weights, backend_options(model, Environment(), GivenArguments()))
    assert not canary.exists()
    assert sys.meta_path == before


def test_a_compiled_file_beside_a_module_is_not_read(tmp_path: Path) -> None:
    emd, canary = write_blurring_model(tmp_path / "model"), tmp_path / "canary"
    planted_bytecode(emd.parent / "blur_helper.py", f"open({str(canary)!r}, 'w')\n")
    model = opened(emd, refused_fingerprint(emd))
    with closing(open_backend(model.weights, backend_options(model, Environment(), GivenArguments()))):
        assert not canary.exists()


def test_code_finds_its_packages_and_their_files(tmp_path: Path) -> None:
    """Folders with __init__.py, relative imports, data beside the code, folders without, and an archive."""
    code = simple_function().replace("import numpy as np", IMPORTS, 1)
    assert IMPORTS in code
    emd = write_model(tmp_path / "model", code, "Simple")
    parts = emd.parent / "parts"
    (parts / "bare").mkdir(parents=True)
    (parts / "__init__.py").write_text("from .numbers_of import SEVEN")
    (parts / "numbers_of.py").write_text("SEVEN = 7")
    (parts / "data.txt").write_text("text")
    (emd.parent / "loose").mkdir()
    (emd.parent / "loose" / "inner.py").write_text("EIGHT = 8")
    with zipfile.ZipFile(emd.parent / "packed.zip", "w") as archive:
        archive.writestr("within.py", "NINE = 9")
    model = opened(emd, refused_fingerprint(emd))
    with closing(open_backend(model.weights, backend_options(model, Environment(), GivenArguments()))) as backend:
        names = {path.name for path in backend.imported}
    assert names == {"__init__.py", "numbers_of.py", "inner.py", "packed.zip"}
    assert not {"parts", "parts.numbers_of", "loose.inner", "within"} & set(sys.modules)


IMPORTS = """import numpy as np
import os, pkgutil, sys
sys.path.append(os.path.dirname(__file__))
sys.path.append(os.path.join(os.path.dirname(__file__), "packed.zip"))
import parts
import loose.inner
import within
assert (parts.SEVEN, loose.inner.EIGHT, within.NINE) == (7, 8, 9)
assert pkgutil.get_data("parts", "data.txt") == b"text"
"""
