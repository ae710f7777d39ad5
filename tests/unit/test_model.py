# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import FrameworkError, ModelUnreadableError, WeightsMissingError
from classify_pixels.inference.models import Model, ModelReference, open_model, read_model_reference
from tests.networks import class_definition, pointwise_network


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return pointwise_network(tmp_path / "Net.onnx", 3, 2)


def write_emd(folder: Path, encoding: str = "utf-8", **keys: Any) -> Path:
    path = folder / "land cover.emd"
    document = {**class_definition(Path("Net.onnx"), 3, [1, 2], 64), **keys}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding=encoding)
    return path


def open_file(path: Path) -> Model:
    return open_model(ModelReference(path=path), path.parent / "cache")


def test_an_emd_finds_the_weights_beside_it(weights: Path, tmp_path: Path) -> None:
    model = open_file(write_emd(tmp_path))
    assert (model.weights, model.name) == (weights, "land cover")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_an_emd_may_begin_with_a_byte_order_mark(encoding: str, weights: Path, tmp_path: Path) -> None:
    assert open_file(write_emd(tmp_path, encoding, ModelName="Übersicht")).name == "Übersicht"


@pytest.mark.parametrize(
    "named", ["./Net.onnx", ".\\Net.onnx", "net.ONNX", "D:\\models\\Net.onnx", "\\\\server\\x\\Net.onnx"]
)
def test_weights_are_found_however_they_are_named(named: str, weights: Path, tmp_path: Path) -> None:
    assert open_file(write_emd(tmp_path, ModelFile=named)).weights.samefile(weights)


def test_weights_may_lie_elsewhere(weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    assert open_file(write_emd(folder, ModelFile=str(weights))).weights == weights
    assert open_file(write_emd(folder, ModelFile="..\\Net.onnx")).weights.samefile(weights)


@pytest.mark.parametrize("named", ["absent.onnx", "/absent/absent.onnx", "..\\absent.pt"])
def test_missing_weights_are_named(named: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="absent"):
        open_file(write_emd(tmp_path, ModelFile=named))


@pytest.mark.parametrize(
    ("keys", "framework", "export"),
    [
        ({"Framework": "TensorFlow", "ModelFile": "net.pt"}, "TensorFlow", "torch.onnx.export"),
        (
            {"Framework": "Keras", "ModelFile": "net.keras"},
            "Keras",
            'tf2onnx.convert --keras "net.keras" --output "net.onnx"',
        ),
        ({"Framework": "CNTK", "ModelFile": "net.model"}, "CNTK", "load_model('net.model').save('net.onnx'"),
        ({"ModelFile": "net.h5"}, "Keras", '--keras "net.h5"'),
        ({"ModelFile": "net.mar"}, "net.mar", "torch.onnx.export"),
        ({"ModelFile": "."}, "the framework of", "torch.onnx.export"),
    ],
)
def test_other_frameworks_are_refused_with_the_way_to_onnx(
    keys: dict[str, str], framework: str, export: str, tmp_path: Path
) -> None:
    with pytest.raises(FrameworkError, match=f"land cover.*{framework}.* example with:  .*{re.escape(export)}"):
        open_file(write_emd(tmp_path, **keys))


def test_a_command_holds_nothing_that_a_shell_obeys(tmp_path: Path) -> None:
    """Users copy it, and its names come from the definition."""
    with pytest.raises(FrameworkError) as caught:
        open_file(write_emd(tmp_path, ModelFile='a"; $(reboot) `reboot` & b.h5'))
    quoted = "a__ __reboot_ _reboot_ _ b"
    expected = f'python -m tf2onnx.convert --keras "{quoted}.h5" --output "{quoted}.onnx"'
    assert caught.value.values["export"] == expected


@pytest.mark.parametrize("framework", ["TensorFlow", "Keras", "CNTK"])
def test_a_network_that_was_exported_to_onnx_may_still_name_its_framework(
    framework: str, weights: Path, tmp_path: Path
) -> None:
    assert open_file(write_emd(tmp_path, Framework=framework)).weights == weights


def test_bare_weights_have_no_definition(weights: Path) -> None:
    assert open_file(weights) == Model("Net", weights, None)


@pytest.mark.parametrize("suffix", [".tif", ".txt", ""])
def test_a_file_that_is_no_model_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scene{suffix}"
    path.write_text("{}")
    with pytest.raises(FrameworkError, match="scene"):
        open_file(path)


@pytest.mark.parametrize("name", ["absent.emd", "absent.dlpk", "absent.onnx", "."])
def test_a_model_that_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnreadableError, match=str(tmp_path / name)):
        open_file(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff\xfe\x00", '{"Größe": 1}'.encode("latin-1")])
def test_an_emd_that_is_no_text_of_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.emd"
    path.write_bytes(content)
    with pytest.raises(ModelUnreadableError, match=r"model\.emd"):
        open_file(path)


def test_a_definition_as_json_needs_absolute_weights(weights: Path, tmp_path: Path) -> None:
    document = class_definition(weights, 3, [1, 2], 64)
    for value in (document, json.dumps(document), "  " + json.dumps(document)):
        assert open_model(read_model_reference(value), tmp_path / "cache").weights == weights
    with pytest.raises(WeightsMissingError, match=r"Net\.onnx"):
        open_model(ModelReference(document={**document, "ModelFile": "Net.onnx"}), tmp_path / "cache")


def test_a_reference_may_be_a_path(tmp_path: Path) -> None:
    assert read_model_reference(str(tmp_path / "m.emd")) == ModelReference(path=tmp_path / "m.emd")
    assert read_model_reference(tmp_path) == ModelReference(path=tmp_path)


@pytest.mark.parametrize("value", [None, "", 5, [], "{not json"])
def test_a_reference_of_no_known_form_is_refused(value: Any) -> None:
    with pytest.raises(ModelUnreadableError):
        read_model_reference(value)


def test_weights_with_a_name_that_no_disk_takes_are_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="xxx"):
        open_file(write_emd(tmp_path, ModelFile="x" * 5000 + ".onnx"))


def test_a_definition_without_end_is_not_read(weights: Path, tmp_path: Path) -> None:
    path = write_emd(tmp_path, Description="x" * 17 * 1024**2)
    with pytest.raises(ModelUnreadableError, match="larger than 16 MB"):
        open_file(path)
