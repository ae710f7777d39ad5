# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    OutputFolderError,
    OutputFormatError,
    OutputIsInputError,
    OutputWriteError,
)
from classify_pixels.inference.grid import ControlPoint, Grid
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import (
    BLOCK_CACHE,
    ClassCount,
    ClassTally,
    GdalInput,
    GdalSource,
    GeoTiffSink,
    RasterFormat,
    ScoreSink,
    check_output,
    file_windows,
    legend_of,
)
from classify_pixels.inference.raster.gdal_options import SMALLEST_CACHE
from classify_pixels.inference.raster.write.qml import qml_style
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, build_vrt, random_pixels, read_raster, wkt, write_raster
from tests.unit.runs import names_in

NAMES = {1: "Wald & Wiese", 2: 'a < "b"', 7: "Gewässer"}


def classes(values: Any = (1, 2, 7)) -> list[ModelClass]:
    return [ModelClass(value, NAMES.get(value, f"class {value}"), (value % 256, 9, 255)) for value in values]


def sink_of(output: Path, width: int, height: int, values: Any = (1, 2, 7), **grid: Any) -> GeoTiffSink:
    place = {"transform": TRANSFORM, "crs": wkt(32633), **grid}
    return GeoTiffSink(output, Grid(width, height, **place), legend_of(classes(values)), {"MODEL": "Land cover"})


def write(output: Path, pixels: np.ndarray, values: Any = (1, 2, 7), **grid: Any) -> tuple[ClassCount, ...]:
    with sink_of(output, pixels.shape[1], pixels.shape[0], values, **grid) as sink:
        return finish(sink, pixels, grid)


def finish(
    sink: GeoTiffSink, pixels: np.ndarray, grid: Mapping[str, Any] = MappingProxyType({})
) -> tuple[ClassCount, ...]:
    """Writes what has not been written and gives the file its name."""
    tally = ClassTally(
        sink.legend.classes, Grid(*pixels.shape[::-1], **{"transform": TRANSFORM, "crs": wkt(32633), **grid})
    )
    counts = tally.total([tally.count(Window(0, 0, *pixels.shape[::-1]), pixels)])
    for window in file_windows(*pixels.shape[::-1]):
        sink.write(window, pixels[None, window.y : window.bottom, window.x : window.right])
    sink.complete(counts)
    sink.publish()
    return counts


def some_classes(height: int, width: int, values: Any = (1, 2, 7, 255), seed: int = 0) -> np.ndarray:
    """Patches of 16 x 16 pixels."""
    patches = np.random.default_rng(seed).choice(values, size=(height // 16 + 1, width // 16 + 1))
    return np.kron(patches, np.ones((16, 16), int))[:height, :width]


PIXELS = some_classes(40, 50).astype(np.uint8)


# --- nothing half done ---------------------------------------------------------------------------------


def test_the_output_appears_when_it_is_complete(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    with sink_of(output, 50, 40) as sink:
        sink.write(Window(0, 0, 50, 40), PIXELS[None])
        assert not output.exists()
        finish(sink, PIXELS)
        assert (read_raster(output) == PIXELS).all()
    assert names_in(tmp_path) == ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


@pytest.mark.parametrize(
    "name", ["classes.tif", "map [1].tif", "a*b?.tif", "a.tif.tif", ".hidden.tif", "Größe 50%.TIFF"]
)
@pytest.mark.parametrize("existing", [True, False])
def test_an_interrupted_run_leaves_everything_as_it_was(name: str, existing: bool, tmp_path: Path) -> None:
    output = tmp_path / name
    if existing:
        write(output, PIXELS)
        output.with_name(output.name + ".ovr").write_bytes(b"overviews")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with sink_of(output, 50, 40) as sink:
        sink.write(Window(0, 0, 50, 20), PIXELS[None, :20])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_existing_output_is_replaced_with_all_its_sidecars(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    for stale in (
        "classes.tif",
        "classes.tif.aux.xml",
        "classes.qml",
        "classes.tif.ovr",
        "classes.tif.msk",
        "classes.tfw",
    ):
        (tmp_path / stale).write_text("stale")
    (tmp_path / "classes.qml").write_text(qml_style(legend_of(classes([1, 9]))))
    (tmp_path / "classes.gpkg").write_text("not ours")
    write(output, PIXELS)
    assert names_in(tmp_path) == ["classes.gpkg", "classes.qml", "classes.tif", "classes.tif.aux.xml"]
    assert (read_raster(output) == PIXELS).all()
    assert b"stale" not in b"".join(path.read_bytes() for path in tmp_path.glob("classes.[qt]*"))
    assert "class 9" not in (tmp_path / "classes.qml").read_text(encoding="utf-8")


# --- what is in the file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "no_data"),
    [
        ([1, 2, 7], gdal.GDT_Byte, 255),
        ([0, 255], gdal.GDT_Byte, 254),
        ([1, 300], gdal.GDT_UInt16, 65535),
        ([1, 65536], gdal.GDT_UInt32, 4294967295),
        ([-5, 1], gdal.GDT_Int16, 32767),
        ([-5, 70_000], gdal.GDT_Int32, 2147483647),
    ],
)
def test_type_and_no_data(values: list[int], kind: int, no_data: int, tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    pixels = np.array([[values[0], values[1]], [no_data, values[0]]])
    counts = write(output, pixels.astype(legend_of(classes(values)).dtype), values)
    dataset = gdal.Open(str(output))
    band = dataset.GetRasterBand(1)
    assert (band.DataType, band.GetNoDataValue()) == (kind, no_data)
    assert (band.ReadAsArray().astype(np.int64) == pixels).all()
    assert [count.pixels for count in counts][:2] == [2, 1]
    assert (band.GetColorTable() is not None) == (kind in (gdal.GDT_Byte, gdal.GDT_UInt16))


def test_colours_and_names_in_the_file(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    write(output, PIXELS)
    dataset = gdal.Open(str(output))
    band = dataset.GetRasterBand(1)
    table = band.GetColorTable()
    assert [table.GetColorEntry(value)[:3] for value in (1, 2, 7)] == [(1, 9, 255), (2, 9, 255), (7, 9, 255)]
    assert table.GetColorEntry(255)[3] == 0
    assert band.GetCategoryNames()[:8] == ["", NAMES[1], NAMES[2], "", "", "", "", NAMES[7]]


@pytest.mark.parametrize("values", [(1, 2, 7), (-3, 1, 40_000)])
def test_the_attribute_table_counts_every_class(values: tuple[int, ...], tmp_path: Path) -> None:
    output, legend = tmp_path / "classes.tif", legend_of(classes(values))
    pixels = some_classes(40, 50, (*values, legend.no_data)).astype(legend.dtype)
    counts = write(output, pixels, values)
    dataset = gdal.Open(str(output))
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    rows = [[table.GetValueAsString(row, column) for column in range(7)] for row in range(table.GetRowCount())]
    for row, value, count in zip(rows, values, counts):
        hits = int((pixels == value).sum())
        assert [int(row[0]), float(row[1]), float(row[2])] == [value, hits, pytest.approx(count.area)]
        assert row[3:] == [NAMES.get(value, f"class {value}"), str(value % 256), "9", "255"]
        assert (count.legend_class.value, count.pixels) == (value, hits)
        # The scene lies on the middle meridian of its UTM zone.
        assert count.area == pytest.approx(hits * 100 / 0.9996**2, rel=1e-5)
    assert len(rows) == len(values)


def test_statistics_are_those_of_the_valid_pixels(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    write(output, PIXELS)
    dataset, valid = gdal.Open(str(output)), PIXELS[PIXELS != 255].astype(float)
    band = dataset.GetRasterBand(1)
    expected = [valid.min(), valid.max(), valid.mean(), valid.std()]
    assert band.GetStatistics(False, False) == pytest.approx(expected, rel=1e-9)
    assert float(band.GetMetadataItem("STATISTICS_VALID_PERCENT")) == pytest.approx(
        100 * valid.size / PIXELS.size, rel=1e-3
    )


def test_a_result_without_a_class_has_no_statistics(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    counts = write(output, np.full((3, 3), 255, np.uint8))
    assert [count.pixels for count in counts] == [0, 0, 0]
    dataset = gdal.Open(str(output))
    assert "STATISTICS_MEAN" not in dataset.GetRasterBand(1).GetMetadata()


def test_the_style_beside_the_file(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    write(output, PIXELS)
    entries = ElementTree.parse(tmp_path / "classes.qml").findall(".//paletteEntry")
    assert [(entry.get("value"), entry.get("label")) for entry in entries] == [(str(v), n) for v, n in NAMES.items()]


@pytest.mark.parametrize("name", ["\x07bell", "\ud800"])
def test_a_name_that_no_file_can_hold_does_not_fail_the_run(name: str, tmp_path: Path) -> None:
    """It comes from a model's JSON, and shows only after the last tile."""
    legend = legend_of([ModelClass(1, name, (0, 0, 0))])
    with GeoTiffSink(tmp_path / "classes.tif", Grid(2, 2), legend, {}) as sink:
        finish(sink, np.ones((2, 2), np.uint8))
    ElementTree.parse(tmp_path / "classes.qml")
    ElementTree.parse(tmp_path / "classes.tif.aux.xml")


@pytest.mark.parametrize("size", [(1400, 700), (513, 40), (600, 2100)])
def test_overviews_hold_only_values_that_occur(size: tuple[int, int], tmp_path: Path) -> None:
    output, pixels = tmp_path / "classes.tif", some_classes(*size, (1, 7, 255)).astype(np.uint8)
    write(output, pixels)
    dataset = gdal.Open(str(output))
    band = dataset.GetRasterBand(1)
    overviews = [band.GetOverview(index) for index in range(band.GetOverviewCount())]
    assert overviews
    assert max(overviews[-1].XSize, overviews[-1].YSize) <= 512
    for overview in overviews:
        assert set(np.unique(overview.ReadAsArray())) <= {1, 7, 255}
    assert np.mean(overviews[0].ReadAsArray() == pixels[::2, ::2]) > 0.95


def test_a_small_result_has_no_overviews(tmp_path: Path) -> None:
    write(tmp_path / "classes.tif", PIXELS)
    dataset = gdal.Open(str(tmp_path / "classes.tif"))
    assert dataset.GetRasterBand(1).GetOverviewCount() == 0


def test_the_file_is_tiled_and_compressed(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    write(output, some_classes(1400, 700).astype(np.uint8))
    dataset = gdal.Open(str(output))
    assert dataset.GetRasterBand(1).GetBlockSize() == [512, 512]
    assert dataset.GetMetadata("IMAGE_STRUCTURE")["COMPRESSION"] == "DEFLATE"
    assert dataset.GetMetadataItem("MODEL") == "Land cover"
    assert output.stat().st_size < 1400 * 700 / 10


def test_the_place_of_the_file(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    write(output, PIXELS)
    dataset = gdal.Open(str(output))
    assert dataset.GetGeoTransform() == TRANSFORM
    assert "UTM zone 33N" in dataset.GetProjection()


def test_a_grid_without_place(tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    counts = write(output, PIXELS, transform=None, crs="")
    dataset = gdal.Open(str(output))
    assert dataset.GetGeoTransform(can_return_null=True) is None
    assert dataset.GetProjection() == ""
    assert all(count.area is None for count in counts)


def test_control_points_are_kept(tmp_path: Path) -> None:
    output, points = (
        tmp_path / "classes.tif",
        (ControlPoint(1.5, 2.5, 100.0, 200.0, 5.0), ControlPoint(0, 40, 7.0, 8.0, 0.0)),
    )
    write(output, PIXELS, transform=None, control_points=points)
    dataset = gdal.Open(str(output))
    found = [(p.GCPPixel, p.GCPLine, p.GCPX, p.GCPY, p.GCPZ) for p in dataset.GetGCPs()]
    assert found == [(1.5, 2.5, 100.0, 200.0, 5.0), (0, 40, 7.0, 8.0, 0.0)]
    assert "UTM zone 33N" in dataset.GetGCPProjection()


# --- where it cannot be written ------------------------------------------------------------------------


def check_and_open(output: Path, inputs: tuple[str, ...] = ()) -> GeoTiffSink:
    check_output(output, inputs)
    return sink_of(output, 50, 40)


@pytest.mark.parametrize("name", ["classes.png", "classes", "classes.tif.zip", "classes.vrt"])
def test_only_a_geotiff_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputFormatError, match=re.escape(name)):
        check_and_open(tmp_path / name)


def test_a_folder_in_the_place_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "folder.tif").mkdir()
    with pytest.raises(ClassifyPixelsError, match=r"folder\.tif"):
        check_and_open(tmp_path / "folder.tif")


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputFolderError, match="absent.*does not exist"):
        check_and_open(tmp_path / "absent" / "classes.tif")
    with pytest.raises(OutputWriteError, match=r"classes\.tif"):
        sink_of(tmp_path / "absent" / "classes.tif", 50, 40)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputFolderError, match="file"):
        check_and_open(tmp_path / "file" / "classes.tif")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="this system has no /proc")
def test_a_folder_that_takes_no_files() -> None:
    with pytest.raises((OutputFolderError, OutputWriteError), match="/proc"):
        check_and_open(Path("/proc/classes.tif"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_read_only_disk(disk: Path) -> None:
    if subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True).returncode != 0:
        pytest.skip("mounting a disk is not permitted here")
    with pytest.raises(OutputFolderError, match="disk.*not writable"):
        check_and_open(disk / "classes.tif")


def test_a_full_disk(disk: Path) -> None:
    output = disk / "classes.tif"
    write(output, PIXELS)
    before = {path.name: path.read_bytes() for path in disk.iterdir()}
    noise = np.random.default_rng(0).integers(1, 255, size=(3000, 1000)).astype(np.uint8)

    def fill() -> None:
        with sink_of(output, 1000, 3000, values=range(1, 255)) as sink:
            finish(sink, noise)

    with pytest.raises(OutputWriteError, match=r"classes\.tif cannot be written.*free space"):
        fill()
    assert {path.name: path.read_bytes() for path in disk.iterdir()} == before


# --- the output is an input ----------------------------------------------------------------------------


def test_the_output_may_not_be_an_input(tmp_path: Path) -> None:
    output = write_raster(tmp_path / "scene.tif", random_pixels(1, 4, 4))
    link = tmp_path / "link.tif"
    link.symlink_to(output)
    hard = tmp_path / "hard.tif"
    os.link(output, hard)
    for name in (str(output), str(link), str(hard), f"{tmp_path}/./x/../scene.tif"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(OutputIsInputError, match=r"scene\.tif is also an input"):
            check_output(output, ["/absent", name])


@pytest.mark.parametrize("suffix", [".ovr", ".msk", ".aux.xml", ".vat.dbf"])
def test_a_side_file_of_the_output_may_not_be_an_input(suffix: str, tmp_path: Path) -> None:
    beside = tmp_path / f"classes.tif{suffix}"
    beside.write_bytes(b"input")
    check_output(tmp_path / "classes.tif", [])
    with pytest.raises(OutputIsInputError):
        check_output(tmp_path / "classes.tif", [str(beside)])


@pytest.mark.parametrize("inputs", [(), ("",), ("/absent.tif",), ("/vsicurl/https://example.org/classes.tif",)])
def test_other_inputs_do_not_matter(inputs: tuple[str, ...], tmp_path: Path) -> None:
    write_raster(tmp_path / "classes.tif", random_pixels(1, 4, 4))
    check_output(tmp_path / "classes.tif", inputs)


@pytest.mark.parametrize("through", ["raster", "vrt", "nested"])
def test_the_files_behind_a_vrt_are_inputs(through: str, tmp_path: Path) -> None:
    output = name = write_raster(tmp_path / "scene.tif", random_pixels(1, 4, 4))
    for level in range(("raster", "vrt", "nested").index(through)):
        name = build_vrt(tmp_path / f"{level}.vrt", name)
    source = GdalSource(GdalInput(str(name)))
    with pytest.raises(OutputIsInputError, match=r"scene\.tif"):
        check_output(output, source.files)
    source.close()


def test_many_bands_of_scores_are_written_once_with_a_small_cache(tmp_path: Path) -> None:
    """A block that leaves the cache before its last band is there is written, read and written again."""
    cells = np.random.default_rng(0).random((10, 16, 64), np.float32)
    scores = np.repeat(np.repeat(cells, 32, axis=1), 32, axis=2)
    names = [f"class {number}" for number in range(len(scores))]

    def size(cache: int) -> int:
        grid = Grid(scores.shape[2], scores.shape[1], TRANSFORM, wkt(32633))
        with BLOCK_CACHE.wanted(cache), ScoreSink(tmp_path / "s.tif", grid, names, {}, RasterFormat()) as sink:
            for window in file_windows(grid.width, grid.height):
                rows, columns = window.within(grid.window)
                sink.write(window, scores[:, rows, columns])
            sink.complete()
            sink.publish()
        return (tmp_path / "s.tif").stat().st_size

    assert size(SMALLEST_CACHE) < 1.2 * size(1 << 30)
