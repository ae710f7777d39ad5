# SPDX-License-Identifier: GPL-2.0-or-later
"""No creation option and no option of GDAL in the environment changes a value, drops a place or writes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import CreationOptionsError, OutputWriteError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import (
    ClassTally,
    GeoTiffSink,
    RasterFormat,
    ScoreSink,
    legend_of,
    read_format,
)
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt
from tests.unit.runs import names_in

SIZE = Window(0, 0, 560, 520)
GRID = Grid(560, 520, transform=TRANSFORM, crs=wkt(32633))
NUMBERS = {"BLOCKXSIZE": "256", "BLOCKYSIZE": "256", "BLOCKSIZE": "128"}


@cache
def classes_of(values: tuple[int, ...]) -> np.ndarray:
    legend = legend_of([ModelClass(value, f"class {value}", (9, 9, 9)) for value in values])
    patches = np.random.default_rng(0).choice([*values, legend.no_data], size=(65, 70))
    return np.kron(patches, np.ones((8, 8))).astype(legend.dtype)


def write(folder: Path, form: RasterFormat, values: tuple[int, ...] = (3, 5, 10)) -> Path:
    legend = legend_of([ModelClass(value, f"class {value}", (9, 9, 9)) for value in values])
    pixels = classes_of(values)
    tally = ClassTally(legend.classes, GRID)
    with GeoTiffSink(folder / "map.tif", GRID, legend, {"MODEL": "m"}, form) as sink:
        sink.write(SIZE, pixels[None])
        sink.complete(tally.total([tally.count(SIZE, pixels)]))
        sink.publish()
    return folder / "map.tif"


@cache
def scores_of() -> np.ndarray:
    # Patches, which are soon compressed; their sides are odd, so that overviews mix them.
    scores = np.kron(np.random.default_rng(1).random((104, 112)), np.ones((5, 5))).astype(np.float32)
    scores[:50] = np.nan
    return scores


def write_scores(folder: Path, form: RasterFormat) -> Path:
    with ScoreSink(folder / "scores.tif", GRID, ["a"], {}, form) as sink:
        sink.write(SIZE, scores_of()[None])
        sink.complete()
        sink.publish()
    return folder / "scores.tif"


def overviews(path: Path) -> list[np.ndarray]:
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    return [band.GetOverview(index).ReadAsArray() for index in range(band.GetOverviewCount())]


def check(path: Path, values: tuple[int, ...] = (3, 5, 10)) -> None:
    """Compares pixels with what was written, overviews with every second value's neighbours, and the place."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    expected = classes_of(values)
    assert np.array_equal(dataset.ReadAsArray(), expected)
    assert dataset.GetGeoTransform() == TRANSFORM
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "32633"
    assert band.GetNoDataValue() == legend_of([ModelClass(v, "", (0, 0, 0)) for v in values]).no_data
    assert band.GetDefaultRAT().GetRowCount() == len(values)
    for shown in overviews(path):
        assert set(np.unique(shown)) <= {*values, band.GetNoDataValue()}


def every_option() -> Iterator[tuple[str, str]]:
    for driver, form in (("GTiff", "GTIFF"), ("COG", "COG")):
        listed = gdal.GetDriverByName(driver).GetMetadataItem("DMD_CREATIONOPTIONLIST")
        for option in ElementTree.fromstring(listed):
            name = option.get("name", "")
            given = [value.text for value in option.iter("Value")]
            if option.get("type") == "boolean":
                given = ["YES", "NO"]
            for value in given or [NUMBERS.get(name, "2")]:
                yield form, f"{name}={value}"


@pytest.mark.parametrize(("form", "option"), list(every_option()))
def test_each_option_that_gdal_knows_is_refused_or_leaves_everything_as_it_is(
    form: str, option: str, tmp_path: Path
) -> None:
    extra = "|TILED=YES" if option.startswith("BLOCK") else ""
    try:
        chosen = read_format(f"FORMAT={form}|{option}{extra if form == 'GTIFF' else ''}")
    except CreationOptionsError:
        return
    try:
        check(write(tmp_path, chosen))
    except OutputWriteError:
        assert names_in(tmp_path) == []
        return
    assert names_in(tmp_path) == ["map.qml", "map.tif", "map.tif.aux.xml"]
    np.testing.assert_array_equal(gdal.Open(str(write_scores(tmp_path, chosen))).ReadAsArray(), scores_of())


@pytest.mark.parametrize(
    "options",
    [
        "DISCARD_LSB=2", "NBITS=4", "PIXELTYPE=SIGNEDBYTE", "PROFILE=BASELINE", "PROFILE=GeoTIFF", "TFW=YES",
        "PHOTOMETRIC=MINISWHITE", "ALPHA=YES", "COMPRESS=LERC", "COMPRESS=LERC_ZSTD|MAX_Z_ERROR=1", "COMPRESS=WEBP",
        "COMPRESS=CCITTFAX4", "MAX_Z_ERROR=1", "STREAMABLE_OUTPUT=YES", "COPY_SRC_OVERVIEWS=YES", "TILED=PERHAPS",
        "FORMAT=COG|OVERVIEWS=IGNORE_EXISTING|RESAMPLING=CUBIC", "FORMAT=COG|OVERVIEW_RESAMPLING=CUBIC",
        "FORMAT=COG|OVERVIEWS=IGNORE_EXISTING", "FORMAT=COG|RESAMPLING=AVERAGE", "FORMAT=COG|OVERVIEW_COUNT=3",
        "FORMAT=COG|OVERVIEW_COMPRESS=JPEG", "FORMAT=COG|OVERVIEW_COMPRESS=LERC", "FORMAT=COG|QUALITY=50",
        "FORMAT=COG|TILING_SCHEME=GoogleMapsCompatible", "FORMAT=COG|TARGET_SRS=EPSG:3857", "FORMAT=COG|ADD_ALPHA=YES",
        "FORMAT=COG|discard_lsb=1", "discard_lsb=1",
    ],
)  # fmt: skip
def test_options_that_harm_are_refused_by_name(options: str) -> None:
    with pytest.raises(CreationOptionsError) as caught:
        read_format(options)
    assert str(caught.value.values["options"]).split("=")[0] in options.upper()


@pytest.mark.parametrize("values", [(3, 5, 10), (-5, 3, 70_000)], ids=["bytes", "32 bits"])
@pytest.mark.parametrize("options", ["", "BLOCKSIZE=128", "OVERVIEWS=AUTO|BLOCKSIZE=256", "OVERVIEWS=NONE"])
def test_overviews_of_a_cloud_optimized_map_hold_its_classes_only(
    options: str, values: tuple[int, ...], tmp_path: Path
) -> None:
    path = write(tmp_path, read_format(f"FORMAT=COG|{options}"), values)
    check(path, values)
    assert len(overviews(path)) == (0 if "NONE" in options else 1)


ENVIRONMENT = {
    "COMPRESS_OVERVIEW": "JPEG",
    "GDAL_GEOREF_SOURCES": "NONE",
    "GDAL_PAM_ENABLED": "NO",
    "GTIFF_DONT_WRITE_BLOCKS": "YES",
    "GTIFF_POINT_GEO_IGNORE": "YES",
    "PHOTOMETRIC_OVERVIEW": "YCBCR",
    "PREDICTOR_OVERVIEW": "3",
    "TIFF_USE_OVR": "YES",
    "USE_RRD": "YES",
}


@pytest.fixture(scope="module", params=[RasterFormat(), RasterFormat(cloud_optimized=True)], ids=["GTIFF", "COG"])
def plain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RasterFormat, Path]:
    """A format, and the folder of a map and of scores in it that no option of the environment has seen."""
    folder = tmp_path_factory.mktemp("plain")
    write(folder, request.param)
    write_scores(folder, request.param)
    return request.param, folder


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_options_of_gdal_in_the_environment_change_nothing(
    name: str, plain: tuple[RasterFormat, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, without = plain
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv(name, ENVIRONMENT[name])
    assert gdal.GetConfigOption(name) == ENVIRONMENT[name]
    write(other, form)
    write_scores(other, form)
    assert gdal.GetConfigOption(name) == ENVIRONMENT[name]
    monkeypatch.delenv(name)
    check(other / "map.tif")
    assert names_in(without) == names_in(other)
    for file in ("map.tif", "scores.tif"):
        assert len(overviews(without / file)) == len(overviews(other / file)) == 1
        np.testing.assert_array_equal(overviews(without / file)[0], overviews(other / file)[0])
    np.testing.assert_array_equal(gdal.Open(str(other / "scores.tif")).ReadAsArray(), scores_of())
