# SPDX-License-Identifier: GPL-2.0-or-later
"""Published rasters as collections: mosaicked, stacked and classified one by one."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.inference.raster.collection import Collection, read_collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.items import classify_items, results_vrt
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import class_definition, pointwise_network

CLASSES = 5


@pytest.fixture
def odd(reference_data: Path) -> Path:
    return reference_data / "scenes" / "odd"


def collect(value: object) -> Collection:
    collection = read_collection(value)
    assert collection is not None
    return collection


def pixels_of(raster: GdalInput) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(raster)) as source:
        return source.read(source.grid.window)


def gdal_mosaic(*paths: Path) -> tuple[np.ndarray, np.ndarray]:
    """Returns the pixels and the masks of gdalbuildvrt."""
    dataset = gdal.BuildVRT("", [str(path) for path in paths])
    masks = [dataset.GetRasterBand(n).GetMaskBand().ReadAsArray() for n in range(1, dataset.RasterCount + 1)]
    return dataset.ReadAsArray(), np.stack(masks) != 0


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1)])
def test_four_overlapping_tiles_are_the_mosaic_of_gdal(order: tuple[int, ...], odd: Path) -> None:
    paths = [odd / "rasterio" / f"rgb{number}.tif" for number in order]
    raster, notes = mosaic(collect(paths))
    pixels, valid = pixels_of(raster)
    expected, masks = gdal_mosaic(*paths)
    np.testing.assert_array_equal(valid, masks.any(axis=0))
    np.testing.assert_array_equal(pixels, np.where(masks, expected, 0))
    assert not notes


def test_a_mosaic_and_its_items_have_the_same_classes(odd: Path, tmp_path: Path) -> None:
    before = sorted((odd / "rasterio").iterdir())
    network = pointwise_network(tmp_path / "network.onnx", 3, CLASSES)
    definition = class_definition(network, 3, range(CLASSES), 256, Padding=0, ClassifyPixels={"Stride": 1})
    collection = collect([odd / "rasterio" / f"rgb{number}.tif" for number in range(1, 5)])
    environment = Environment(workers=2, cache=tmp_path / "cache")
    request = ClassificationRequest(
        mosaic(collection)[0], ModelReference(document=definition), tmp_path / "whole.tif", environment=environment
    )
    classify_pixels(request, SilentProgress())
    results = classify_items(collection, replace(request, output=tmp_path / "items"), SilentProgress())
    assert len(results) == 4
    whole, items = gdal.Open(str(tmp_path / "whole.tif")), gdal.Open(str(results_vrt(tmp_path / "items")))
    np.testing.assert_array_equal(whole.ReadAsArray(), items.ReadAsArray())
    assert sorted((odd / "rasterio").iterdir()) == before


def test_tiles_whose_cells_hardly_differ_are_not_resampled(odd: Path) -> None:
    """The second tile's cells are 0.0004 m larger and shifted by a twentieth of a cell."""
    paths = [odd / "rio-tiler" / f"mosaic_cog{number}.tif" for number in (1, 2)]
    raster, notes = mosaic(collect(paths))
    pixels, valid = pixels_of(raster)
    expected, masks = gdal_mosaic(*paths)
    height, width = (min(sizes) for sizes in zip(expected.shape[1:], pixels.shape[1:]))
    inside = np.s_[:, :height, :width]
    assert max(abs(a - b) for a, b in zip(expected.shape, pixels.shape)) <= 1
    same = pixels[inside] == np.where(masks, expected, 0)[inside]
    assert same.mean() > 0.999
    assert (valid[:height, :width] == masks.any(axis=0)[:height, :width]).mean() > 0.999
    assert [note.kind for note in notes] == [Note.ITEM_MOVED]


def landsat(folder: Path, path: Path, names: list[str]) -> GdalInput:
    """Saves a STAC item of Landsat's single-band files and reads it."""
    assets = {
        name: {
            "href": str(folder / f"L8-{name}-Elkton-VA.tiff"), "type": "image/tiff", "roles": ["data"],
            "eo:bands": [{"name": name, "center_wavelength": 0.1 * number}],
        }
        for number, name in enumerate(names, start=4)
    }  # fmt: skip
    path.write_text(json.dumps({"type": "Feature", "id": "L8", "assets": assets, "properties": {}}))
    return collect(path).items[0]


def test_landsats_files_are_one_scene(odd: Path, tmp_path: Path) -> None:
    names = [f"B{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11)]
    raster = landsat(odd / "rasterframes", tmp_path / "item.json", names)
    pixels, valid = pixels_of(raster)
    own = [gdal.Open(str(odd / "rasterframes" / f"L8-{name}-Elkton-VA.tiff")).ReadAsArray() for name in names]
    np.testing.assert_array_equal(pixels, np.stack(own))
    assert valid.all()
    assert gdal.Open(raster.uri).GetRasterBand(3).GetMetadata("IMAGERY") == {"CENTRAL_WAVELENGTH_UM": "0.6"}


def test_the_panchromatic_band_sets_the_cells(odd: Path, tmp_path: Path) -> None:
    folder = odd / "rasterframes"
    raster = landsat(folder, tmp_path / "item.json", ["B4", "B8"])
    pixels, valid = pixels_of(raster)
    sharp = gdal.Open(str(folder / "L8-B8-Elkton-VA.tiff"))
    np.testing.assert_array_equal(pixels[1], sharp.ReadAsArray())
    assert valid.all()
    x, dx, _, y, _, dy = sharp.GetGeoTransform()
    bounds = (x, y + dy * sharp.RasterYSize, x + dx * sharp.RasterXSize, y)
    warped = gdal.Warp(
        "", str(folder / "L8-B4-Elkton-VA.tiff"), format="MEM", outputBounds=bounds, width=sharp.RasterXSize,
        height=sharp.RasterYSize,
    ).ReadAsArray()  # fmt: skip
    assert (pixels[0] == warped).mean() > 0.99


def test_a_tile_in_another_crs_is_warped_to_the_first(odd: Path) -> None:
    folder = odd / "rasterframes"
    paths = [folder / "L8-B4-Elkton-VA.tiff", folder / "L8-B4-Elkton-VA-4326.tiff"]
    raster, notes = mosaic(collect(paths))
    pixels, valid = pixels_of(raster)
    assert notes[0].kind is Note.WARPED_FROM_CRS
    assert valid.mean() > 0.8
    centre = tuple(size // 2 for size in pixels.shape[1:])
    first, _ = pixels_of(GdalInput(str(paths[0])))
    found = pixels[0, centre[0] - 20 : centre[0] + 20, centre[1] - 20 : centre[1] + 20]
    assert abs(float(np.median(found)) / float(np.median(first)) - 1) < 0.2


def test_a_folder_of_tiles_is_found(odd: Path) -> None:
    before = sorted((odd / "rio-tiler").iterdir())
    names = [Path(item.uri).name for item in collect(odd / "rio-tiler").items]
    assert {"mosaic_cog1.tif", "mosaic_cog2.tif"} <= set(names)
    assert names == sorted(names)
    assert sorted((odd / "rio-tiler").iterdir()) == before
