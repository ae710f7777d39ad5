# SPDX-License-Identifier: GPL-2.0-or-later
"""The unfinished map of a run: finished strips on one coarse grid, as GDAL itself decimates the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import NetworkMemoryError, RunCancelledError
from classify_pixels.inference.events import Event, ItemStarted, StripsResumed
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.raster import Extent, GdalInput
from classify_pixels.inference.raster.collection import read_collection
from classify_pixels.inference.run import partial_map as module
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.items import classify_items
from classify_pixels.inference.run.partial_map import MapBegun, MapGrown, PartialMap
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import strip_store
from classify_pixels.inference.tiling import strips
from tests.networks import class_definition, pooling_network
from tests.unit.rasters import TRANSFORM, random_pixels, wkt, write_raster
from tests.unit.runs import Recorder

VALUES = [4, 5, 6]
HEIGHT, WIDTH = 300, 340
MOST = 70
ROTATED = (500_000.0, 8.0, 6.0, 5_200_000.0, 6.0, -8.0)
DEGREES = (10.0, 0.0002, 0.0, 48.0, 0.0, -0.0002)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small strips in several lanes, and a coarse grid of fewer cells than the scene."""
    monkeypatch.setattr(strips, "HEIGHT", 64)
    monkeypatch.setattr(strips, "LANE", 128)
    monkeypatch.setattr(strips, "BLENDED_SIDE", 128)
    monkeypatch.setattr(module, "MOST_CELLS", MOST)


class Watcher(Recorder):
    """Puts the map together as the panel does, and cancels the run once so many strips are reported."""

    shows_map = True

    def __init__(self, most: int | None = None) -> None:
        super().__init__()
        self.map = PartialMap()
        self._most = most

    def emit(self, event: Event) -> None:
        super().emit(event)
        if isinstance(event, (MapBegun, MapGrown)):
            self.map.take(event)
        self.cancelled = self._most is not None and len(self.all_of(MapGrown)) >= self._most

    @property
    def pixels(self) -> np.ndarray:
        picture = self.map.picture()
        assert picture is not None
        return picture.colors()


def request_of(folder: Path, values: list[int] = VALUES, transform: Any = TRANSFORM, epsg: int | None = 32633,
               no_data: int | None = None, tile: int = 64, **more: Any) -> ClassificationRequest:  # fmt: skip
    pixels = random_pixels(2, HEIGHT, WIDTH, seed=1)
    if no_data is not None:
        # A whole strip, and holes.
        pixels[:, 60:200, 100:300] = no_data
        pixels[:, ::7, ::5] = no_data
    raster = write_raster(folder / "scene.tif", pixels, no_data=no_data, transform=transform, epsg=epsg)
    network = pooling_network(folder / "network.onnx", channels=len(values))
    model = class_definition(network, 2, values, tile, ClassifyPixels={"Stride": 4, "Halo": 12})
    (folder / "out").mkdir(exist_ok=True)
    environment = Environment(cache=folder / "cache", workers=2)
    return ClassificationRequest(
        GdalInput(str(raster)),
        ModelReference(document=model),
        folder / "out" / "classes.tif",
        environment=environment,
        **more,
    )


def expected(path: Path, classes: Any, no_data: float) -> np.ndarray:
    """Returns the colours of a result that GDAL itself has decimated."""
    source = gdal.Open(str(path))
    size = min(source.RasterXSize, MOST), min(source.RasterYSize, MOST)
    coarse = gdal.Translate("", source, format="MEM", width=size[0], height=size[1], resampleAlg="nearest")
    values = coarse.GetRasterBand(1).ReadAsArray()
    colors = np.zeros((*values.shape, 4), np.uint8)
    for each in classes:
        colors[values == each.value] = (*each.color, 255)
    assert {*np.unique(values)} <= {no_data, *(each.value for each in classes)}
    return colors


def corners(transform: Any, width: int, height: int) -> np.ndarray:
    x, dx, rx, y, ry, dy = transform
    return np.array([(x + c * dx + r * rx, y + c * ry + r * dy) for c in (0, width) for r in (0, height)])


def run_and_compare(request: ClassificationRequest) -> Watcher:
    watcher = Watcher()
    done = classify_pixels(request, watcher)
    [begun] = watcher.all_of(MapBegun)
    assert np.array_equal(watcher.pixels, expected(request.output, begun.classes, done.no_data))
    result = gdal.Open(str(request.output))
    whole = corners(result.GetGeoTransform(), result.RasterXSize, result.RasterYSize)
    np.testing.assert_allclose(corners(begun.grid.transform, begun.grid.width, begun.grid.height), whole, rtol=1e-12)
    assert bool(begun.grid.crs) == bool(result.GetProjection())
    return watcher


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"transform": ROTATED},
        {"transform": DEGREES, "epsg": 4326},
        {"no_data": 7},
        {"values": [3, 300, 70000]},
        {"values": [-5, 300, 2]},
        {"arguments": read_arguments({"test_time_augmentation": "true"})},
    ],
    ids=["plain", "rotated", "degrees", "NoData", "large values", "negative values", "blended"],
)
def test_finished_map_is_gdals_decimation_of_the_result(tmp_path: Path, given: dict[str, Any]) -> None:
    watcher = run_and_compare(request_of(tmp_path, **given))
    # Several strips, each of which fills other cells.
    seen = np.zeros((MOST, MOST), int)
    grown = watcher.all_of(MapGrown)
    assert len(grown) > 4
    for event in grown:
        seen[event.window.within(event.window.hull(watcher.all_of(MapBegun)[0].grid.window))] += 1
    assert (seen == 1).all()


def test_part_of_a_scene_and_a_small_one_have_their_own_grid(tmp_path: Path) -> None:
    request = request_of(tmp_path)
    x0, dx, _, y0, _, dy = TRANSFORM
    bounds = x0 + 33 * dx, y0 + 271 * dy, x0 + 290 * dx, y0 + 5 * dy
    run_and_compare(replace(request, environment=replace(request.environment, extent=Extent(bounds))))
    bounds = x0 + 33 * dx, y0 + 271 * dy, x0 + 37 * dx, y0 + 5 * dy
    watcher = run_and_compare(replace(request, environment=replace(request.environment, extent=Extent(bounds))))
    grid = watcher.all_of(MapBegun)[0].grid
    assert (grid.width, grid.height) == (4, MOST)


@pytest.mark.parametrize("epsg", [3857, 4326])
def test_map_lies_on_the_grid_of_the_result_in_another_crs(tmp_path: Path, epsg: int) -> None:
    request = request_of(tmp_path)
    run_and_compare(replace(request, environment=replace(request.environment, crs=f"EPSG:{epsg}")))


def test_only_finished_strips_are_in_the_map(tmp_path: Path) -> None:
    request = request_of(tmp_path)
    watcher = Watcher(most=3)
    with pytest.raises(RunCancelledError):
        classify_pixels(request, watcher)
    opaque = watcher.pixels[..., 3] == 255
    finished = np.zeros_like(opaque)
    for event in watcher.all_of(MapGrown):
        finished[event.window.within(watcher.all_of(MapBegun)[0].grid.window)] = True
    assert np.array_equal(opaque, finished)
    assert 0 < opaque.mean() < 0.6


@pytest.mark.parametrize("kind", ["classes", "scores alone", "classes and scores", "largest score alone", "blended"])
def test_strips_of_an_earlier_run_are_read_once(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_of(tmp_path)
    if kind in ("scores alone", "largest score alone"):
        largest = kind.startswith("largest")
        request = replace(
            request, arguments=read_arguments({"return_probability_raster": "true"}), largest_only=largest
        )
    if kind == "classes and scores":
        request = replace(request, probability_output=tmp_path / "out" / "scores.tif")
    if kind == "blended":
        request = replace(request, arguments=read_arguments({"test_time_augmentation": "true"}))
    first = Watcher(most=3)
    with pytest.raises(RunCancelledError):
        classify_pixels(request, first)
    before = first.pixels
    reads: list[str] = []
    read = strip_store.read_strip_file

    def counted(name: str) -> Any:
        reads.append(name)
        return read(name)

    monkeypatch.setattr(strip_store, "read_strip_file", counted)
    second = Watcher()
    classify_pixels(request, second)
    [resumed] = second.all_of(StripsResumed)
    assert resumed.count == 3
    assert len(reads) == len(set(reads)) == (0 if kind == "largest score alone" else 3)
    whole = Watcher()
    classify_pixels(replace(request, output=tmp_path / "out" / "again.tif", probability_output=None), whole)
    if kind == "largest score alone":
        # The classes of finished strips are not known from it; the others are shown.
        assert np.array_equal(second.pixels[before[..., 3] == 0], whole.pixels[before[..., 3] == 0])
        assert not second.pixels[before[..., 3] == 255].any()
    else:
        assert np.array_equal(second.pixels, whole.pixels)
        grown = second.all_of(MapGrown)[:3]
        shown = PartialMap()
        for event in (second.all_of(MapBegun)[0], *grown):
            shown.take(event)
        assert np.array_equal(shown.picture().colors(), before)


def test_strips_are_not_read_for_a_listener_without_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_of(tmp_path)
    with pytest.raises(RunCancelledError):
        classify_pixels(request, Watcher(most=3))

    def never(name: str) -> Any:
        raise AssertionError(name)

    monkeypatch.setattr(strip_store, "read_strip_file", never)
    silent = Recorder()
    classify_pixels(request, silent)
    assert silent.all_of(StripsResumed)
    assert not silent.all_of(MapBegun) + silent.all_of(MapGrown)


def test_map_changes_no_byte_of_the_result(tmp_path: Path) -> None:
    request = replace(request_of(tmp_path, no_data=7), probability_output=tmp_path / "out" / "scores.tif")
    classify_pixels(request, Recorder())
    plain = {path.name: path.read_bytes() for path in request.output.parent.iterdir()}
    classify_pixels(request, Watcher())
    assert {path.name: path.read_bytes() for path in request.output.parent.iterdir()} == plain


class Full(Watcher):
    """A listener whose memory runs out once, after so many strips."""

    def emit(self, event: Event) -> None:
        super().emit(event)
        if isinstance(event, MapGrown) and len(self.all_of(MapBegun)) == 1 and len(self.all_of(MapGrown)) == 3:
            raise NetworkMemoryError(size="64", reason="none left")


def test_map_begins_again_with_smaller_tiles(tmp_path: Path) -> None:
    """Strips of tiles for which the memory ran out are discarded, and so is their map."""
    request, watcher = request_of(tmp_path, tile=128), Full()
    done = classify_pixels(request, watcher)
    begun = watcher.all_of(MapBegun)
    assert len(begun) == 2
    fresh = PartialMap()
    for event in watcher.events[watcher.events.index(begun[1]) :]:
        if isinstance(event, (MapBegun, MapGrown)):
            fresh.take(event)
    whole = expected(request.output, begun[1].classes, done.no_data)
    assert np.array_equal(fresh.picture().colors(), whole)
    assert np.array_equal(watcher.pixels, whole)


def test_each_item_has_a_map_of_its_own(tmp_path: Path) -> None:
    request = request_of(tmp_path)
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    for number, (height, width) in enumerate([(150, 90), (40, 130)]):
        transform = (TRANSFORM[0] + 5000 * number, *TRANSFORM[1:])
        write_raster(scenes / f"{number}.tif", random_pixels(2, height, width, seed=number), transform=transform)
    collection = read_collection(str(scenes), separately=True)
    watcher = Watcher()
    results = classify_items(collection, replace(request, output=tmp_path / "maps"), watcher)
    kinds = [event for event in watcher.events if isinstance(event, (ItemStarted, MapBegun))]
    assert [type(event) for event in kinds] == [ItemStarted, MapBegun, ItemStarted, MapBegun]
    assert [event.grid.origin[0] for event in watcher.all_of(MapBegun)] == [TRANSFORM[0], TRANSFORM[0] + 5000]
    for result, begun in zip(results, watcher.all_of(MapBegun)):
        start = watcher.events.index(begun)
        alone = PartialMap()
        for event in watcher.events[start:]:
            if isinstance(event, ItemStarted):
                break
            if isinstance(event, (MapBegun, MapGrown)):
                alone.take(event)
        no_data = result.classification.no_data
        assert np.array_equal(alone.picture().colors(), expected(result.output, begun.classes, no_data))


def test_raster_that_control_points_alone_place_has_no_map(tmp_path: Path) -> None:
    request = request_of(tmp_path, transform=None, epsg=None)
    dataset = gdal.Open(request.raster.uri, gdal.GA_Update)
    points = [
        gdal.GCP(500_000 + 10 * c, 5_200_000 - 10 * r + 0.1 * c * r / 100, 0, c, r)
        for c in (0, WIDTH)
        for r in (0, HEIGHT)
    ]
    dataset.SetGCPs(points, wkt(32633))
    del dataset
    watcher = Watcher()
    classify_pixels(request, watcher)
    assert not watcher.all_of(MapBegun) + watcher.all_of(MapGrown)


def test_raster_without_a_place_has_a_map_in_pixels(tmp_path: Path) -> None:
    watcher = Watcher()
    classify_pixels(request_of(tmp_path, transform=None, epsg=None), watcher)
    [begun] = watcher.all_of(MapBegun)
    assert begun.grid.bounds == (0, -HEIGHT, WIDTH, 0)
