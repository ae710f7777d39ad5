# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import BandTypeError, RasterContainerError, RasterUnreadableError
from classify_pixels.inference.grid import ControlPoint
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource, RasterBand, gdal_settings
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, build_vrt, random_pixels, wkt, write_raster
from tests.unit.runs import names_in


@contextmanager
def opened(path: Path | str) -> Iterator[GdalSource]:
    with closing(GdalSource(GdalInput(str(path)))) as source:
        yield source


def test_the_grid_and_the_bands(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(3, 7, 9), names=["Red", "", "NIR"], alpha=2)
    with opened(path) as source:
        assert (source.grid.width, source.grid.height, source.grid.transform) == (9, 7, TRANSFORM)
        assert "UTM zone 33N" in source.grid.crs
        assert source.bands == (RasterBand(1, "Red", floating=True), RasterBand(3, "NIR", floating=True))
        assert source.name == str(path)
        assert source.files == (str(path),)


def test_a_raster_without_transform_and_crs(tmp_path: Path) -> None:
    with opened(write_raster(tmp_path / "s.tif", random_pixels(1, 2, 3), transform=None, epsg=None)) as source:
        assert (source.grid.transform, source.grid.crs) == (None, "")


@pytest.mark.parametrize(
    "transform",
    [
        (math.nan, 10.0, 0.0, 0.0, 0.0, -10.0),
        (0.0, math.nan, 0.0, 0.0, 0.0, -10.0),
        (0.0, 10.0, 0.0, math.inf, 0.0, -10.0),
        (0.0, 10.0, 0.0, 0.0, math.inf, -10.0),
        (0.0, 1e300, 0.0, 0.0, 0.0, -1e300),
        (0.0, 1e-200, 0.0, 0.0, 0.0, -1e-200),
    ],
)
def test_a_transform_without_a_place_or_an_area_is_none(transform: tuple[float, ...], tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 2, 3))
    text = gdal.Translate("", str(path), format="VRT").GetMetadata("xml:VRT")[0]
    numbers = ",".join(map(repr, transform))
    vrt = tmp_path / "s.vrt"
    vrt.write_text(re.sub("<GeoTransform>.*</GeoTransform>", f"<GeoTransform>{numbers}</GeoTransform>", text))
    with opened(vrt) as source:
        assert source.grid.transform is None


def test_ground_control_points(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 4, 4), transform=None, epsg=None)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGCPs([gdal.GCP(100.0, 200.0, 5.0, 1.5, 2.5)], wkt(32633))
    dataset = None
    with opened(path) as source:
        assert source.grid.control_points == (ControlPoint(1.5, 2.5, 100.0, 200.0, 5.0),)
        assert source.grid.transform is None
        assert "UTM zone 33N" in source.grid.crs


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_every_type_is_read_as_it_is(dtype: str, tmp_path: Path) -> None:
    pixels = np.arange(2 * 6 * 5).reshape(2, 6, 5).astype(dtype)
    with opened(write_raster(tmp_path / "s.tif", pixels)) as source:
        read, valid = source.read(Window(0, 0, 5, 6))
        assert read.dtype == np.float32
        assert (read == pixels).all()
        assert valid.all()


@pytest.mark.parametrize(
    "window",
    [
        Window(2, 1, 3, 4),
        Window(0, 0, 1, 1),
        Window(-3, -2, 20, 15),
        Window(7, 5, 10, 10),
        Window(-5, 2, 7, 1),
        Window(50, 50, 3, 2),
    ],
)
def test_beyond_the_raster_pixels_are_zero_and_do_not_count(window: Window, tmp_path: Path) -> None:
    pixels = random_pixels(2, 8, 9)
    around = np.pad(pixels, ((0, 0), (60, 60), (60, 60)))
    count = np.pad(np.ones((8, 9), bool), 60)
    place = (slice(60 + window.y, 60 + window.bottom), slice(60 + window.x, 60 + window.right))
    with opened(write_raster(tmp_path / "s.tif", pixels)) as source:
        read, valid = source.read(window)
    assert (read == around[(slice(None), *place)]).all()
    assert (valid == count[place]).all()


def test_bands_are_read_in_the_order_that_is_chosen(tmp_path: Path) -> None:
    pixels = random_pixels(3, 4, 4)
    with opened(write_raster(tmp_path / "s.tif", pixels)) as source:
        source.select([Channel(3), Channel(1), Channel(3)])
        assert (source.read(Window(0, 0, 4, 4))[0] == pixels[[2, 0, 2]]).all()
        source.select([Channel(2)])
        assert (source.read(Window(0, 0, 4, 4))[0] == pixels[[1]]).all()


def test_several_threads_read_at_once(tmp_path: Path) -> None:
    pixels = random_pixels(2, 64, 64)
    found: dict[int, Any] = {}
    with opened(write_raster(tmp_path / "s.tif", pixels, options=["COMPRESS=DEFLATE", "BLOCKYSIZE=4"])) as source:

        def work(index: int) -> None:
            found[index] = [source.read(Window(8 * index, y, 8, 8))[0] for y in range(56)]

        threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for index, parts in found.items():
        assert all((part == pixels[:, y : y + 8, 8 * index : 8 * index + 8]).all() for y, part in enumerate(parts))
    assert len(found) == 8


def test_nothing_is_written_beside_the_raster(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 4, 4), no_data=3)
    with opened(path) as source:
        source.read(Window(0, 0, 4, 4))
    assert names_in(tmp_path) == ["s.tif"]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_vrt_names_the_files_that_it_is_made_of(depth: int, tmp_path: Path) -> None:
    path = outer = write_raster(tmp_path / "s.tif", random_pixels(1, 4, 4))
    for level in range(depth):
        outer = build_vrt(tmp_path / f"{level}.vrt", outer)
    with opened(outer) as source:
        assert {str(path), str(outer)} <= set(source.files)


def test_names_that_only_gdal_understands(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 4, 6))
    with opened(f"GTIFF_DIR:1:{path}") as source:
        assert source.grid.width == 6


@pytest.mark.parametrize(
    "name", ["", "  ", "absent.tif", "/absent/scene.tif", "/vsizip/absent.zip/a.tif", "NETCDF:absent.nc:x"]
)
def test_a_raster_that_is_not_there(name: str) -> None:
    with pytest.raises(RasterUnreadableError, match=name.strip() or "No input raster is set"):
        GdalSource(GdalInput(name))


@pytest.mark.parametrize("content", [b"", b"a text", b"II*\0" + bytes(4)])
def test_a_file_that_is_no_raster(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.tif"
    path.write_bytes(content)
    with pytest.raises(RasterUnreadableError, match=r"s\.tif cannot be read"):
        GdalSource(GdalInput(str(path)))


def test_a_folder_is_no_raster(tmp_path: Path) -> None:
    with pytest.raises(RasterUnreadableError, match=str(tmp_path)):
        GdalSource(GdalInput(str(tmp_path)))


def test_a_container_names_one_of_its_rasters(tmp_path: Path) -> None:
    driver = gdal.GetDriverByName("netCDF")
    if driver is None or "YES" not in driver.GetMetadata().get("DCAP_MULTIDIM_RASTER", ""):
        pytest.skip("this GDAL cannot write a NetCDF of several arrays")
    path = tmp_path / "s.nc"
    group = driver.CreateMultiDimensional(str(path)).GetRootGroup()
    axes = [group.CreateDimension(name, "", "", size) for name, size in (("y", 4), ("x", 5))]
    for name in ("first", "second"):
        group.CreateMDArray(name, axes, gdal.ExtendedDataType.Create(gdal.GDT_Float32)).Write(
            np.ones((4, 5), np.float32)
        )
    del group
    with pytest.raises(RasterContainerError, match=r"s\.nc is a container of 2 rasters.*:first"):
        GdalSource(GdalInput(str(path)))


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", np.zeros((2, 3, 3), np.complex64))
    with pytest.raises(BandTypeError, match=r"Band 1 of .*s\.tif has the type CFloat32"):
        GdalSource(GdalInput(str(path)))


def test_a_broken_block_is_a_named_error(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 64, 64), options=["COMPRESS=DEFLATE"])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(bytes(content))
    with pytest.raises(RasterUnreadableError, match=r"s\.tif cannot be read"), opened(path) as source:
        source.read(Window(0, 0, 64, 64))


def test_a_truncated_raster_is_a_named_error(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", random_pixels(1, 64, 64))
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(RasterUnreadableError, match=r"s\.tif cannot be read"), opened(path) as source:
        source.read(Window(0, 0, 64, 64))


@pytest.mark.parametrize("numbers", [(3, 2, 1), (3, 1), (2,), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("interleave", ["BAND", "PIXEL"])
@pytest.mark.parametrize("virtual", [False, True], ids=["file", "VRT"])
def test_chosen_bands_are_decoded_right_in_several_threads(
    interleave: str, numbers: tuple[int, ...], virtual: bool, tmp_path: Path
) -> None:
    """GDAL 3.6 confuses chosen bands of files that keep bands apart, or crashes, so each is read alone."""
    pixels = np.random.default_rng(0).random((3, 300, 257))
    path = write_raster(tmp_path / "a.tif", pixels, options=[f"INTERLEAVE={interleave}", "COMPRESS=DEFLATE"])
    path = build_vrt(tmp_path / "a.vrt", path) if virtual else path
    with gdal_settings(2):
        for _ in range(5):
            with closing(GdalSource(GdalInput(str(path)))) as source:
                source.select([Channel(number) for number in numbers])
                found, valid = source.read(source.grid.window)
            assert valid.all()
            np.testing.assert_array_equal(found, pixels[[number - 1 for number in numbers]].astype(np.float32))
