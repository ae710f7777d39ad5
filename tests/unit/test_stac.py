# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes of STAC files: which assets are pixels, and the bands that they become."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import CollectionError, RasterUnreadableError
from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.inference.raster.collection import Collection, item_names, read_collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from classify_pixels.inference.raster.collection.stac_assets import gdal_location, layers_of
from tests.unit.rasters import TRANSFORM, random_pixels, write_raster
from tests.unit.runs import names_in

TIFF = "image/tiff; application=geotiff; profile=cloud-optimized"


def asset(href: str, roles: list[str] | None = None, media: str = TIFF, **more: Any) -> dict[str, Any]:
    return {"href": href, "type": media, **({"roles": roles} if roles else {}), **more}


def item(assets: dict[str, Any], name: str = "S2A.v1", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "stac_version": "1.0.0", "id": name, "assets": assets, "properties": properties}


def save(path: Path, *items: dict[str, Any]) -> Path:
    document = items[0] if len(items) == 1 else {"type": "FeatureCollection", "features": list(items)}
    path.write_text(json.dumps(document))
    return path


def scene(value: Path) -> GdalInput:
    collection = read_collection(value)
    assert isinstance(collection, Collection)
    assert len(collection.items) == 1
    return collection.items[0]


def pixels_of(raster: GdalInput) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(raster)) as source:
        return source.read(source.grid.window)


@pytest.fixture
def bands(tmp_path: Path) -> np.ndarray:
    """Three single-band files B1 to B3, the last one with cells twice as large and a NoData value."""
    (tmp_path / "s").mkdir()
    pixels = random_pixels(2, 4, 6)
    for number in (0, 1):
        write_raster(tmp_path / "s" / f"B{number + 1}.tif", pixels[number : number + 1])
    coarse = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    transform = (TRANSFORM[0], 20.0, 0.0, TRANSFORM[3], 0.0, -20.0)
    write_raster(tmp_path / "s" / "B3.tif", coarse, transform=transform, no_data=4)
    return np.concatenate([pixels, coarse.repeat(2, 1).repeat(2, 2)])


def band_assets(*names: str) -> dict[str, Any]:
    waves = {"B1": 0.49, "B2": 0.56, "B3": 0.665}
    described = {name: {"eo:bands": [{"name": name, "center_wavelength": waves[name]}]} for name in names}
    return {f"asset-{name}": asset(f"./s/{name}.tif", ["data"], **described[name]) for name in names}


def test_single_bands_become_one_raster_with_names_and_wavelengths(bands: np.ndarray, tmp_path: Path) -> None:
    raster = scene(save(tmp_path / "item.json", item(band_assets("B1", "B2", "B3"))))
    pixels, valid = pixels_of(raster)
    expected = bands.copy()
    expected[2][bands[2] == 4] = 0
    np.testing.assert_array_equal(pixels, expected)
    assert valid.all()
    dataset = gdal.Open(raster.uri)
    found = [dataset.GetRasterBand(number) for number in (1, 2, 3)]
    assert [band.GetDescription() for band in found] == ["B1", "B2", "B3"]
    waves = [band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY") for band in found]
    assert waves == ["0.49", "0.56", "0.665"]
    assert item_names([raster]) == ("S2A.v1",)


def test_bands_come_in_the_order_of_the_assets_or_of_the_items_list(bands: np.ndarray, tmp_path: Path) -> None:
    assets = band_assets("B2", "B1")
    np.testing.assert_array_equal(pixels_of(scene(save(tmp_path / "a.json", item(assets))))[0], bands[[1, 0]])
    listed = item(assets, **{"eo:bands": [{"name": "B1"}, {"name": "B9"}, {"name": "B2"}]})
    np.testing.assert_array_equal(pixels_of(scene(save(tmp_path / "b.json", listed)))[0], bands[:2])


def test_the_newer_bands_are_understood(bands: np.ndarray, tmp_path: Path) -> None:
    assets = {
        name: asset(f"s/{name}.tif", bands=[{"name": name, "eo:center_wavelength": 0.5}]) for name in ("B1", "B2")
    }
    raster = scene(save(tmp_path / "item.geojson", item(assets)))
    np.testing.assert_array_equal(pixels_of(raster)[0], bands[:2])
    assert gdal.Open(raster.uri).GetRasterBand(1).GetMetadata("IMAGERY") == {"CENTRAL_WAVELENGTH_UM": "0.5"}


def test_assets_that_are_no_data_or_no_bands_are_left_out(bands: np.ndarray, tmp_path: Path) -> None:
    assets = {
        "thumbnail": asset("t.png", ["thumbnail", "data"], "image/png"),
        "meta": asset("m.json", ["data"], "application/json"),
        "visual": asset("v.tif", ["visual"], **{"eo:bands": [{"name": "B1"}, {"name": "B2"}]}),
        **band_assets("B1", "B2"),
        "B1-jp2": asset("s/B1.jp2", ["data"], "image/jp2", **{"eo:bands": [{"name": "B1"}]}),
        "scl": asset("scl.tif", ["data"]),
    }
    np.testing.assert_array_equal(pixels_of(scene(save(tmp_path / "item.json", item(assets))))[0], bands[:2])


def test_a_single_raster_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "all.tif", random_pixels(4, 3, 3))
    assets = {"analytic": asset("all.tif"), "thumbnail": asset("t.jpg", media="image/jpeg")}
    raster = scene(save(tmp_path / "item.json", item(assets)))
    assert raster == GdalInput(str(path), title="S2A.v1")
    assert read_collection(tmp_path / "item.json").files == (str(path),)


def test_a_coarse_first_band_does_not_set_the_cells(bands: np.ndarray, tmp_path: Path) -> None:
    raster = scene(save(tmp_path / "item.json", item(band_assets("B3", "B1"))))
    pixels, _ = pixels_of(raster)
    np.testing.assert_array_equal(pixels[1], bands[0])
    assert pixels.shape == (2, 4, 6)


def test_a_pixel_counts_for_the_bands_that_are_used(bands: np.ndarray, tmp_path: Path) -> None:
    from classify_pixels.inference.raster import Channel

    raster = scene(save(tmp_path / "item.json", item(band_assets("B1", "B3"))))
    with closing(GdalSource(raster)) as source:
        source.select([Channel(2)])
        _, valid = source.read(source.grid.window)
    np.testing.assert_array_equal(valid, bands[2] != 4)


def test_a_collection_has_a_scene_per_item_and_can_be_mosaicked(bands: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    transform = (TRANSFORM[0] + 60, *TRANSFORM[1:])
    for number in (0, 1):
        write_raster(tmp_path / "t" / f"B{number + 1}.tif", bands[number : number + 1] + 10, transform=transform)
    second = json.loads(json.dumps(band_assets("B1", "B2")).replace("./s/", "./t/"))
    path = save(tmp_path / "items.json", item(band_assets("B1", "B2"), "one"), item(second, "two"))
    collection = read_collection(path)
    assert collection is not None
    assert [raster.name for raster in collection.items] == ["one", "two"]
    assert {Path(name).parent.name for name in collection.files} == {"s", "t"}
    raster, notes = mosaic(collection)
    np.testing.assert_array_equal(pixels_of(raster)[0], np.concatenate([bands[:2], bands[:2] + 10], axis=2))
    assert not notes


def test_an_item_with_a_missing_file_fails_alone(bands: np.ndarray, tmp_path: Path) -> None:
    missing = {"B1": asset("gone.tif", ["data"]), "B2": asset("s/B2.tif", ["data"])}
    path = save(tmp_path / "items.json", item(missing, "bad"), item(band_assets("B1", "B2"), "good"))
    collection = read_collection(path)
    assert collection is not None
    with pytest.raises(RasterUnreadableError, match="bad cannot be read: the file does not exist"):
        GdalSource(collection.items[0])
    assert pixels_of(collection.items[1])[0].shape == (2, 4, 6)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"type": "Collection", "stac_version": "1.0.0"}, "a STAC Collection has no pixels"),
        ({"type": "FeatureCollection", "features": []}, "contains no items"),
        (item({"a": asset("a.png", media="image/png")}), "has no raster among its assets"),
        (item({"a": {"href": ""}, "b": 3}), "has no raster among its assets"),
        (
            item({k: asset(f"{k}.tif", ["data"], **{"eo:bands": [{"name": "1"}, {"name": "2"}]}) for k in "ab"}),
            "several rasters: a, b",
        ),
    ],
)
def test_what_names_no_scene_is_refused(document: dict[str, Any], reason: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=reason):
        read_collection(save(tmp_path / "item.json", document))


def test_several_rasters_that_are_no_single_bands_are_refused(bands: np.ndarray, tmp_path: Path) -> None:
    write_raster(tmp_path / "two.tif", random_pixels(2, 4, 6))
    path = save(tmp_path / "item.json", item({"a": asset("two.tif"), "b": asset("s/B1.tif")}))
    with pytest.raises(CollectionError, match="two.tif has 2 bands, not one"):
        read_collection(path)


@pytest.mark.parametrize("text", ["no json", "[1]", '{"type": "Feature"}', '{"type": "FeatureCollection"}', "\udcff"])
def test_other_json_is_no_stac(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    assert read_collection(path) is None
    assert read_collection(tmp_path / "missing.json") is None


@pytest.mark.parametrize(
    ("href", "folder", "name"),
    [
        ("https://example.org/a.tif?x=1", "/data", "/vsicurl/https://example.org/a.tif?x=1"),
        ("s3://bucket/a.tif", "/data", "/vsis3/bucket/a.tif"),
        ("gs://bucket/a.tif", "/data", "/vsigs/bucket/a.tif"),
        ("file:///data/a.tif", "/other", "/data/a.tif"),
        ("/vsizip/a.zip/a.tif", "/data", "/vsizip/a.zip/a.tif"),
        ("../b/./a.tif", "/data/c", "/data/b/a.tif"),
        ("../a.tif", "https://example.org/b", "/vsicurl/https://example.org/a.tif"),
        ("a.tif", "/vsicurl/https://example.org/b", "/vsicurl/https://example.org/b/a.tif"),
        ("a.tif", "", "a.tif"),
    ],
)
def test_links_become_names_of_gdal(href: str, folder: str, name: str) -> None:
    assert gdal_location(href, folder) == name


def test_remote_items_name_remote_files() -> None:
    layers = layers_of(item({"a": asset("./a.tif")}), "S2A", "https://example.org/items/item.json")
    assert [layer.uri for layer in layers] == ["/vsicurl/https://example.org/items/a.tif"]


def test_nothing_is_written_beside_an_item(bands: np.ndarray, tmp_path: Path) -> None:
    path = save(tmp_path / "item.json", item(band_assets("B1", "B2", "B3")))
    before = names_in(tmp_path) + names_in(tmp_path / "s")
    (tmp_path / "s").chmod(0o555)
    try:
        pixels_of(scene(path))
    finally:
        (tmp_path / "s").chmod(0o755)
    assert names_in(tmp_path) + names_in(tmp_path / "s") == before
