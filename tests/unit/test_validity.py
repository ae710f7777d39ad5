# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels count, by every way that a raster has to say so; a value that does not count is read as 0."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Channel, Collection, GdalInput, GdalSource
from classify_pixels.inference.raster.collection import mosaic
from classify_pixels.inference.raster.scene.warped_source import on_grid
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, build_vrt, wkt, write_raster
from tests.unit.rasters import TYPES as RASTER_TYPES

MASK = np.ones((4, 5), bool)
MASK[1, 2] = MASK[3, 0] = False

TYPES = ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def read(path: Path, no_data: dict[int, Any] | None = None) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(GdalInput(str(path), no_data or {}))) as source:
        return source.read(source.grid.window)


def read_bands(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(GdalInput(str(path)))) as source:
        return source.read_bands(source.grid.window)


def numbers(dtype: str = "float32", bands: int = 2) -> np.ndarray:
    """Pixels (bands, 4, 5) of distinct values from 1."""
    return np.arange(1, bands * 20 + 1).reshape(bands, 4, 5).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_a_value_that_is_no_data_is_0_and_counts_only_through_the_other_bands(dtype: str, tmp_path: Path) -> None:
    pixels = numbers(dtype)
    pixels[0, 1, 1] = pixels[0, 2, 2] = pixels[1, 2, 2] = 99
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=99))
    expected = pixels.astype(np.float32)
    expected[pixels == 99] = 0
    assert (found == expected).all()
    assert np.argwhere(~valid).tolist() == [[2, 2]]


@pytest.mark.parametrize(
    ("dtype", "no_data", "neighbour"),
    [
        ("uint8", 255, 254),
        ("int16", -32768, -32767),
        ("uint16", 65535, 65534),
        ("uint32", 4294967295, 4294967294),
        ("int32", -2147483648, -2147483647),
        ("int32", 16777217, 16777216),
        ("float32", -3.4028234663852886e38, -1e30),
        ("float32", -9999.0, -9998.98),
        ("float64", -1.7976931348623157e308, -1e30),
        ("float64", 0.1, 0.1000001),
        ("float64", 1e-300, 0.0),
    ],
)
def test_only_the_very_no_data_value_is_none(dtype: str, no_data: float, neighbour: float, tmp_path: Path) -> None:
    """The neighbour may be the same number in 32 bits, in which the network takes it."""
    pixels = numbers(dtype, bands=1)
    pixels[0, 0, 0], pixels[0, 0, 1] = no_data, neighbour
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data))
    assert np.argwhere(~valid).tolist() == [[0, 0]]
    assert found[0, 0, 0] == 0
    assert found[0, 0, 1] == np.float32(neighbour)


def around(value: float, dtype: str) -> np.ndarray:
    """Numbers of a type around a value, its ends and some that lie far off, as pixels (1, 1, n)."""
    kind = np.dtype(dtype)
    limits = np.iinfo(kind) if kind.kind in "iu" else np.finfo(kind)
    far = [limits.min, limits.max, 0, 1, 2, 7]
    if kind.kind in "iu":
        near = [int(value) + step for step in range(-3, 4)] if np.isfinite(value) else []
        return np.array([[[n for n in [*far, *near] if limits.min <= n <= limits.max]]], kind)
    with np.errstate(over="ignore"):
        steps = [kind.type(value)]
    for end in (-np.inf, np.inf):
        step = steps[0]
        for _ in range(20):
            step = np.nextafter(step, kind.type(end))
            steps.append(step)
    smaller = [step * kind.type(0.6) for step in steps]
    return np.array([[[*far, limits.tiny, np.nan, np.inf, -np.inf, *steps, *smaller]]], kind)


@pytest.mark.parametrize("dtype", [*TYPES, *(name for name in ("int64", "uint64") if name in RASTER_TYPES)])
@pytest.mark.parametrize(
    "no_data",
    [0, 2, -1, 254.5, 300, -9999.9, 0.1, 2**53 + 1, -(2**53) - 1, -3.4e38, -3.40282e38, 3.4028234663852886e38, 1e-40]
    + [-1.7e308, 1e39, float("nan"), float("inf")],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_no_data_is_what_gdals_own_mask_says(dtype: str, no_data: float, tmp_path: Path) -> None:
    """Rounded to the type, with GDAL's tolerance, and not at all where the type cannot hold it."""
    pixels = around(no_data, dtype)
    path = write_raster(tmp_path / "s.tif", pixels)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    if dtype.endswith("int64"):
        if no_data != int(no_data) if np.isfinite(no_data) else True:
            pytest.skip("such a band takes whole numbers only")
        limits = np.iinfo(dtype)
        if not limits.min <= no_data <= limits.max:
            pytest.skip("such a band takes its own numbers only")
        no_data = int(no_data)
    dataset.GetRasterBand(1).SetNoDataValue(no_data)
    dataset = None
    dataset = gdal.Open(str(path))
    mask = dataset.GetRasterBand(1).GetMaskBand().ReadAsArray() != 0
    _, valid = read(path)
    with np.errstate(over="ignore"):
        finite = np.isfinite(pixels[0].astype(np.float32))
    np.testing.assert_array_equal(valid, mask & finite)


def test_a_floats_no_data_is_found_beside_bands_of_doubles(tmp_path: Path) -> None:
    """All bands are read as doubles then; the float's value is still that of 32 bits."""
    floats, doubles = numbers("float32", 1), numbers("float64", 1)
    floats[0, 1, 2] = doubles[0, 1, 2] = -9999.9
    paths = [write_raster(tmp_path / f"{p.dtype}.tif", p, no_data=-9999.9) for p in (floats, doubles)]
    gdal.BuildVRT(str(tmp_path / "s.vrt"), [str(path) for path in paths], separate=True).FlushCache()
    counts = read_bands(tmp_path / "s.vrt")[1]
    assert np.argwhere(~counts).tolist() == [[0, 1, 2], [1, 1, 2]]


def test_a_users_no_data_is_compared_like_the_files(tmp_path: Path) -> None:
    pixels = numbers("float32", 1)
    pixels[0, 1, 2] = np.finfo(np.float32).min
    _, valid = read(write_raster(tmp_path / "s.tif", pixels), {1: ((-3.4e38, -3.4e38),)})
    assert np.argwhere(~valid).tolist() == [[1, 2]]


def signed_raster(path: Path, pixels: np.ndarray, no_data: float) -> Path:
    """Signed bytes as this version of GDAL has them."""
    of_its_own = getattr(gdal, "GDT_Int8", None)
    options = [] if of_its_own else ["PIXELTYPE=SIGNEDBYTE"]
    driver, (bands, height, width) = gdal.GetDriverByName("GTiff"), pixels.shape
    dataset = driver.Create(str(path), width, height, bands, of_its_own or gdal.GDT_Byte, options)
    dataset.SetGeoTransform(TRANSFORM)
    dataset.SetProjection(wkt(32633))
    for number, plane in enumerate(pixels, start=1):
        dataset.GetRasterBand(number).WriteArray(plane if of_its_own else plane.view(np.uint8))
        dataset.GetRasterBand(number).SetNoDataValue(no_data)
        dataset.GetRasterBand(number).SetDescription(f"band {number}")
    return path


@pytest.mark.parametrize("no_data", [-1, 5, -128])
def test_signed_bytes_are_signed(no_data: int, tmp_path: Path) -> None:
    """Read, resampled, in a mosaic, and as a mask: -1 is not 255."""
    pixels = np.arange(-128, 128, dtype=np.int16).astype(np.int8).reshape(1, 16, 16).repeat(2, 0)
    pixels[1] = pixels[1].T
    path = signed_raster(tmp_path / "s.tif", pixels, no_data)
    wanted = pixels != no_data
    twice = wanted.repeat(2, 1).repeat(2, 2)
    values = pixels.astype(np.float32).repeat(2, 1).repeat(2, 2)
    grid = Grid(32, 32, (TRANSFORM[0], 5.0, 0.0, TRANSFORM[3], 0.0, -5.0), wkt(32633))
    items = Collection((GdalInput(str(path)), GdalInput(str(path))), "both")
    for source in (GdalSource(GdalInput(str(path))), GdalSource(mosaic(items)[0])):
        with closing(source):
            assert [band.name for band in source.bands] == ["band 1", "band 2"]
            found, counts = source.read_bands(source.grid.window)
        np.testing.assert_array_equal(counts, wanted)
        np.testing.assert_array_equal(found, np.where(wanted, pixels, 0))
    with closing(on_grid(GdalInput(str(path)), grid, "nearest")) as source:
        found, counts = source.read_bands(grid.window)
    np.testing.assert_array_equal(counts, twice)
    np.testing.assert_array_equal(found, np.where(twice, values, 0))


def coloured(path: Path, key: str, dtype: str = "uint8") -> tuple[Path, np.ndarray, np.ndarray]:
    """Pixels of which those of one colour are NoData, others have a part of it; which these are."""
    pixels = np.random.default_rng(1).integers(1, 250, (3, 12, 14)).astype(dtype)
    pixels[:, 2:5] = 255
    pixels[0, 6:9] = 255
    hidden = (pixels == 255).all(axis=0)
    tif = write_raster(path / "white.tif", pixels, no_data=255)
    dataset = gdal.Open(str(tif), gdal.GA_Update)
    dataset.SetMetadataItem("NODATA_VALUES", "255 255 255")
    dataset = None
    if key == "NODATA_VALUES":
        return tif, pixels, hidden
    gdal.GetDriverByName("PNG").CreateCopy(str(path / "white.png"), gdal.Open(str(tif)))
    (path / "white.png.aux.xml").unlink(missing_ok=True)
    return path / "white.png", pixels, hidden


@pytest.mark.parametrize(("key", "dtype"), [("NODATA_VALUES", "uint8"), ("NODATA_VALUES", "uint16"), ("tRNS", "uint8")])
def test_a_colour_is_no_data_only_as_a_whole(key: str, dtype: str, tmp_path: Path) -> None:
    path, pixels, hidden = coloured(tmp_path, key, dtype)
    found, counts = read_bands(path)
    np.testing.assert_array_equal(counts, np.broadcast_to(~hidden, counts.shape))
    np.testing.assert_array_equal(found, np.where(hidden, 0, pixels))
    # Also where one band alone is read.
    with closing(GdalSource(GdalInput(str(path)))) as source:
        source.select([Channel(1)])
        assert (source.read(source.grid.window)[1] == ~hidden).all()


@pytest.mark.parametrize("more", [(), ((7.0, 7.0),)])
def test_a_colour_that_is_no_data_moves_to_another_grid(more: Any, tmp_path: Path) -> None:
    path, pixels, hidden = coloured(tmp_path, "NODATA_VALUES")
    counts = ~hidden & (pixels != 7) if more else np.broadcast_to(~hidden, pixels.shape)
    assert_kept_on_a_finer_grid(GdalInput(str(path), no_data_everywhere=more), pixels, counts)


def assert_kept_on_a_finer_grid(raster: GdalInput, pixels: np.ndarray, counts: np.ndarray) -> None:
    """On cells of half the size each value and its validity appear four times."""
    bands, height, width = pixels.shape
    grid = Grid(2 * width, 2 * height, (TRANSFORM[0], 5.0, 0.0, TRANSFORM[3], 0.0, -5.0), wkt(32633))
    with closing(on_grid(raster, grid, "nearest")) as source:
        source.select([Channel(number) for number in range(1, bands + 1)])
        found, kept = source.read_bands(grid.window)
    twice = counts.repeat(2, 1).repeat(2, 2)
    np.testing.assert_array_equal(np.broadcast_to(kept, twice.shape), twice)
    np.testing.assert_array_equal(np.where(twice, found, 0), np.where(twice, pixels.repeat(2, 1).repeat(2, 2), 0))


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("no_data", [None, 9])
def test_a_mask_and_no_data_move_to_another_grid(inside: bool, no_data: float | None, tmp_path: Path) -> None:
    """GDAL's warp forgets the mask where there is a NoData value."""
    pixels = numbers("int16")
    path = write_raster(tmp_path / "s.tif", pixels, no_data=no_data, mask=MASK, mask_inside=inside)
    assert_kept_on_a_finer_grid(GdalInput(str(path)), pixels, MASK & (pixels != (no_data or -99)))


def test_no_data_that_the_type_cannot_hold_hides_nothing_on_another_grid(tmp_path: Path) -> None:
    """GDAL's warp would bring -9999 to 0 and hide that."""
    pixels = numbers("uint8")
    pixels[:, 0] = 0
    path = write_raster(tmp_path / "s.tif", pixels)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number in (1, 2):
        dataset.GetRasterBand(number).SetNoDataValue(-9999)
    dataset = None
    assert_kept_on_a_finer_grid(GdalInput(str(path)), pixels, np.ones(pixels.shape, bool))


@pytest.mark.parametrize("lowest", [-3.4e38, -3.40282e38])
def test_a_rounded_no_data_value_moves_to_another_grid(lowest: float, tmp_path: Path) -> None:
    pixels = numbers()
    pixels[0, 1:3] = np.finfo(np.float32).min
    path = write_raster(tmp_path / "s.tif", pixels, no_data=lowest)
    assert_kept_on_a_finer_grid(GdalInput(str(path)), pixels, pixels > -1)


def own_masks(path: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    """Three bands, of which the first one has a mask of its own."""
    mask = write_raster(path / "m.tif", np.where(MASK, 255, 0).astype(np.uint8)[None])
    source = f"<SimpleSource><SourceFilename>{mask}</SourceFilename></SimpleSource>"
    band = f"<MaskBand><VRTRasterBand dataType='Byte'>{source}</VRTRasterBand></MaskBand></VRTRasterBand>"
    vrt = build_vrt(path / "s.vrt", write_raster(path / "s.tif", numbers(bands=3)))
    vrt.write_text(vrt.read_text().replace("</VRTRasterBand>", band, 1))
    return vrt, numbers(bands=3), np.stack([MASK, np.ones_like(MASK), np.ones_like(MASK)])


def test_masks_of_single_bands_move_to_another_grid(tmp_path: Path) -> None:
    vrt, pixels, counts = own_masks(tmp_path)
    assert_kept_on_a_finer_grid(GdalInput(str(vrt)), pixels, counts)


def test_masks_of_single_bands_stay_in_mosaics_of_what_is_warped(tmp_path: Path) -> None:
    vrt, pixels, counts = own_masks(tmp_path)
    fine = np.full((3, 2, 2), 5, np.float32)
    start = (TRANSFORM[0] + 100, 5.0, 0.0, TRANSFORM[3], 0.0, -5.0)
    first = write_raster(tmp_path / "fine.tif", fine, transform=start)
    raster, _ = mosaic(Collection((GdalInput(str(first)), GdalInput(str(vrt))), "both"))
    with closing(GdalSource(raster)) as source:
        found, kept = source.read_bands(Window(0, 0, 10, 8))
    twice = counts.repeat(2, 1).repeat(2, 2)
    np.testing.assert_array_equal(kept, twice)
    np.testing.assert_array_equal(found, np.where(twice, pixels.repeat(2, 1).repeat(2, 2), 0))


@pytest.mark.parametrize("bands", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32"])
def test_what_an_item_of_a_mosaic_does_not_cover_hides_nothing_and_does_not_count(
    dtype: str, bands: int, tmp_path: Path
) -> None:
    """A raster whose rows run askew covers a part of its frame only.

    GDAL knows an alpha band as a mask beside one or three bands, and only if it has bytes.
    """
    below = write_raster(tmp_path / "below.tif", np.full((bands, 20, 20), 3, dtype))
    askew = (TRANSFORM[0] + 100, 7.0, 7.0, TRANSFORM[3], 7.0, -7.0)
    above = write_raster(tmp_path / "above.tif", np.full((bands, 20, 20), 7, dtype), transform=askew)
    raster, _ = mosaic(Collection((GdalInput(str(below)), GdalInput(str(above))), "both"))
    warped = gdal.Warp("", str(above), format="MEM", xRes=10, yRes=10, dstAlpha=True, targetAlignedPixels=True)
    with closing(GdalSource(raster)) as source:
        found, counts = source.read_bands(source.grid.window)
    values, frequency = np.unique(found[:, counts.all(axis=0)], return_counts=True)
    assert set(values) == {3, 7}
    np.testing.assert_array_equal(found != 0, np.broadcast_to(counts, found.shape))
    assert frequency[1] == pytest.approx(bands * np.count_nonzero(warped.ReadAsArray()[-1]), rel=0.02)


def test_transparent_pixels_of_many_bands_do_not_count_in_a_mosaic(tmp_path: Path) -> None:
    pixels = np.full((5, 4, 5), 9, np.uint8)
    pixels[4] = np.where(MASK, 255, 0)
    path = write_raster(tmp_path / "s.tif", pixels, alpha=5)
    raster, _ = mosaic(Collection((GdalInput(str(path)), GdalInput(str(path))), "both"))
    with closing(GdalSource(raster)) as source:
        assert (source.read(source.grid.window)[1] == MASK).all()


def test_a_raster_that_opens_with_a_complaint_is_read(tmp_path: Path, gdal_mode: bool) -> None:
    """As GDAL's own programs and QGIS do: here a box of the file is damaged, not its pixels."""
    driver = gdal.GetDriverByName("JP2OpenJPEG")
    if driver is None:
        pytest.skip("this GDAL has no driver for JPEG 2000")
    path = tmp_path / "s.jp2"
    source = gdal.Open(str(write_raster(tmp_path / "s.tif", numbers("uint8", 1))))
    driver.CreateCopy(str(path), source, 0, ["QUALITY=100", "REVERSIBLE=YES", "GMLJP2=YES"])
    content = path.read_bytes()
    assert b"</gml:FeatureCollection>" in content
    path.write_bytes(content.replace(b"</gml:FeatureCollection>", b"\0" * len(b"</gml:FeatureCollection>")))
    found, valid = read(path)
    assert valid.all()
    np.testing.assert_array_equal(found, gdal.Open(str(path)).ReadAsArray()[None])


def test_a_decimal_no_data_value_of_a_float_band(tmp_path: Path) -> None:
    """The file says -9999.9 as a double, the pixels are its nearest float."""
    pixels = numbers(bands=1)
    pixels[0, 3, 4] = -9999.9
    _, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=-9999.9))
    assert np.argwhere(~valid).tolist() == [[3, 4]]


def test_a_no_data_value_that_the_type_cannot_hold_hides_nothing(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", numbers("uint8"))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number in (1, 2):
        dataset.GetRasterBand(number).SetNoDataValue(-9999)
    dataset = None
    assert read(path)[1].all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_data(dtype: str, bad: float, tmp_path: Path) -> None:
    pixels = numbers(dtype)
    pixels[0, 0, 0] = pixels[1, 1, 1] = pixels[0, 1, 1] = bad
    for no_data in (None, 7, float("nan")):
        found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data))
        assert np.isfinite(found).all()
        assert found[0, 0, 0] == 0
        assert not valid[1, 1]
        assert valid[0, 0]


@pytest.mark.parametrize("value", [1e39, -1e300, 1.7976931348623157e308])
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_double_that_no_float_holds_is_not_finite_for_the_network(value: float, tmp_path: Path) -> None:
    pixels = numbers("float64", bands=1)
    pixels[0, 2, 3] = value
    found, valid = read(write_raster(tmp_path / "s.tif", pixels))
    assert np.isfinite(found).all()
    assert np.argwhere(~valid).tolist() == [[2, 3]]


def test_ranges_of_the_user_add_to_the_files_own(tmp_path: Path) -> None:
    pixels = numbers()
    path = write_raster(tmp_path / "s.tif", pixels, no_data=20)
    found, _ = read(path, {1: ((3.0, 5.0), (7.0, 7.0))})
    hidden = np.isin(pixels, [3, 4, 5, 7, 20])
    assert ((found == 0) == hidden).all()
    _, valid = read(path, {1: ((0.0, 100.0),), 2: ((21.0, 22.5),)})
    assert np.argwhere(~valid).tolist() == [[0, 0], [0, 1]]


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("no_data", [None, 9])
def test_a_mask_hides_all_bands(inside: bool, no_data: float | None, tmp_path: Path) -> None:
    """Inside the file, or in a .msk beside it; a NoData value comes on top."""
    path = write_raster(tmp_path / "s.tif", numbers(), no_data=no_data, mask=MASK, mask_inside=inside)
    assert (tmp_path / "s.tif.msk").exists() != inside
    found, valid = read(path)
    assert (valid == MASK).all()
    assert found[0, 1, 3] == (0 if no_data == 9 else 9)


@pytest.mark.parametrize("no_data", [None, 3])
def test_an_alpha_band_hides_pixels_and_is_no_band_of_its_own(no_data: float | None, tmp_path: Path) -> None:
    """GDAL's own mask forgets the alpha band where there is a NoData value."""
    pixels = numbers("uint8", bands=3)
    pixels[2] = np.where(MASK, 255, 0)
    pixels[2, 0, 0] = 1
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data, alpha=3))
    assert (valid == MASK).all()
    assert found.shape[0] == 2
    assert found[0, 0, 2] == (0 if no_data == 3 else 3)


def test_a_mask_of_one_band_hides_that_band_only(tmp_path: Path) -> None:
    mask = write_raster(tmp_path / "m.tif", np.where(MASK, 255, 0).astype(np.uint8)[None])
    source = f"<SimpleSource><SourceFilename>{mask}</SourceFilename></SimpleSource>"
    band = f"<MaskBand><VRTRasterBand dataType='Byte'>{source}</VRTRasterBand></MaskBand></VRTRasterBand>"
    vrt = build_vrt(tmp_path / "s.vrt", write_raster(tmp_path / "s.tif", numbers()))
    vrt.write_text(vrt.read_text().replace("</VRTRasterBand>", band, 1))
    found, valid = read(vrt)
    assert ((found[0] == 0) == ~MASK).all()
    assert (found[1] == numbers()[1]).all()
    assert valid.all()


def test_masks_are_read_where_the_pixels_are(tmp_path: Path) -> None:
    pixels = numbers("uint8", bands=2)
    pixels[1] = np.where(MASK, 255, 0)
    path = write_raster(tmp_path / "s.tif", pixels, alpha=2)
    with closing(GdalSource(GdalInput(str(path)))) as source:
        _, valid = source.read(Window(1, 1, 3, 2))
    assert (valid == MASK[1:3, 1:4]).all()


def test_a_raster_without_any_no_data_counts_everywhere(tmp_path: Path) -> None:
    pixels = np.zeros((2, 4, 5), np.uint8)
    found, valid = read(write_raster(tmp_path / "s.tif", pixels))
    assert valid.all()
    assert (found == 0).all()
