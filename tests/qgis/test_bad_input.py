# SPDX-License-Identifier: GPL-2.0-or-later
"""All that a user can give wrongly: a sentence with the value, exit code 1, and nothing else changes."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from osgeo import gdal

from ..networks import class_definition, pointwise_network, save_network
from .command import ALGORITHM, LIMIT, SCRIPT, classify_plainly, environment, needs_qgis_process, words
from .scenes import TILE, VALUES, snapshot, write_definition, write_raster

pytestmark = needs_qgis_process


@dataclass(frozen=True)
class Bad:
    """Parameters that replace good ones, and the words that the message must have."""

    parameters: Mapping[str, Any]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Workshop:
    """A folder with a good raster, a good model and an older result; cases add their bad things."""

    folder: Path
    definition: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> dict[str, Any]:
        """Parameters that work, with names relative to the folder."""
        return {"INPUT": "good.tif", "MODEL": "good.emd", "OUTPUT": "out.tif"}

    def write_model(self, name: str = "bad.emd", **keys: Any) -> str:
        """Writes the good definition with other keys; None takes a key away."""
        document = {key: value for key, value in {**self.definition, **keys}.items() if value is not None}
        write_definition(self.folder / name, document)
        return name

    def bad_model(self, *words: str, **keys: Any) -> Bad:
        """Returns the case of a definition with these keys."""
        return Bad({"MODEL": self.write_model(**keys)}, words)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A fresh workshop."""
    pixels = np.random.default_rng(1).integers(1, 200, (2, 40, 50), np.uint8)
    write_raster(tmp_path / "good.tif", pixels, names=("red", "green"))
    network = pointwise_network(tmp_path / "good.onnx", bands=2, channels=len(VALUES))
    definition = class_definition(network, bands=2, values=VALUES, tile=TILE)
    write_definition(tmp_path / "good.emd", definition)
    for name in ("out.tif", "out.qml", "out.tif.aux.xml"):
        (tmp_path / name).write_bytes(b"an older result")
    return Workshop(tmp_path, definition)


Case = Callable[[Workshop], Bad]
CASES: list[Case] = []


def case(function: Case) -> Case:
    """Adds a case to the list."""
    CASES.append(function)
    return function


# --- the raster ---------------------------------------------------------------------------------------


@case
def raster_missing(_: Workshop) -> Bad:
    return Bad({"INPUT": "nothing.tif"}, ("nothing.tif", "there is no such file"))


@case
def raster_is_a_text(workshop: Workshop) -> Bad:
    (workshop.folder / "notes.tif").write_text("no raster at all", encoding="utf-8")
    return Bad({"INPUT": "notes.tif"}, ("notes.tif", "cannot be read"))


@case
def raster_is_a_folder(workshop: Workshop) -> Bad:
    (workshop.folder / "empty").mkdir()
    return Bad({"INPUT": "empty"}, ("empty", "holds no raster"))


@case
def raster_truncated(workshop: Workshop) -> Bad:
    pixels = np.random.default_rng(2).integers(0, 255, (2, 300, 300), np.uint8)
    path = write_raster(workshop.folder / "half.tif", pixels, options=["COMPRESS=DEFLATE", "TILED=YES"])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return Bad({"INPUT": "half.tif"}, ("half.tif", "cannot be read"))


@case
def raster_truncated_in_its_header(workshop: Workshop) -> Bad:
    (workshop.folder / "head.tif").write_bytes((workshop.folder / "good.tif").read_bytes()[:6])
    return Bad({"INPUT": "head.tif"}, ("head.tif", "cannot be read"))


@case
def raster_with_too_few_bands(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "grey.tif", np.ones((1, 40, 50), np.uint8))
    return Bad({"INPUT": "grey.tif"}, ("needs band 2", "grey.tif has 1 band"))


@case
def raster_whose_second_band_is_alpha(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "alpha.tif", np.full((2, 40, 50), 255, np.uint8), alpha=True)
    return Bad({"INPUT": "alpha.tif"}, ("needs band 2", "alpha.tif has 1 band"))


@case
def raster_without_the_named_band(workshop: Workshop) -> Bad:
    return workshop.bad_model(
        'needs band "nir"', "good.tif has 2 bands (red, green)", ExtractBands=["red", "nir"]
    )


@case
def raster_of_complex_numbers(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "radar.tif", np.ones((2, 40, 50), np.complex64))
    return Bad({"INPUT": "radar.tif"}, ("Band 1 of radar.tif", "CFloat32"))


@case
def raster_is_a_container(workshop: Workshop) -> Bad:
    for table in ("first", "second"):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE={table}"]
        gdal.Translate(
            str(workshop.folder / "two.gpkg"),
            str(workshop.folder / "good.tif"),
            format="GPKG",
            creationOptions=options,
        )
    return Bad({"INPUT": "two.gpkg"}, ("two.gpkg holds 2 rasters", "GPKG:"))


# --- the extent ---------------------------------------------------------------------------------------


@case
def extent_that_misses(_: Workshop) -> Bad:
    return Bad({"EXTENT": "0,100,0,100 [EPSG:32633]"}, ("0, 0, 100, 100", "outside the raster good.tif"))


@case
def extent_without_area(_: Workshop) -> Bad:
    return Bad({"EXTENT": "500100,500100,5399700,5399900 [EPSG:32633]"}, ("500100", "it has no area"))


@case
def extent_of_zeros(_: Workshop) -> Bad:
    return Bad({"EXTENT": "0,0,0,0"}, ("The extent", "0"))


@case
def extent_in_esris_form_without_xmax(_: Workshop) -> Bad:
    return Bad({"EXTENT": '{"xmin": 1, "ymin": 2, "ymax": 4}'}, ("The extent", "xmin, ymin, xmax and ymax"))


@case
def extent_in_broken_json(_: Workshop) -> Bad:
    return Bad({"EXTENT": '{"xmin": 1,'}, ('{"xmin": 1,', "it is not JSON"))


@case
def extent_in_an_unknown_crs(_: Workshop) -> Bad:
    extent = {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9, "spatialReference": {"wkid": 999999}}
    return Bad({"EXTENT": json.dumps(extent)}, ("999999", "unknown"))


@case
def extent_whose_spatial_reference_is_a_number(_: Workshop) -> Bad:
    extent = {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9, "spatialReference": 4326}
    return Bad({"EXTENT": json.dumps(extent)}, ("The extent", "4326"))


@case
def extent_that_no_projection_reaches(_: Workshop) -> Bad:
    return Bad({"EXTENT": "-170,-160,89.9,90 [EPSG:4326]"}, ("The extent", "89.9"))


# --- the model ----------------------------------------------------------------------------------------


@case
def model_missing(_: Workshop) -> Bad:
    return Bad({"MODEL": "nothing.emd"}, ("nothing.emd", "there is no such file"))


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
    return workshop.bad_model(
        "The weights gone.onnx of the model bad.emd were not found", ModelFile="gone.onnx"
    )


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
    return workshop.bad_model("state.pth is not a TorchScript file", "state.pth", ModelFile="state.pth")


@case
def model_of_tensorflow(workshop: Workshop) -> Bad:
    (workshop.folder / "frozen.pb").write_bytes(b"\x0a\x00")
    return workshop.bad_model(
        "bad.emd needs", "TensorFlow", "ONNX", Framework="TensorFlow", ModelFile="frozen.pb"
    )


@case
def model_of_cntk(workshop: Workshop) -> Bad:
    (workshop.folder / "net.model").write_bytes(b"\x0a\x00")
    return workshop.bad_model("bad.emd needs", "CNTK", "ONNX", Framework="CNTK", ModelFile="net.model")


@case
def bare_tensorflow_graph(workshop: Workshop) -> Bad:
    (workshop.folder / "frozen.pb").write_bytes(b"\x0a\x00")
    return Bad({"MODEL": "frozen.pb"}, ("frozen.pb", "TensorFlow"))


@case
def model_that_detects_objects(workshop: Workshop) -> Bad:
    return workshop.bad_model("ObjectDetection", "pixel classification", ModelType="ObjectDetection")


@case
def network_of_other_bands(workshop: Workshop) -> Bad:
    return workshop.bad_model("good.onnx", "takes 2 bands", "names 3", ExtractBands=[0, 1, 0])


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


# --- the arguments ------------------------------------------------------------------------------------


@case
def argument_unknown(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "paddding 8"}, ("paddding is unknown", "padding, batch_size, tile_size"))


@case
def argument_without_a_value(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "padding"}, ("The model arguments padding cannot be read", '"padding 32;'))


@case
def arguments_in_broken_json(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": '{"padding": 8'}, ('{"padding": 8', "cannot be read"))


@case
def padding_of_half_the_tile(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "padding 32"}, ("padding has the value 32", "at most"))


@case
def padding_below_zero(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "padding -1"}, ("padding has the value -1", "from 0"))


@case
def padding_other_than_the_fixed_one(workshop: Workshop) -> Bad:
    model = workshop.write_model(ModelPadding=8)
    return Bad(
        {"MODEL": model, "MODEL_ARGUMENTS": "padding 4"},
        ("padding has the value 4", "8, which the model fixes"),
    )


@case
def threshold_above_one(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "threshold 1.5"}, ("threshold has the value 1.5", "from 0 to 1"))


@case
def yes_or_no_argument_that_is_neither(_: Workshop) -> Bad:
    return Bad({"MODEL_ARGUMENTS": "predict_background maybe"}, ("predict_background has the value maybe",))


@case
def processor_unknown(_: Workshop) -> Bad:
    return Bad({"PROCESSOR_TYPE": "TPU"}, ("The processor type TPU is unknown", "AUTO, CPU or GPU"))


@case
def processor_absent(_: Workshop) -> Bad:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    if {"CUDAExecutionProvider", "ROCMExecutionProvider", "CoreMLExecutionProvider"} & {
        *runtime.get_available_providers()
    }:
        pytest.skip("this ONNX Runtime can use a GPU")
    return Bad({"PROCESSOR_TYPE": "GPU"}, ("No usable GPU", "CPUExecutionProvider"))


@case
def parallel_factor_in_words(_: Workshop) -> Bad:
    return Bad(
        {"PARALLEL_PROCESSING_FACTOR": "many"}, ("The parallel processing factor many cannot be used",)
    )


@case
def parallel_factor_below_zero(_: Workshop) -> Bad:
    return Bad(
        {"PARALLEL_PROCESSING_FACTOR": "-50%"}, ("The parallel processing factor -50% cannot be used",)
    )


# --- the output ---------------------------------------------------------------------------------------


@case
def output_folder_missing(_: Workshop) -> Bad:
    return Bad(
        {"OUTPUT": "nowhere/out.tif"}, ("The output folder nowhere cannot be used", "there is no such folder")
    )


@case
def output_folder_read_only(_: Workshop) -> Bad:
    return Bad({"OUTPUT": "/proc/out.tif"}, ("/proc", "cannot be"))


@case
def output_is_the_input(_: Workshop) -> Bad:
    return Bad({"OUTPUT": "good.tif"}, ("The output good.tif is also an input",))


@case
def output_is_the_input_through_a_link(workshop: Workshop) -> Bad:
    (workshop.folder / "link.tif").symlink_to("good.tif")
    return Bad({"OUTPUT": "link.tif"}, ("The output link.tif is also an input",))


@case
def output_is_a_file_of_the_inputs_mosaic(workshop: Workshop) -> Bad:
    gdal.BuildVRT(str(workshop.folder / "mosaic.vrt"), [str(workshop.folder / "good.tif")]).FlushCache()
    return Bad({"INPUT": "mosaic.vrt", "OUTPUT": "good.tif"}, ("The output good.tif is also an input",))


@case
def output_is_no_geotiff(_: Workshop) -> Bad:
    return Bad({"OUTPUT": "out.png"}, ("out.png", ".tif"))


@case
def output_is_a_folder(workshop: Workshop) -> Bad:
    (workshop.folder / "folder.tif").mkdir()
    return Bad({"OUTPUT": "folder.tif"}, ("folder.tif",))


# --- the tests ----------------------------------------------------------------------------------------


def _assert_refused(workshop: Workshop, bad: Bad) -> None:
    before = snapshot(workshop.folder)
    finished = classify_plainly(workshop.folder, **{**workshop.good, **bad.parameters})
    assert finished.code == 1, finished.stdout + finished.stderr
    for words_of_message in bad.words:
        assert words_of_message in finished.stderr
    assert "Traceback" not in finished.stdout + finished.stderr
    assert snapshot(workshop.folder) == before


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_bad_input_is_refused_with_a_sentence(make: Case, workshop: Workshop) -> None:
    _assert_refused(workshop, make(workshop))


def test_the_good_input_of_these_tests_is_accepted(workshop: Workshop) -> None:
    finished = classify_plainly(workshop.folder, **workshop.good)
    assert finished.code == 0, finished.stderr


def test_full_disk_is_told_and_leaves_the_older_result(workshop: Workshop) -> None:
    # Noise in 16 classes fills the file that may grow to 2 MiB only, as on a disk with so much left.
    pixels = np.random.default_rng(3).integers(0, 16, (1, 2600, 2600), np.uint8)
    write_raster(workshop.folder / "noise.tif", pixels)
    weights = {"values": np.arange(16, dtype=np.float32).reshape(1, 16, 1, 1)}
    nodes = [
        onnx.helper.make_node("Sub", ["image", "values"], ["difference"]),
        onnx.helper.make_node("Abs", ["difference"], ["distance"]),
        onnx.helper.make_node("Neg", ["distance"], ["scores"]),
    ]
    network = save_network(
        workshop.folder / "noise.onnx", nodes, weights, ("n", 1, "h", "w"), ("n", 16, "h", "w")
    )
    definition = class_definition(network, bands=1, values=range(16), tile=512)
    write_definition(workshop.folder / "noise.emd", definition)
    before = snapshot(workshop.folder)
    finished = subprocess.run(
        ["bash", "-c", 'trap "" XFSZ; ulimit -f 2048; exec "$0" "$@"', str(SCRIPT), "run", ALGORITHM, "--"]
        + words({"INPUT": "noise.tif", "MODEL": "noise.emd", "OUTPUT": "out.tif"}),
        cwd=workshop.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert finished.returncode == 1, finished.stderr
    assert "The output out.tif cannot be written" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert snapshot(workshop.folder) == before
