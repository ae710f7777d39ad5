# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of a raster reference that change its pixels: passed to the service, or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsRasterLayer

from classify_pixels.inference.errors import ImageServiceError, ReferenceFormError, ReferenceKeyError
from classify_pixels.inference.raster import GdalInput, GridRequest
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.sources.image_service import ImageServiceSource
from classify_pixels.plugin_support.sources.layers import open_layer
from classify_pixels.plugin_support.sources.resolve import resolve_raster

from ..servers import ImageServiceServer
from ..unit.rasters import random_pixels, write_raster

pytestmark = pytest.mark.usefixtures("plugin")

DIFFERENCE = {"rasterFunction": "Difference"}


@pytest.fixture
def pixels() -> np.ndarray:
    return random_pixels(3, 40, 50)


@pytest.fixture
def raster(pixels: np.ndarray, tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", pixels)


def opened(server: ImageServiceServer, folder: Path, keys: dict[str, Any]) -> ImageServiceSource:
    source = resolve_raster({"url": server.service, **keys}, folder)
    assert isinstance(source, ImageServiceSource)
    return source


@pytest.mark.parametrize("key", ["renderingRule", "function"])
@pytest.mark.parametrize("form", ["object", "text", "address"])
def test_a_raster_function_is_applied(key: str, form: str, raster: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    text = json.dumps(DIFFERENCE)
    with ImageServiceServer(raster) as server:
        if form == "address":
            source = resolve_raster(f"{server.service}?f=json&{key}={text}", tmp_path)
        else:
            source = opened(server, tmp_path, {key: DIFFERENCE if form == "object" else text})
        assert len(source.bands) == 1
        found, valid = source.read(source.grid.window)
    first, second = pixels[:2].astype(np.float32)
    np.testing.assert_array_equal(found, [first - second])
    assert valid.all()


def test_a_raster_function_in_the_address_of_a_layer_is_applied(raster: Path, pixels: np.ndarray) -> None:
    with ImageServiceServer(raster) as server:
        url = f"{server.service}?renderingRule={json.dumps(DIFFERENCE)}".replace('"', "%22")
        layer = QgsRasterLayer(f"crs='EPSG:32633' format='TIFF' layer='0' url='{url}'", "layer", "arcgismapserver")
        source = open_layer(layer, GridRequest())
        found, _ = source.read(source.grid.window)
    first, second = pixels[:2].astype(np.float32)
    np.testing.assert_array_equal(found, [first - second])


def test_a_function_of_a_service_that_allows_none_is_refused(raster: Path, tmp_path: Path) -> None:
    with ImageServiceServer(raster) as server:
        server.changes = {"allowRasterFunction": False}
        with pytest.raises(ImageServiceError, match="it does not allow raster functions"):
            opened(server, tmp_path, {"renderingRule": DIFFERENCE})


def test_a_service_that_gives_other_bands_than_its_function_has_is_refused(raster: Path, tmp_path: Path) -> None:
    with ImageServiceServer(raster) as server:
        server.changes = {"bandCount": 2}
        source = opened(server, tmp_path, {"renderingRule": DIFFERENCE})
        with pytest.raises(ImageServiceError, match="it returned 50 x 40 and 1 instead of .* and 2 bands"):
            source.read(source.grid.window)


@pytest.mark.parametrize("bands", [[2, 0], "2,0", "[2, 0]"])
def test_bands_are_chosen_in_their_order(bands: Any, raster: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    with ImageServiceServer(raster) as server:
        source = opened(server, tmp_path, {"bandIds": bands})
        assert len(source.bands) == 2
        found, _ = source.read(source.grid.window)
    np.testing.assert_array_equal(found, pixels[[2, 0]])


@pytest.mark.parametrize(
    ("value", "hidden"), [(7, (7, 7, 7)), ("7", (7, 7, 7)), ("7,8,9", (7, 8, 9)), ([7, 8, 9], (7, 8, 9))]
)
def test_values_are_made_no_data(value: Any, hidden: tuple[int, ...], pixels: np.ndarray, tmp_path: Path) -> None:
    pixels[:, 5:9, 5:9] = np.array(hidden)[:, None, None]
    with ImageServiceServer(write_raster(tmp_path / "scene.tif", pixels)) as server:
        source = opened(server, tmp_path, {"noData": value})
        _, valid = source.read(source.grid.window)
    assert not valid[5:9, 5:9].any()
    assert valid[~(pixels == np.array(hidden)[:, None, None]).any(axis=0)].all()


@pytest.mark.parametrize(
    ("key", "value", "asked"),
    [
        ("interpolation", "RSP_BilinearInterpolation", "RSP_BilinearInterpolation"),
        ("pixelType", "F32", "F32"),
        ("time", "0,1000", "0,1000"),
        ("sliceId", 3, "3"),
        ("mosaicRule", {"mosaicMethod": "esriMosaicNadir"}, '{"mosaicMethod": "esriMosaicNadir"}'),
    ],
)
def test_what_only_the_service_can_do_is_handed_on(
    key: str, value: Any, asked: str, raster: Path, tmp_path: Path
) -> None:
    with ImageServiceServer(raster) as server:
        opened(server, tmp_path, {key: value}).read(Window(0, 0, 5, 5))
        assert server.exports[0][key] == asked


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"noDataInterpretation": "esriNoDataMatchAll"}, "The key noDataInterpretation"),
        ({"bbox": "1,2,3,4"}, "The key bbox"),
        ({"rasterFunction": "NDVI"}, "The key rasterFunction"),
        ({"bandIds": "0,3"}, "The key bandIds.*the service has 3 bands"),
        ({"bandIds": "a"}, "The key bandIds.*a is not a list of numbers"),
        ({"bandIds": "0.5"}, "The key bandIds"),
        ({"noData": "1,2"}, "The key noData.*one for each of the 3 bands"),
        ({"noData": "none"}, "The key noData"),
        ({"interpolation": "sharp"}, "The key interpolation.*RSP_Cubic"),
        ({"pixelType": "U9"}, "The key pixelType"),
        ({"renderingRule": DIFFERENCE, "bandIds": "0"}, "The key bandIds"),
        ({"renderingRule": DIFFERENCE, "function": {"rasterFunction": "NDVI"}}, "The key .*it occurs twice"),
    ],
    ids=str,
)
def test_what_cannot_be_applied_is_refused_by_name(
    keys: dict[str, Any], words: str, raster: Path, tmp_path: Path
) -> None:
    with ImageServiceServer(raster) as server, pytest.raises(ReferenceKeyError, match=words):
        opened(server, tmp_path, keys)


@pytest.mark.parametrize(
    "key", ["renderingRule", "function", "mosaicRule", "bandIds", "noData", "interpolation", "time", "clip"]
)
@pytest.mark.parametrize("form", ["uri", "url"])
def test_a_file_takes_none_of_them(key: str, form: str, tmp_path: Path) -> None:
    value = "scene.tif" if form == "uri" else "https://host.example/scene.tif?token=secret"
    with pytest.raises(ReferenceKeyError, match=f"The key {key}") as error:
        resolve_raster({form: value, key: "1"}, tmp_path)
    assert "secret" not in str(error.value)


def test_keys_without_effect_and_without_value_are_passed_over(tmp_path: Path) -> None:
    reference = {
        "uri": "scene.tif",
        "name": "scene",
        "opacity": 0.5,
        "renderingRule": None,
        "mosaicRule": {},
        "time": "",
    }
    assert resolve_raster(reference, tmp_path) == GdalInput("scene.tif")


def test_a_feature_service_is_no_raster(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFormError, match="a feature service has no pixels"):
        resolve_raster({"url": "https://host.example/arcgis/rest/services/x/FeatureServer/0?token=secret"}, tmp_path)
