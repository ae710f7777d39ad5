# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps of networks for several dates from several rasters equal ONNX Runtime's on numpy's stack of GDAL's reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.bands import read_band_mapping
from classify_pixels.inference.errors import RunCancelledError, StackUnusedError
from classify_pixels.inference.events import StripsResumed
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import read_stack
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import class_definition
from tests.onnx_classifiers import FLOAT, alone, images_in_time, lstm, save
from tests.runs import read
from tests.unit.rasters import write_raster
from tests.unit.runs import Recorder

DATES, BANDS, HEIGHT, WIDTH = 3, 2, 1200, 200
NO_DATA = 7


class Stack:
    """A folder with a raster for each date, each with holes of its own."""

    def __init__(self, path: Path) -> None:
        self.path, self.output = path, path / "map.tif"
        (path / "dates").mkdir()
        random = np.random.default_rng(5)
        for date in range(DATES):
            pixels = random.integers(8, 256, (BANDS, HEIGHT, WIDTH)).astype(np.uint8)
            pixels[date % BANDS, 20 * date : 20 * date + 30, 100:150] = NO_DATA
            write_raster(path / "dates" / f"{date + 1}.tif", pixels, NO_DATA)
        self.files = [str(path / "dates" / f"{date + 1}.tif") for date in range(DATES)]
        self.pixels = np.concatenate([gdal.Open(file).ReadAsArray() for file in self.files])
        self.valid = (self.pixels != NO_DATA).all(axis=0)

    def run(self, model: Any, files: Any = None, **fields: Any) -> Recorder:
        raster, said = read_stack(self.files if files is None else files), Recorder()
        reference = ModelReference(path=model) if isinstance(model, Path) else ModelReference(document=model)
        environment = Environment(cache=self.path / "cache", workers=2, processor="CPU")
        classify_pixels(
            ClassificationRequest(raster, reference, self.output, read_arguments(None), environment, **fields), said
        )
        return said

    def definition(self, network: Path, **keys: Any) -> dict[str, Any]:
        return class_definition(
            network, DATES * BANDS, (0, 1, 2), 128, ClassifyPixels={"Times": DATES, "Halo": 32, "Stride": 1}, **keys
        )


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path)


@pytest.mark.parametrize("layout", ["NTCHW", "NCTHW", "NTHWC"])
@pytest.mark.parametrize("form", ["list", "turned list", "folder"])
def test_images_of_several_dates(form: str, layout: str, stack: Stack) -> None:
    network = images_in_time(stack.path / "n.onnx", layout, times=DATES, bands=BANDS)
    pixels, files = stack.pixels.reshape(DATES, BANDS, HEIGHT, WIDTH), stack.files
    if form == "turned list":
        pixels, files = pixels[::-1], files[::-1]
    # Without a value NoData is 0 for the network.
    seen = np.where(pixels == NO_DATA, 0, pixels).astype(np.float32)[np.newaxis]
    scores = alone(network, "image", seen.transpose(["NTCHW".index(axis) for axis in layout]))[0][0]
    said = stack.run(stack.definition(network), str(stack.path / "dates") if form == "folder" else files)
    best = np.sort(scores, axis=0)
    clear = stack.valid & (best[-1] - best[-2] > 1e-3)
    assert clear.mean() > 0.9
    found = read(stack.output)
    assert (found[clear] == scores.argmax(0)[clear]).all()
    assert (found[~stack.valid] == 255).all()
    order = said.said(Note.ITEM_STACKED)
    assert [(values["start"], values["end"]) for values in order] == [(1, 2), (3, 4), (5, 6)]


def test_rows_of_several_dates(stack: Stack) -> None:
    network = lstm(stack.path / "n.onnx", times=DATES, bands=BANDS)
    rows = stack.pixels.reshape(DATES * BANDS, -1).T.reshape(-1, DATES, BANDS)
    expected = alone(network, "rows", rows)[0].argmax(1).reshape(HEIGHT, WIDTH)
    stack.run(stack.definition(network))
    assert (read(stack.output)[stack.valid] == expected[stack.valid]).all()


def least(stack: Stack, times: int = DATES) -> Path:
    """A network whose class is the number of the date with the least sum of bands."""
    nodes = [
        helper.make_node("ReduceSum", ["image", "axes"], ["sums"], keepdims=0),
        helper.make_node("Neg", ["sums"], ["scores"]),
        helper.make_node("Constant", [], ["axes"], value_ints=[2]),
    ]
    nodes = [nodes[2], *nodes[:2]]
    inputs = [helper.make_tensor_value_info("image", FLOAT, ["n", times, BANDS, "h", "w"])]
    outputs = [helper.make_tensor_value_info("scores", FLOAT, ["n", times, "h", "w"])]
    return save(stack.path / "least.onnx", nodes, outputs, inputs)


@pytest.mark.parametrize("rule", ["ANY", "ALL"])
def test_the_nodata_rule_holds_for_all_bands_of_all_dates(rule: str, stack: Stack) -> None:
    seen = np.where(stack.pixels == NO_DATA, 0, stack.pixels).astype(np.int64)
    expected = seen.reshape(DATES, BANDS, HEIGHT, WIDTH).sum(1).argmin(0)
    stack.run(stack.definition(least(stack)), no_data_rule=rule)
    valid = stack.valid if rule == "ANY" else (stack.pixels != NO_DATA).any(axis=0)
    found = read(stack.output)
    assert (found[valid] == expected[valid]).all()
    assert (found == 255).sum() == (~valid).sum()


def picture(path: Path, seed: int, gap: slice) -> str:
    pixels = np.random.default_rng(seed).integers(0, 4, (3, 80, 90)).astype(np.uint8)
    pixels[:, gap, gap] = 0
    write_raster(path, pixels, 0, options=["PHOTOMETRIC=RGB"])
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number, color in enumerate((gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand), start=1):
        dataset.GetRasterBand(number).SetColorInterpretation(color)
    return str(path)


def test_a_pixel_of_pictures_needs_a_value_at_each_date(tmp_path: Path) -> None:
    """A single band of a picture may be 0; where all three are, that date is missing."""
    files = [picture(tmp_path / f"{n}.tif", n, slice(10 * n, 10 * n + 20)) for n in (0, 1)]
    inputs = [helper.make_tensor_value_info("image", FLOAT, ["n", 2, 3, "h", "w"])]
    nodes = [
        helper.make_node("Constant", [], ["axes"], value_ints=[2]),
        helper.make_node("ReduceSum", ["image", "axes"], ["scores"], keepdims=0),
    ]
    outputs = [helper.make_tensor_value_info("scores", FLOAT, ["n", 2, "h", "w"])]
    network = save(tmp_path / "n.onnx", nodes, outputs, inputs)
    document = class_definition(network, 6, (0, 1), 64, ClassifyPixels={"Times": 2, "Halo": 0, "Stride": 1})
    environment = Environment(cache=tmp_path / "cache", processor="CPU")
    request = ClassificationRequest(
        read_stack(files), ModelReference(document=document), tmp_path / "map.tif", read_arguments(None), environment
    )
    classify_pixels(request, SilentProgress())
    pixels = np.stack([gdal.Open(file).ReadAsArray() for file in files]).astype(int)
    valid = (pixels != 0).any(axis=1).all(axis=0)
    assert 0.5 < valid.mean() < 0.99
    assert ((pixels != 0).all(axis=(0, 1)) != valid).any()
    found = read(tmp_path / "map.tif")
    assert (found[valid] == pixels.sum(1).argmax(0)[valid]).all()
    assert (found[~valid] == 255).all()


def test_a_raster_of_which_nothing_is_used_is_refused_unless_bands_are_chosen(stack: Stack) -> None:
    document = {**stack.definition(least(stack, 2)), "ExtractBands": [0, 1, 2, 3]}
    document["ModelFormat"] = "NTCHW"
    document["Classes"], document["ClassifyPixels"] = document["Classes"][:2], {"Times": 2, "Halo": 0, "Stride": 1}
    with pytest.raises(StackUnusedError, match=r"3\.tif.*3 of 3"):
        stack.run(document)
    assert not stack.output.exists()
    stack.run(document, bands=read_band_mapping("3,4,5,6"))
    seen = stack.pixels.reshape(DATES, BANDS, HEIGHT, WIDTH)[1:]
    valid = (seen != NO_DATA).all(axis=(0, 1))
    assert (read(stack.output)[valid] == seen.astype(int).sum(1).argmin(0)[valid]).all()


@pytest.mark.parametrize("changed", [None, 0, 2, "order"])
def test_a_run_goes_on_only_with_the_same_rasters_in_the_same_order(changed: Any, stack: Stack) -> None:
    document = stack.definition(least(stack))
    files = [*stack.files]
    raster = read_stack(files)
    environment = Environment(cache=stack.path / "cache", processor="CPU")
    request = ClassificationRequest(
        raster, ModelReference(document=document), stack.output, read_arguments(None), environment
    )
    with pytest.raises(RunCancelledError):
        classify_pixels(request, Recorder(cancel_after=50))
    if isinstance(changed, int):
        pixels = gdal.Open(files[changed]).ReadAsArray() // 2 + 20
        write_raster(Path(files[changed]), pixels, NO_DATA)
    if changed == "order":
        files = files[::-1]
    said = stack.run(document, files)
    assert bool(said.all_of(StripsResumed)) == (changed is None), said.log
    pixels = np.stack([gdal.Open(file).ReadAsArray() for file in files])
    valid = (pixels != NO_DATA).all(axis=(0, 1))
    assert (read(stack.output)[valid] == pixels.astype(int).sum(1).argmin(0)[valid]).all()
