# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's tile index, in the formats that people keep it in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from osgeo import gdal, ogr

from classify_pixels.inference.errors import CollectionError
from classify_pixels.inference.raster.collection import read_collection, tile_index
from tests.unit.rasters import TRANSFORM, random_pixels, wkt, write_raster
from tests.unit.runs import names_in


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    folder = tmp_path / "tiles"
    folder.mkdir()
    for number, name in enumerate("ba"):
        transform = (TRANSFORM[0] + 50 * number, *TRANSFORM[1:])
        write_raster(folder / f"{name}.tif", random_pixels(1, 4, 5), transform=transform)
    return folder


def write_index(path: Path, driver: str, locations: list[str], field: str = "location") -> Path:
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    reference = ogr.osr.SpatialReference(wkt(32633))
    layer = dataset.CreateLayer("index", reference, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    layer.CreateField(ogr.FieldDefn("rank", ogr.OFTInteger))
    for number, location in enumerate(locations):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(field, location)
        feature.SetField("rank", -number)
        feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON((0 0,1 0,1 1,0 0))"))
        layer.CreateFeature(feature)
    return path


def locations(value: Path) -> list[str]:
    collection = read_collection(value)
    assert collection is not None
    assert collection.name == value.stem
    return [item.uri for item in collection.items]


@pytest.mark.parametrize(
    ("suffix", "driver"),
    [("shp", "ESRI Shapefile"), ("gpkg", "GPKG"), ("geojson", "GeoJSON"), ("fgb", "FlatGeobuf"), ("gti.gpkg", "GPKG")],
)
def test_relative_locations_start_at_the_index(suffix: str, driver: str, tiles: Path, tmp_path: Path) -> None:
    index = write_index(tmp_path / f"index.{suffix}", driver, ["tiles/b.tif", str(tiles / "a.tif"), "/vsizip/x.zip/c"])
    collection = read_collection(index)
    assert collection is not None
    found = [item.uri for item in collection.items]
    assert sorted(found) == sorted([str(tiles / "b.tif"), str(tiles / "a.tif"), "/vsizip/x.zip/c"])
    if driver != "FlatGeobuf":  # which sorts its features by place
        assert found == [str(tiles / "b.tif"), str(tiles / "a.tif"), "/vsizip/x.zip/c"]


def test_gdals_own_index_is_read(tiles: Path, tmp_path: Path) -> None:
    subprocess.run(
        ["gdaltindex", "index.shp", "tiles/b.tif", "tiles/a.tif"], cwd=tmp_path, check=True, capture_output=True
    )
    assert locations(tmp_path / "index.shp") == [str(tiles / "b.tif"), str(tiles / "a.tif")]


def test_a_gti_file_names_index_field_order_and_filter(tiles: Path, tmp_path: Path) -> None:
    write_index(tmp_path / "index.shp", "ESRI Shapefile", ["tiles/b.tif", "tiles/a.tif", "tiles/c.tif"], "file")
    index = tmp_path / "all.gti"
    index.write_text(
        "<GDALTileIndexDataset><IndexDataset>index.shp</IndexDataset><IndexLayer>index</IndexLayer>"
        "<LocationField>file</LocationField><SortField>rank</SortField><SortFieldAsc>true</SortFieldAsc>"
        "<Filter>rank &gt; -2</Filter></GDALTileIndexDataset>"
    )
    assert locations(index) == [str(tiles / "a.tif"), str(tiles / "b.tif")]


@pytest.mark.parametrize("text", ["", "<nonsense", "<GDALTileIndexDataset/>"])
def test_a_gti_file_without_an_index_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "all.gti"
    path.write_text(text)
    with pytest.raises(CollectionError):
        read_collection(path)


def test_an_index_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="lists no raster"):
        read_collection(write_index(tmp_path / "index.gpkg", "GPKG", []))


def test_other_vector_files_are_no_index(tmp_path: Path) -> None:
    assert read_collection(write_index(tmp_path / "roads.gpkg", "GPKG", ["a"], "name")) is None


def test_nothing_is_written_beside_an_index(tiles: Path, tmp_path: Path) -> None:
    index = write_index(tmp_path / "index.gpkg", "GPKG", ["tiles/b.tif", "tiles/a.tif"])
    before = names_in(tmp_path)
    read_collection(index)
    assert names_in(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "opens", "uri"), [("i.gpkg", True, "GTI:{}"), ("i.gti.gpkg", True, "{}"), ("i.gpkg", False, None)]
)
def test_newer_gdal_reads_the_index_as_one_raster_where_it_can(
    name: str, opens: bool, uri: str | None, tiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = write_index(tmp_path / name, "GPKG", ["tiles/b.tif", "tiles/a.tif"])
    known = gdal.GetDriverByName
    monkeypatch.setattr(tile_index.gdal, "GetDriverByName", lambda driver: known("VRT" if driver == "GTI" else driver))
    monkeypatch.setattr(tile_index, "is_raster", lambda path: opens and path != str(tmp_path / "i.gpkg"))
    collection = read_collection(index)
    assert collection is not None
    assert len(collection.items) == 2
    assert (collection.whole.uri if collection.whole else None) == (uri.format(index) if uri else None)


def test_older_gdal_gets_the_tiles(tiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = write_index(tmp_path / "index.gpkg", "GPKG", ["tiles/b.tif", "tiles/a.tif"])
    known = gdal.GetDriverByName
    monkeypatch.setattr(tile_index.gdal, "GetDriverByName", lambda name: None if name == "GTI" else known(name))
    collection = read_collection(index)
    assert collection is not None
    assert collection.whole is None
