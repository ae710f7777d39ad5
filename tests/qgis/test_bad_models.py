# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong models: a sentence, a failed run, and nothing else changes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import onnx
import pytest

from ..networks import pointwise_network, save_network
from .bad_input import Bad, Case, Cases, Workshop, assert_command_refused, assert_refused
from .command import needs_qgis_process
from .scenes import VALUES

case = Cases()


# --- the model ----------------------------------------------------------------------------------------


@case
def model_missing(_: Workshop) -> Bad:
    return Bad({"MODEL": "nothing.emd"}, ("nothing.emd", "the file does not exist"))


@case
def model_is_a_folder(workshop: Workshop) -> Bad:
    (workshop.folder / "folder.emd").mkdir()
    return Bad({"MODEL": "folder.emd"}, ("folder.emd", "cannot be read"))


@case
def model_is_not_json(workshop: Workshop) -> Bad:
    (workshop.folder / "bad.emd").write_text("{'Framework': 'ONNX'}", encoding="utf-8")
    return Bad({"MODEL": "bad.emd"}, ("bad.emd", "it is not JSON"))


@case
def model_is_binary(workshop: Workshop) -> Bad:
    (workshop.folder / "bad.emd").write_bytes(bytes(range(256)))
    return Bad({"MODEL": "bad.emd"}, ("bad.emd", "cannot be read"))


@case
def model_is_broken_json_text(_: Workshop) -> Bad:
    return Bad({"MODEL": '{"Framework": '}, ("Framework", "it is not JSON"))


@case
def model_without_model_file(workshop: Workshop) -> Bad:
    return workshop.bad_model("lacks the key ModelFile", "bad", ModelFile=None)


@case
def model_with_a_class_twice(workshop: Workshop) -> Bad:
    twice = [{"Value": 3, "Name": "a"}, {"Value": 4, "Name": "b"}, {"Value": 3, "Name": "c"}]
    return workshop.bad_model("[3, 4, 3]", "distinct values", Classes=twice)


@case
def model_with_a_broken_class_value(workshop: Workshop) -> Bad:
    classes = [{"Value": 1.5, "Name": "a"}, {"Value": 2, "Name": "b"}, {"Value": 3, "Name": "c"}]
    return workshop.bad_model("Classes[0].Value", "1.5", "an integer", Classes=classes)


@case
def model_whose_weights_are_missing(workshop: Workshop) -> Bad:
    return workshop.bad_model("The weights gone.onnx of the model bad.emd were not found", ModelFile="gone.onnx")


@case
def model_whose_weights_are_corrupt(workshop: Workshop) -> Bad:
    (workshop.folder / "corrupt.onnx").write_bytes((workshop.folder / "good.onnx").read_bytes()[:100])
    return workshop.bad_model("corrupt.onnx cannot be loaded", ModelFile="corrupt.onnx")


@case
def model_whose_weights_are_empty(workshop: Workshop) -> Bad:
    (workshop.folder / "empty.onnx").write_bytes(b"")
    return workshop.bad_model("empty.onnx cannot be loaded", ModelFile="empty.onnx")


@case
def model_whose_torchscript_is_corrupt(workshop: Workshop) -> Bad:
    (workshop.folder / "corrupt.pt").write_bytes(b"no archive")
    return workshop.bad_model("corrupt.pt", Framework="PyTorch", ModelFile="corrupt.pt")


@case
def model_whose_torchscript_is_a_checkpoint(workshop: Workshop) -> Bad:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    torch.save({"weight": torch.zeros(3)}, str(workshop.folder / "state.pth"))
    return workshop.bad_model("The weights state.pth", "Export the network to TorchScript", ModelFile="state.pth")


@case
def model_of_tensorflow(workshop: Workshop) -> Bad:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    (workshop.folder / "frozen.pb").write_bytes(b"\x0a\x00")
    return workshop.bad_model("frozen.pb cannot be loaded", Framework="TensorFlow", ModelFile="frozen.pb")


@case
def model_of_cntk(workshop: Workshop) -> Bad:
    (workshop.folder / "net.model").write_bytes(b"\x0a\x00")
    return workshop.bad_model("bad.emd needs", "CNTK", "ONNX", Framework="CNTK", ModelFile="net.model")


@case
def bare_tensorflow_graph(workshop: Workshop) -> Bad:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    (workshop.folder / "frozen.pb").write_bytes(b"\x0a\x00")
    return Bad({"MODEL": "frozen.pb"}, ("frozen.pb cannot be loaded",))


@case
def model_that_detects_objects(workshop: Workshop) -> Bad:
    return workshop.bad_model("ObjectDetection", "pixel classification", ModelType="ObjectDetection")


@case
def network_of_other_bands(workshop: Workshop) -> Bad:
    return workshop.bad_model("good.onnx", "takes 2 bands", "lists 3", ExtractBands=[0, 1, 0])


@case
def network_of_other_channels(workshop: Workshop) -> Bad:
    classes = [{"Value": value, "Name": str(value)} for value in range(7)]
    return workshop.bad_model("good.onnx", "3 channels for 7 classes", Classes=classes)


@case
def network_of_another_size(workshop: Workshop) -> Bad:
    pointwise_network(workshop.folder / "fixed.onnx", bands=2, channels=len(VALUES), size=32)
    return workshop.bad_model("fixed.onnx", "32 x 32", "64 x 64", ModelFile="fixed.onnx")


def _network_with_bias(workshop: Workshop, bias: float) -> Bad:
    weights = {"w": np.ones((3, 2, 1, 1), np.float32), "b": np.array([0, bias, 1], np.float32)}
    node = onnx.helper.make_node("Conv", ["image", "w", "b"], ["scores"])
    save_network(workshop.folder / "odd.onnx", [node], weights, ("n", 2, "h", "w"), ("n", 3, "h", "w"))
    return workshop.bad_model("not finite (NaN or Inf)", ModelFile="odd.onnx")


@case
def network_with_nan_scores(workshop: Workshop) -> Bad:
    return _network_with_bias(workshop, np.nan)


@case
def network_with_infinite_scores(workshop: Workshop) -> Bad:
    return _network_with_bias(workshop, np.inf)


# --- the package --------------------------------------------------------------------------------------


def _write_package(workshop: Workshop, members: Mapping[str, bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(workshop.folder / "bad.dlpk", "w")
    for name, content in members.items():
        archive.writestr(name, content)
    return archive


def _good_members(workshop: Workshop) -> dict[str, bytes]:
    definition = {**workshop.definition, "ModelFile": "good.onnx"}
    return {
        "good.emd": json.dumps(definition).encode(),
        "good.onnx": (workshop.folder / "good.onnx").read_bytes(),
    }


@case
def package_that_climbs_out(workshop: Workshop) -> Bad:
    _write_package(workshop, {**_good_members(workshop), "../../evil.txt": b"x"}).close()
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "../../evil.txt"))


@case
def package_with_a_link(workshop: Workshop) -> Bad:
    with _write_package(workshop, _good_members(workshop)) as archive:
        link = zipfile.ZipInfo("link.onnx")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "link.onnx"))


@case
def package_that_is_encrypted(workshop: Workshop) -> Bad:
    with _write_package(workshop, _good_members(workshop)) as archive:
        for member in archive.infolist():
            member.flag_bits |= 0x1
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "encrypted"))


@case
def package_that_is_truncated(workshop: Workshop) -> Bad:
    _write_package(workshop, _good_members(workshop)).close()
    path = workshop.folder / "bad.dlpk"
    path.write_bytes(path.read_bytes()[:-30])
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "damaged"))


@case
def package_that_is_a_bomb(workshop: Workshop) -> Bad:
    with zipfile.ZipFile(workshop.folder / "bad.dlpk", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.onnx", bytes(30 * 1024**2))
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "zeros.onnx"))


@case
def package_without_a_definition(workshop: Workshop) -> Bad:
    _write_package(workshop, {"good.onnx": b"x"}).close()
    return Bad({"MODEL": "bad.dlpk"}, ("bad.dlpk was refused", "0 .emd files"))


@case
def package_whose_weights_lie_outside(workshop: Workshop) -> Bad:
    _write_package(workshop, {"good.emd": json.dumps(workshop.definition).encode()}).close()
    return Bad({"MODEL": "bad.dlpk"}, ("good.onnx", "were not found"))


# --- the tests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", case, ids=lambda make: make.__name__)
def test_bad_input_is_refused_with_a_sentence(make: Case, workshop: Workshop, run: Callable[..., Any]) -> None:
    assert_refused(workshop, make(workshop), run)


@needs_qgis_process
@pytest.mark.parametrize("make", [model_missing, model_whose_weights_are_corrupt], ids=lambda make: make.__name__)
def test_the_command_line_ends_with_the_sentence_and_exit_code_1(make: Case, workshop: Workshop) -> None:
    assert_command_refused(workshop, make(workshop))
