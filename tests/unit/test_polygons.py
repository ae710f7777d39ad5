# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons made in pieces, compared with GDAL's polygons and sieve of the whole map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from classify_pixels.inference.errors import PatchesMemoryError, PolygonsNameError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models.definition import ModelClass
from classify_pixels.inference.publishing import publish
from classify_pixels.inference.raster.polygons.making import ClassLayers, write_polygons
from classify_pixels.inference.raster.polygons.vector_file import PolygonFile, check_polygons
from classify_pixels.inference.raster.write.tally import ClassTally
from classify_pixels.inference.window import Window

NO_DATA = 255
CLASSES = tuple(ModelClass(value, f"Class {value}", (value, 10, 20)) for value in (3, 1, 7, 0, 9))
VALUES = [known.value for known in CLASSES]


def wkt(code: int = 32633) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    return reference.ExportToWkt()


def grid_of(values: np.ndarray) -> Grid:
    return Grid(values.shape[1], values.shape[0], (400000.3, 10.1, 0.0, 5200000.7, 0.0, -10.1), wkt())


@dataclass
class Array:
    """A layer in memory."""

    values: np.ndarray

    def read(self, window: Window) -> np.ndarray:
        bands = self.values.reshape(-1, *self.values.shape[-2:])
        return bands[:, window.y : window.bottom, window.x : window.right]


def made(
    folder: Path, values: np.ndarray, rows: int, least: int = 0, scores: np.ndarray | None = None,
    name: str = "polygons.gpkg", grid: Grid | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Returns the fields and the geometry of the polygons of a class map, made in pieces of so many rows."""
    grid = grid or grid_of(values)
    layers = ClassLayers(Array(values), CLASSES, grid, None if scores is None else Array(scores))
    with PolygonFile(folder / name, grid, CLASSES, scores is not None) as file:
        write_polygons(layers, file, least, lambda share: True, rows * values.shape[1])
        file.complete()
        return read(Path(file.steps[-1].part or ""))


def read(path: Path) -> list[dict[str, Any]]:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return [{**f.items(), "wkb": bytes(f.GetGeometryRef().ExportToWkb(ogr.wkbNDR))} for f in dataset.GetLayer(0)]


def whole(values: np.ndarray, least: int = 0, grid: Grid | None = None) -> list[tuple[int, ogr.Geometry]]:
    """Returns GDAL's polygons of the whole map, after its sieve of the whole map."""
    grid = grid or grid_of(values)
    raster = gdal.GetDriverByName("MEM").Create("", values.shape[1], values.shape[0], 1, gdal.GDT_Int32)
    raster.SetGeoTransform(grid.effective_transform)
    band = raster.GetRasterBand(1)
    band.SetNoDataValue(NO_DATA)
    band.WriteArray(values)
    if least:
        gdal.SieveFilter(band, band.GetMaskBand(), band, least, 4)
    store = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = store.CreateLayer("whole", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
    gdal.Polygonize(band, band.GetMaskBand(), layer, 0, [])
    return [(feature.GetField(0), feature.GetGeometryRef().Clone()) for feature in layer]


def normal(geometry: ogr.Geometry) -> bytes:
    """Returns a geometry with rings, points and polygons in a canonical order, exactly as they are otherwise."""
    return bytes(geometry.Normalize().ExportToWkb(ogr.wkbNDR))


def assert_equal(found: list[dict[str, Any]], expected: list[tuple[int, ogr.Geometry]]) -> None:
    geometries = [(row["class"], ogr.CreateGeometryFromWkb(row["wkb"])) for row in found]
    assert all(geometry.IsValid() for _, geometry in geometries)
    ours = Counter((value, normal(geometry)) for value, geometry in geometries)
    assert ours == Counter((value, normal(geometry)) for value, geometry in expected)
    for row in found:
        # A cell of 10.1 m.
        assert row["pixels"] == round(ogr.CreateGeometryFromWkb(row["wkb"]).Area() / 10.1**2)


def random_map(seed: int, height: int, width: int, smooth: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    small = random.choice([*VALUES, NO_DATA], (height // smooth + 1, width // smooth + 1))
    return np.kron(small, np.ones((smooth, smooth), int))[:height, :width].astype(np.uint8)


def spiral(size: int) -> np.ndarray:
    """Returns one class that winds to the centre through another one."""
    values = np.full((size, size), 1)
    left, top, right, bottom = 0, 0, size - 1, size - 1
    while left <= right and top <= bottom:
        values[top, left : right + 1] = 3
        values[top : bottom + 1, right] = 3
        values[bottom, left + 1 : right + 1] = 3
        values[top + 2 : bottom + 1, left + 1] = 3
        values[top + 2, left + 1 : left + 3] = 3
        left, top, right, bottom = left + 2, top + 2, right - 2, bottom - 2
    return values.astype(np.uint8)


def rings(size: int) -> np.ndarray:
    """Returns squares in each other, so that holes cross every seam."""
    rows, columns = np.indices((size, size))
    distance = np.minimum(np.minimum(rows, columns), np.minimum(size - 1 - rows, size - 1 - columns))
    return np.where(distance % 2, 1, 3).astype(np.uint8)


def comb(size: int) -> np.ndarray:
    """Returns teeth that only meet in the last row."""
    values = np.full((size, size), 1, np.uint8)
    values[:, ::2] = 3
    values[-1] = 3
    return values


CHECKERS = (np.indices((15, 17)).sum(axis=0) % 2 * 2 + 1).astype(np.uint8)
HOLED = np.where(CHECKERS == 1, NO_DATA, 7).astype(np.uint8)
MAPS = {
    "one class": np.full((20, 11), 3, np.uint8),
    "nothing": np.full((20, 11), NO_DATA, np.uint8),
    "checkers": CHECKERS,
    "checkers in NoData": HOLED,
    "diagonals": np.array(
        [[1, 3, 1, 3], [3, 1, 3, 1], [1, 1, 1, 1], [1, 3, 1, 1], [1, 1, 3, 1], [1, 1, 1, 1]], np.uint8
    ),
    "spiral": spiral(33),
    "rings": rings(31),
    "comb": comb(21),
    "comb upside down": comb(21)[::-1],
    "noise": random_map(1, 40, 37),
    "blobs": random_map(2, 60, 50, 4),
    "few classes": np.where(random_map(3, 36, 36) > 2, 3, 1).astype(np.uint8),
    "row": random_map(4, 1, 50),
    "column": random_map(5, 50, 1),
}


@pytest.mark.parametrize("rows", [1, 2, 7, 1000])
@pytest.mark.parametrize("name", MAPS)
def test_pieces_give_the_polygons_of_the_whole(tmp_path: Path, name: str, rows: int) -> None:
    assert_equal(made(tmp_path, MAPS[name], rows), whole(MAPS[name]))


@pytest.mark.parametrize("seed", range(20))
def test_random_maps(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random_map(seed, int(random.integers(1, 60)), int(random.integers(1, 60)), int(random.integers(1, 4)))
    least = int(random.integers(0, 9))
    assert_equal(made(tmp_path, values, int(random.integers(1, 12)), least), whole(values, least))


@pytest.mark.parametrize("rows", [1, 4, 1000])
@pytest.mark.parametrize("least", [2, 5, 40])
@pytest.mark.parametrize("name", ["noise", "blobs", "checkers in NoData", "few classes", "comb"])
def test_the_sieve_is_that_of_the_whole(tmp_path: Path, name: str, least: int, rows: int) -> None:
    assert_equal(made(tmp_path, MAPS[name], rows, least), whole(MAPS[name], least))


def test_a_sieve_without_memory_is_refused(tmp_path: Path) -> None:
    values = MAPS["checkers"]
    layers = ClassLayers(Array(values), CLASSES, grid_of(values))
    with PolygonFile(tmp_path / "polygons.gpkg", layers.grid, CLASSES, False) as file:
        # Every cell is a patch.
        with pytest.raises(PatchesMemoryError, match=str(values.size)):
            write_polygons(layers, file, 2, lambda share: True, 40, free=values.size)
        write_polygons(layers, file, 2, lambda share: True, 40, free=values.size * 1000)


@pytest.mark.parametrize("rows", [1, 5, 1000])
def test_the_score_is_the_mean_of_the_largest(tmp_path: Path, rows: int) -> None:
    values = MAPS["blobs"]
    scores = np.random.default_rng(0).random((3, *values.shape), np.float32)
    scores[:, values == NO_DATA] = np.nan
    grid = Grid(values.shape[1], values.shape[0])
    largest = scores.max(axis=0).astype(float)
    for row in made(tmp_path, values, rows, 0, scores, grid=grid):
        cells = burnt(row["wkb"], values.shape)
        assert (values[cells] == row["class"]).all()
        assert cells.sum() == row["pixels"]
        assert row["score"] == pytest.approx(largest[cells].mean(), rel=1e-9)
        assert row["area"] is None
        assert row["hectares"] is None


def burnt(wkb: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """Returns the cells of a polygon in pixel coordinates, by GDAL's rasterization."""
    raster = gdal.GetDriverByName("MEM").Create("", shape[1], shape[0], 1, gdal.GDT_Byte)
    raster.SetGeoTransform((0, 1, 0, 0, 0, -1))
    store = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = store.CreateLayer("one", None, ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb))
    layer.CreateFeature(feature)
    gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
    return raster.ReadAsArray().astype(bool)


@pytest.mark.parametrize("code", [32633, 3857, 4326])
def test_areas_sum_up_to_those_of_the_classes(tmp_path: Path, code: int) -> None:
    values = MAPS["blobs"]
    transform = (13.0, 0.001, 0.0, 52.0, 0.0, -0.001) if code == 4326 else (1500000.0, 30.0, 0.0, 6800000.0, 0.0, -30.0)
    grid = Grid(values.shape[1], values.shape[0], transform, wkt(code))
    found = made(tmp_path, values, 7, grid=grid)
    tally = ClassTally(CLASSES, grid)
    counts = tally.total([tally.count(grid.window, values)])
    for count in counts:
        own = [row for row in found if row["class"] == count.legend_class.value]
        assert sum(row["pixels"] for row in own) == count.pixels
        assert sum(row["area"] for row in own) == pytest.approx(count.area, rel=1e-12)
        assert all(row["hectares"] == row["area"] / 1e4 and row["name"] == count.legend_class.name for row in own)


def test_a_rotated_grid(tmp_path: Path) -> None:
    values = MAPS["blobs"]
    grid = Grid(values.shape[1], values.shape[0], (400000.0, 8.0, 3.0, 5200000.0, 3.0, -8.0), wkt())
    found = made(tmp_path, values, 7, grid=grid)
    ours = Counter((row["class"], normal(ogr.CreateGeometryFromWkb(row["wkb"]))) for row in found)
    assert ours == Counter((value, normal(geometry)) for value, geometry in whole(values, grid=grid))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb"])
def test_every_format_holds_the_same(tmp_path: Path, suffix: str) -> None:
    values = MAPS["blobs"]
    scores = np.where(values == NO_DATA, np.nan, 0.25).astype(np.float32)
    found = made(tmp_path, values, 9, 0, scores, f"a name{suffix}")
    assert Counter((row["class"], normal(ogr.CreateGeometryFromWkb(row["wkb"]))) for row in found) == Counter(
        (value, normal(geometry)) for value, geometry in whole(values)
    )
    assert {(row["name"], row["score"], row["color"]) for row in found} == {
        (known.name, 0.25, f"#{known.color[0]:02x}0a14") for known in CLASSES
    }
    assert all(row["area"] == pytest.approx(row["pixels"] * 10.1**2, rel=0.01) for row in found)


@pytest.mark.parametrize("letter", ["a", "ä", "\U0001f332"])
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb"])
def test_names_of_classes_are_whole_or_refused(letter: str, suffix: str, tmp_path: Path) -> None:
    most = 254 // len(letter.encode())
    for length in (most, most + 1):
        name = letter * length
        classes = [ModelClass(1, name, (1, 2, 3))]
        values = np.ones((3, 4), np.uint8)
        output = tmp_path / f"{length}{suffix}"
        if suffix == ".shp" and length > most:
            with pytest.raises(PolygonsNameError, match="254"):
                PolygonFile(output, grid_of(values), classes, False)
            assert not list(tmp_path.glob(".*"))
            continue
        with PolygonFile(output, grid_of(values), classes, False) as file:
            layers = ClassLayers(Array(values), classes, grid_of(values), None)
            write_polygons(layers, file, 0, lambda share: True, 12)
            file.complete()
            assert [row["name"] for row in read(Path(file.steps[-1].part or ""))] == [name]


@pytest.mark.parametrize("name", ["%41.gpkg", "%.gpkg", "(1).gpkg", "-a.gpkg", "#.gpkg", "a%41.gpkg"])
def test_any_name_of_a_file_gets_a_layer(name: str, tmp_path: Path) -> None:
    values, output = np.ones((3, 4), np.uint8), tmp_path / name
    for _ in range(2):
        check_polygons(output, [])
        with PolygonFile(output, grid_of(values), CLASSES, False) as file:
            write_polygons(ClassLayers(Array(values), CLASSES, grid_of(values), None), file, 0, lambda share: True, 12)
            file.complete()
            publish(file.steps, output)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [row["class"] for row in read(output)] == [1]
