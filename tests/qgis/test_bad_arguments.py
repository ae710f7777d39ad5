# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong arguments and outputs: a sentence, a failed run, and nothing else changes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from osgeo import gdal

from ..networks import class_definition, save_network
from .bad_input import Bad, Case, Cases, Workshop, assert_command_refused, assert_refused
from .command import ALGORITHM, LIMIT, SCRIPT, environment, needs_qgis_process, words
from .scenes import snapshot, write_definition, write_raster

case = Cases()


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
        ("padding has the value 4", "8 (fixed by the model)"),
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
    return Bad({"PROCESSOR_TYPE": "GPU"}, ("no usable GPU", "CPUExecutionProvider"))


@case
def parallel_factor_in_words(_: Workshop) -> Bad:
    return Bad({"PARALLEL_PROCESSING_FACTOR": "many"}, ("The parallel processing factor many cannot be used",))


@case
def parallel_factor_below_zero(_: Workshop) -> Bad:
    return Bad({"PARALLEL_PROCESSING_FACTOR": "-50%"}, ("The parallel processing factor -50% cannot be used",))


# --- the output ---------------------------------------------------------------------------------------


@case
def output_folder_missing(_: Workshop) -> Bad:
    return Bad({"OUTPUT": "nowhere/out.tif"}, ("The output folder nowhere cannot be used", "the folder does not exist"))


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


@pytest.mark.parametrize("make", case, ids=lambda make: make.__name__)
def test_bad_input_is_refused_with_a_sentence(make: Case, workshop: Workshop, run: Callable[..., Any]) -> None:
    assert_refused(workshop, make(workshop), run)


@needs_qgis_process
@pytest.mark.parametrize("make", [argument_unknown, output_folder_missing], ids=lambda make: make.__name__)
def test_the_command_line_ends_with_the_sentence_and_exit_code_1(make: Case, workshop: Workshop) -> None:
    assert_command_refused(workshop, make(workshop))


@needs_qgis_process
def test_full_disk_is_told_and_leaves_the_older_result(workshop: Workshop) -> None:
    # Noise in 16 classes exceeds the file size limit of 2 MiB, as on a full disk.
    pixels = np.random.default_rng(3).integers(0, 16, (1, 2600, 2600), np.uint8)
    write_raster(workshop.folder / "noise.tif", pixels)
    weights = {"values": np.arange(16, dtype=np.float32).reshape(1, 16, 1, 1)}
    nodes = [
        onnx.helper.make_node("Sub", ["image", "values"], ["difference"]),
        onnx.helper.make_node("Abs", ["difference"], ["distance"]),
        onnx.helper.make_node("Neg", ["distance"], ["scores"]),
    ]
    network = save_network(workshop.folder / "noise.onnx", nodes, weights, ("n", 1, "h", "w"), ("n", 16, "h", "w"))
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
    assert "Progress is saved" in finished.stdout + finished.stderr
    after = snapshot(workshop.folder)
    assert {name: content for name, content in after.items() if not name.startswith(".out.tif.strips/")} == before
