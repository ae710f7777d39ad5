# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks: what lies outside is NoData and is neither read nor computed, what lies inside is as without a mask."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from classify_pixels.inference.errors import GridError, MaskError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput, GdalSource, MaskedSource, PolygonMask
from classify_pixels.inference.raster.scene.mask import open_cover
from classify_pixels.inference.window import Window
from tests.networks import class_definition, pointwise_network, pooling_network
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, wkt, write_raster
from tests.unit.runs import Recorder, classify

UTM, DEGREES = wkt(32633), wkt(4326)
X, Y = TRANSFORM[0], TRANSFORM[3]
HEIGHT, WIDTH, TILE, NO_DATA = 120, 160, 32, 255
GRID = Grid(WIDTH, HEIGHT, TRANSFORM, UTM)


def rectangle(left: int, top: int, right: int, bottom: int) -> str:
    """A polygon around whole cells, without its brackets."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return "(" + ",".join(f"{X + 10 * c} {Y - 10 * r}" for c, r in corners) + ")"


def wkb(text: str, crs: str = "") -> bytes:
    """The polygon as WKB, moved from the scene's CRS to another one."""
    shape = ogr.CreateGeometryFromWkt(text)
    if crs:
        source, target = osr.SpatialReference(UTM), osr.SpatialReference(crs)
        target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        shape.Transform(osr.CoordinateTransformation(source, target))
    return bytes(shape.ExportToWkb())


def cells(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    inside = np.zeros((HEIGHT, WIDTH), bool)
    for left, top, right, bottom in boxes:
        inside[top:bottom, left:right] = True
    return inside


BOX = (40, 20, 90, 70)
HOLE = (50, 30, 70, 60)
OTHER = (100, 90, 130, 110)
INSIDE = cells(BOX) & ~cells(HOLE) | cells(OTHER)
WITH_HOLE = f"POLYGON({rectangle(*BOX)},{rectangle(*HOLE)})"
PLAIN = f"POLYGON({rectangle(*OTHER)})"
MULTI = f"MULTIPOLYGON(({rectangle(*BOX)},{rectangle(*HOLE)}),({rectangle(*OTHER)}))"

MASKS = {
    "two polygons": PolygonMask((wkb(WITH_HOLE), wkb(PLAIN)), UTM),
    "without a crs": PolygonMask((wkb(WITH_HOLE), wkb(PLAIN))),
    "a multipolygon": PolygonMask((wkb(MULTI),), UTM),
    "in degrees": PolygonMask((wkb(MULTI, DEGREES),), DEGREES),
    "twice": PolygonMask((wkb(MULTI), wkb(PLAIN)), UTM),
}


class CountingSource(GdalSource):
    """A raster that keeps the windows that were read."""

    def __init__(self, raster: GdalInput) -> None:
        super().__init__(raster)
        self.windows: list[Window] = []
        self._lock = threading.Lock()

    def read_bands(self, window: Window) -> Any:
        with self._lock:
            self.windows.append(window)
        return super().read_bands(window)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", random_pixels(2, HEIGHT, WIDTH))


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    network = pointwise_network(tmp_path / "network.onnx", 2, 4)
    return class_definition(network, 2, range(4), TILE, Padding=0, ClassifyPixels={"Stride": 1})


def assert_masked(found: np.ndarray, whole: np.ndarray, inside: np.ndarray) -> None:
    np.testing.assert_array_equal(found == NO_DATA, ~inside)
    np.testing.assert_array_equal(found[inside], whole[inside])


@pytest.mark.parametrize("name", MASKS)
def test_polygons_hide_all_but_themselves(name: str, scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    classify(scene, model, tmp_path / "whole.tif")
    classify(scene, model, tmp_path / "out.tif", mask=MASKS[name])
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), INSIDE)


def test_a_halo_sees_what_the_mask_hides(scene: Path, tmp_path: Path) -> None:
    """Inside, even at the mask's edge, the map is that of the whole scene."""
    network = pooling_network(tmp_path / "pooling.onnx", 2, 4)
    model = class_definition(network, 2, range(4), 64, Padding=16, ClassifyPixels={"Stride": 4})
    classify(scene, model, tmp_path / "whole.tif")
    classify(scene, model, tmp_path / "out.tif", mask=MASKS["two polygons"])
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), INSIDE)


def test_tiles_that_are_all_hidden_are_not_read(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    source = CountingSource(GdalInput(str(scene)))
    result = classify(source, model, tmp_path / "out.tif", mask=MASKS["two polygons"])
    read = source.windows
    assert 0 < len(read) < result.tiles
    for window in read:
        assert INSIDE[window.y : window.bottom, window.x : window.right].any()
    everything = CountingSource(GdalInput(str(scene)))
    classify(everything, model, tmp_path / "all.tif")
    hidden = [w for w in everything.windows if not INSIDE[w.y : w.bottom, w.x : w.right].any()]
    assert len(read) == len(everything.windows) - len(hidden)


def test_hidden_pixels_do_not_count_in_the_classes(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    result = classify(scene, model, tmp_path / "out.tif", mask=MASKS["two polygons"])
    assert sum(count.pixels for count in result.classes) == INSIDE.sum()


def test_a_mask_beside_the_raster_hides_everything(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    far = PolygonMask((wkb(f"POLYGON({rectangle(5000, 5000, 5010, 5010)})"),), UTM)
    result = classify(scene, model, tmp_path / "out.tif", mask=far)
    assert (read_raster(tmp_path / "out.tif") == NO_DATA).all()
    assert sum(count.pixels for count in result.classes) == 0


def test_a_mask_on_a_new_grid(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    for name, mask in (("whole", None), ("out", MASKS["in degrees"])):
        classify(scene, model, tmp_path / f"{name}.tif", mask=mask, cell_size=(5.0, 5.0), resampling="nearest")
    twice = INSIDE.repeat(2, axis=0).repeat(2, axis=1)
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), twice)


def test_a_cell_belongs_to_the_polygon_that_its_centre_lies_in() -> None:
    shape = f"POLYGON(({X + 4} {Y - 4},{X + 36} {Y - 4},{X + 36} {Y - 26},{X + 4} {Y - 26},{X + 4} {Y - 4}))"
    with closing(open_cover(PolygonMask((wkb(shape),)), GRID)) as cover:
        visible = cover.read(Window(0, 0, 6, 5))
    expected = np.zeros((5, 6), bool)
    expected[:3, :4] = True
    np.testing.assert_array_equal(visible, expected)


@pytest.mark.parametrize("transform", [(X, 6.0, 8.0, Y, 8.0, -6.0), (X, 10.0, 0.0, Y - 1200, 0.0, 10.0)])
def test_polygons_on_grids_that_are_not_north_up(transform: Any) -> None:
    grid = Grid(WIDTH, HEIGHT, transform, UTM)
    left, top, right, bottom = X + 203.4, Y - 203.4, X + 607.4, Y - 707.4
    shape = f"POLYGON(({left} {top},{right} {top},{right} {bottom},{left} {bottom},{left} {top}))"
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    x0, dx, rx, y0, ry, dy = transform
    x, y = x0 + columns * dx + rows * rx, y0 + columns * ry + rows * dy
    with closing(open_cover(PolygonMask((wkb(shape),), UTM), grid)) as cover:
        visible = cover.read(grid.window)
    assert visible.any()
    np.testing.assert_array_equal(visible, (x > left) & (x < right) & (y < top) & (y > bottom))


def test_windows_beyond_the_grid_are_told_too() -> None:
    with closing(open_cover(MASKS["two polygons"], GRID)) as cover:
        visible = cover.read(Window(-10, -10, WIDTH + 30, HEIGHT + 30))
    np.testing.assert_array_equal(visible[10 : HEIGHT + 10, 10 : WIDTH + 10], INSIDE)
    assert visible.sum() == INSIDE.sum()


@pytest.mark.parametrize("wkbs", [(b"",), (b"\x01\x03",)])
def test_a_damaged_polygon_is_a_sentence(wkbs: tuple[bytes, ...], gdal_mode: bool) -> None:
    with pytest.raises(MaskError, match="a polygon is damaged"):
        open_cover(PolygonMask(wkbs, UTM), GRID)


def test_a_crs_without_a_way_is_a_sentence(gdal_mode: bool) -> None:
    with pytest.raises(MaskError, match="cannot be transformed"):
        open_cover(PolygonMask(MASKS["two polygons"].polygons, "this is no WKT"), GRID)


def test_polygons_cannot_lie_on_control_points(model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "gcps.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    points = [gdal.GCP(X + 10 * c, Y - 10 * r, 0, c, r) for c, r in ((0, 0), (30, 0), (0, 20), (30, 20))]
    dataset.SetGCPs(points, UTM)
    dataset = None
    with pytest.raises(MaskError, match="only control points; set an output CRS"):
        classify(raster, model, tmp_path / "out.tif", mask=MASKS["two polygons"])
    box = PolygonMask((wkb(f"POLYGON({rectangle(0, 0, 15, 20)})"),), UTM)
    classify(raster, model, tmp_path / "out.tif", mask=box, crs=UTM)
    visible = read_raster(tmp_path / "out.tif") != NO_DATA
    assert 0.4 < visible.mean() < 0.6


# --- rasters ---------------------------------------------------------------------------------------------


def mask_raster(path: Path, values: np.ndarray, **more: Any) -> GdalInput:
    return GdalInput(str(write_raster(path, values[None], **more)))


@pytest.mark.parametrize("no_data", [-5, 0])
def test_a_raster_hides_where_it_is_no_data_whatever_else_its_value(
    no_data: int, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    """As in ArcGIS a cell of 0 is inside, unless 0 is NoData; the log says so."""
    values = np.random.default_rng(3).integers(-1, 2, (HEIGHT, WIDTH)).astype(np.int16)
    values[~INSIDE] = no_data
    mask = mask_raster(tmp_path / "mask.tif", values, no_data=no_data)
    progress = Recorder()
    classify(scene, model, tmp_path / "whole.tif")
    classify(scene, model, tmp_path / "out.tif", mask=mask, progress=progress)
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), values != no_data)
    assert progress.said(Note.MASK_RULE) == [{"mask": mask.name}]


def test_no_data_of_the_user_hides_beside_that_of_the_mask(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    values = np.where(INSIDE, 1, 0).astype(np.uint8)
    values[25:28, 45:49] = 255
    path = write_raster(tmp_path / "mask.tif", values[None], no_data=255)
    classify(scene, model, tmp_path / "out.tif", mask=GdalInput(str(path), {1: ((0.0, 0.0),)}))
    np.testing.assert_array_equal(read_raster(tmp_path / "out.tif") != NO_DATA, values == 1)


def test_not_a_number_hides(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    mask = mask_raster(tmp_path / "mask.tif", np.where(INSIDE, 0.25, np.nan).astype(np.float32))
    classify(scene, model, tmp_path / "out.tif", mask=mask)
    np.testing.assert_array_equal(read_raster(tmp_path / "out.tif") != NO_DATA, INSIDE)


def test_a_raster_on_a_coarser_grid_that_covers_a_part(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    blocks = np.random.default_rng(3).integers(0, 2, (10, 12)).astype(np.uint8)
    transform = (X + 100, 40.0, 0.0, Y - 80, 0.0, -40.0)
    mask = mask_raster(tmp_path / "mask.tif", blocks, transform=transform, no_data=0)
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[8:48, 10:58] = blocks.repeat(4, axis=0).repeat(4, axis=1)
    classify(scene, model, tmp_path / "whole.tif")
    classify(scene, model, tmp_path / "out.tif", mask=mask)
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), inside)


def test_a_raster_in_another_crs(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    source = mask_raster(tmp_path / "utm.tif", INSIDE.astype(np.uint8), no_data=0)
    degrees = str(tmp_path / "degrees.tif")
    gdal.Warp(degrees, source.uri, dstSRS=DEGREES, xRes=1e-5, yRes=1e-5, resampleAlg="nearest")
    classify(scene, model, tmp_path / "out.tif", mask=GdalInput(degrees))
    visible = read_raster(tmp_path / "out.tif") != NO_DATA
    assert (visible != INSIDE).mean() < 0.01


ODD_TRANSFORMS = {
    "rotated": (X, 7.0, 7.0, Y, 7.0, -7.0),
    "sheared": (X, 10.0, 3.0, Y, 0.0, -10.0),
    "transposed": (X, 0.0, 10.0, Y, 10.0, 0.0),
    "south up": (X, 10.0, 0.0, Y, 0.0, 10.0),
    "west first": (X, -10.0, 0.0, Y, 0.0, -10.0),
}


@pytest.mark.parametrize("crs", [UTM, DEGREES], ids=["its crs", "degrees"])
@pytest.mark.parametrize("name", ODD_TRANSFORMS)
def test_a_raster_masks_a_grid_that_is_not_north_up(name: str, crs: str, model: dict[str, Any], tmp_path: Path) -> None:
    transform = ODD_TRANSFORMS[name]
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, HEIGHT, WIDTH), transform=transform)
    mask = mask_raster(tmp_path / "mask.tif", INSIDE.astype(np.uint8), transform=transform, no_data=0)
    expected = INSIDE
    if crs != UTM:
        mask = GdalInput(str(tmp_path / "degrees.tif"))
        gdal.Warp(mask.uri, str(tmp_path / "mask.tif"), dstSRS=crs, xRes=3e-5, yRes=2e-5, resampleAlg="nearest")
        there = gdal.GetDriverByName("MEM").CreateCopy("", gdal.Open(str(scene)))
        there.GetRasterBand(1).Fill(0)
        gdal.Warp(there, mask.uri, resampleAlg="nearest", errorThreshold=0)
        expected = there.GetRasterBand(1).ReadAsArray() != 0
    classify(scene, model, tmp_path / "whole.tif")
    classify(scene, model, tmp_path / "out.tif", mask=mask)
    assert_masked(read_raster(tmp_path / "out.tif"), read_raster(tmp_path / "whole.tif"), expected)


def test_a_mask_of_control_points_needs_a_grid_that_is_north_up(model: dict[str, Any], tmp_path: Path) -> None:
    path = write_raster(tmp_path / "mask.tif", INSIDE[None].astype(np.uint8), transform=None, epsg=None, no_data=0)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    corners = [(0, 0), (WIDTH, 0), (0, HEIGHT), (WIDTH, HEIGHT)]
    dataset.SetGCPs([gdal.GCP(X + 10 * c, Y - 10 * r, 0, c, r) for c, r in corners], UTM)
    dataset = None
    for name, transform in {"plain": TRANSFORM, **ODD_TRANSFORMS}.items():
        scene = write_raster(tmp_path / "scene.tif", random_pixels(2, HEIGHT, WIDTH), transform=transform)
        if name == "plain":
            classify(scene, model, tmp_path / "out.tif", mask=GdalInput(str(path)))
            np.testing.assert_array_equal(read_raster(tmp_path / "out.tif") != NO_DATA, INSIDE)
        else:
            with pytest.raises(GridError, match="not north up"):
                classify(scene, model, tmp_path / "out.tif", mask=GdalInput(str(path)))


def test_a_raster_mask_with_an_alpha_band(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    values = np.stack([np.ones((HEIGHT, WIDTH), np.uint8), np.where(INSIDE, 255, 0).astype(np.uint8)])
    path = write_raster(tmp_path / "mask.tif", values, alpha=2)
    classify(scene, model, tmp_path / "out.tif", mask=GdalInput(str(path)))
    np.testing.assert_array_equal(read_raster(tmp_path / "out.tif") != NO_DATA, INSIDE)


def test_a_raster_cannot_mask_what_has_no_place(model: dict[str, Any], tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    mask = mask_raster(tmp_path / "mask.tif", np.ones((20, 30), np.uint8))
    with pytest.raises(MaskError, match="not georeferenced"):
        classify(scene, model, tmp_path / "out.tif", mask=mask)


def test_a_mask_keeps_the_rasters_own_holes(model: dict[str, Any], tmp_path: Path) -> None:
    pixels = random_pixels(2, HEIGHT, WIDTH)
    pixels[:, 25:28, 45:49] = -99
    scene = write_raster(tmp_path / "scene.tif", pixels, no_data=-99)
    source = MaskedSource(GdalSource(GdalInput(str(scene))), MASKS["two polygons"])
    with closing(source):
        found, valid = source.read(GRID.window)
    hole = np.zeros_like(INSIDE)
    hole[25:28, 45:49] = True
    np.testing.assert_array_equal(valid, INSIDE & ~hole)
    np.testing.assert_array_equal(found, np.where(hole, 0, pixels))


def test_polygons_with_a_crs_cannot_lie_on_what_has_no_place(model: dict[str, Any], tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    with pytest.raises(MaskError, match="the polygons have a CRS, but the input raster is not georeferenced"):
        classify(scene, model, tmp_path / "out.tif", mask=MASKS["two polygons"])
    assert not (tmp_path / "out.tif").exists()


def test_polygons_lie_on_what_polynomials_place_once_a_crs_is_asked_for(model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "rpc.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    one = "1 " + "0 " * 19
    terms = {"LINE_NUM_COEFF": "0 0 1 " + "0 " * 17, "LINE_DEN_COEFF": one, "SAMP_DEN_COEFF": one}
    numbers = {"LINE_OFF": 10, "SAMP_OFF": 15, "LAT_OFF": 47, "LONG_OFF": 15, "HEIGHT_OFF": 0, "LINE_SCALE": -10}
    scales = {"SAMP_SCALE": 15, "LAT_SCALE": 0.01, "LONG_SCALE": 0.015, "HEIGHT_SCALE": 500}
    rpc = {**terms, **numbers, **scales, "SAMP_NUM_COEFF": "0 1 " + "0 " * 18}
    dataset.SetMetadata({name: str(value) for name, value in rpc.items()}, "RPC")
    dataset = None
    ring = ((15, 46.99), (15, 47.01), (15.02, 47.01), (15.02, 46.99), (15, 46.99))
    text = "POLYGON((" + ",".join(f"{x} {y}" for x, y in ring) + "))"
    east = PolygonMask((bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb()),), wkt(4326))
    with pytest.raises(MaskError, match="the polygons have a CRS, but the input raster is not georeferenced"):
        classify(raster, model, tmp_path / "out.tif", mask=east)
    whole = classify(raster, model, tmp_path / "whole.tif", crs=wkt(4326))
    masked = classify(raster, model, tmp_path / "out.tif", mask=east, crs=wkt(4326))
    pixels = [sum(count.pixels for count in result.classes) for result in (masked, whole)]
    assert pixels[0] == pytest.approx(pixels[1] / 2, rel=0.1)
