# SPDX-License-Identifier: GPL-2.0-or-later
"""Why a raster cannot be read: each reason has its own sentence, and only a file is said to be incomplete."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.accuracy import (
    AssessmentRequest,
    RasterReference,
    SampleRequest,
    assess_accuracy,
    draw_sample,
)
from classify_pixels.inference.errors import (
    CollectionError,
    RasterAddressError,
    RasterCodecError,
    RasterDatabaseError,
    RasterFormatError,
    RasterMemoryError,
    RasterMissingError,
    RasterNameError,
    RasterRightsError,
    RasterUnreadableError,
)
from classify_pixels.inference.events import Warned
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.raster import GdalInput, GdalSource, complete_reads, open_raster, read_collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from classify_pixels.inference.raster.collection.stac import read_stac
from classify_pixels.inference.raster.gdal_call import GdalError
from classify_pixels.inference.raster.read.input_files import input_files
from classify_pixels.inference.raster.read.unreadable import unreadable

from .rasters import random_pixels, write_raster

COMPLETE = "exists and is complete"
# The tag of the compression in a TIFF, with the value for none.
COMPRESSION = b"\x03\x01\x03\x00\x01\x00\x00\x00"


def with_compression(path: Path, number: int) -> Path:
    """Writes a TIFF that claims to be compressed in some way."""
    write_raster(path, random_pixels(1, 10, 10))
    content = path.read_bytes()
    place = content.index(COMPRESSION) + len(COMPRESSION)
    path.write_bytes(content[:place] + number.to_bytes(2, "little") + content[place + 2 :])
    return path


@pytest.mark.usefixtures("gdal_mode")
@pytest.mark.parametrize(
    ("uri", "kind", "said"),
    [
        ("/vsicurl/http://127.0.0.1:9/a.tif", RasterAddressError, "connect|no such file"),
        ("http://127.0.0.1:9/a.tif", RasterAddressError, "connect"),
        ("PG:host=127.0.0.1 port=1 dbname=x table=y", RasterDatabaseError, "connection"),
        ("MSSQL:server=x", RasterFormatError, "no driver"),
        ("NODRIVER:x", RasterFormatError, "no driver NODRIVER"),
        ("x" * 300 + ".tif", RasterNameError, "too long"),
        ("a\0b.tif", RasterNameError, "null character"),
        ("a\udce4b.tif", RasterNameError, "not UTF-8"),
        ("", RasterMissingError, "No input raster is set"),
        ("/nonexistent/a.tif", RasterUnreadableError, COMPLETE),
        ("a.tif/b.tif", RasterUnreadableError, COMPLETE),
    ],
)
def test_each_reason_has_its_own_sentence(uri: str, kind: type[RasterUnreadableError], said: str) -> None:
    with pytest.raises(RasterUnreadableError, match=said) as raised:
        open_raster(uri)
    assert type(raised.value) is kind
    assert (COMPLETE in str(raised.value)) is (kind is RasterUnreadableError)


def test_a_missing_codec_is_named(tmp_path: Path) -> None:
    with pytest.raises(RasterCodecError, match="12345"):
        open_raster(str(with_compression(tmp_path / "a.tif", 12345)))


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"no raster", RasterFormatError, "format"),
        (b"", RasterUnreadableError, "it is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", RasterUnreadableError, "Git LFS"),
    ],
)
def test_a_file_that_is_no_raster_is_named(
    content: bytes, kind: type[RasterUnreadableError], said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(RasterUnreadableError, match=said) as raised:
        open_raster(str(tmp_path / "a.tif"))
    assert type(raised.value) is kind


def test_a_block_that_is_missing_is_said_to_be_so(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", random_pixels(1, 300, 300), options=("COMPRESS=DEFLATE", "TILED=YES"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    source = GdalSource(GdalInput(str(path)))
    with pytest.raises(RasterUnreadableError, match=COMPLETE):
        source.read(source.grid.window)


def cut_jpeg(path: Path) -> str:
    """Writes the first half of a JPEG file."""
    picture = gdal.Open(str(write_raster(path.with_suffix(".tif"), random_pixels(3, 300, 300).astype(np.uint8))))
    gdal.GetDriverByName("JPEG").CreateCopy(str(path), picture)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return str(path)


def cut_jpeg_in_a_tiff(path: Path) -> str:
    """Writes a TIFF compressed as JPEG whose first tile ends half-way."""
    write_raster(path, random_pixels(1, 300, 600).astype(np.uint8), options=("COMPRESS=JPEG", "TILED=YES"))
    raster = gdal.Open(str(path))
    band = raster.GetRasterBand(1)
    place, size = (int(band.GetMetadataItem(f"BLOCK_{name}_0_0", "TIFF")) for name in ("OFFSET", "SIZE"))
    content = path.read_bytes()
    path.write_bytes(content[: place + size // 2] + b"\xff\xd9" + content[place + size // 2 + 2 :])
    return str(path)


def damaged_geopackage(path: Path) -> str:
    """Writes a GeoPackage of several tiles, of which the first one is damaged and the others are whole."""
    raster = gdal.Open(str(write_raster(path.with_suffix(".tif"), random_pixels(1, 300, 600).astype(np.uint8))))
    gdal.GetDriverByName("GPKG").CreateCopy(str(path), raster, options=["TILE_FORMAT=PNG", "RASTER_TABLE=scene"])
    with closing(sqlite3.connect(path)) as database:
        first = "(SELECT min(id) FROM scene)"
        database.execute(f"UPDATE scene SET tile_data=substr(tile_data, 1, length(tile_data)/2) WHERE id={first}")
        database.commit()
    return str(path)


@pytest.mark.usefixtures("gdal_mode")
@pytest.mark.parametrize(
    ("write", "name"),
    [(cut_jpeg, "a.jpg"), (cut_jpeg_in_a_tiff, "b.tif"), (damaged_geopackage, "c.gpkg")],
)
def test_damage_that_gdal_passes_over_is_an_error(write: Callable[[Path], str], name: str, tmp_path: Path) -> None:
    """GDAL fills the end of a JPEG with grey, and shows a damaged tile of a database as an empty one."""
    source = GdalSource(GdalInput(write(tmp_path / name)))
    with complete_reads(), closing(source), pytest.raises(RasterUnreadableError, match=name):
        source.read(source.grid.window)


def cut_tiff(path: Path) -> str:
    """Writes the first half of a TIFF file."""
    write_raster(path, random_pixels(1, 300, 600).astype(np.uint8), options=("COMPRESS=DEFLATE", "TILED=YES"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return str(path)


@pytest.mark.usefixtures("gdal_mode")
@pytest.mark.parametrize(("write", "name"), [(cut_tiff, "b.tif"), (damaged_geopackage, "c.gpkg")])
def test_a_damaged_class_map_has_neither_accuracy_nor_samples(
    write: Callable[[Path], str], name: str, tmp_path: Path
) -> None:
    """GDAL 3.7 and later would read a truncated PNG as an empty tile in silence."""
    damaged = GdalInput(write(tmp_path / name))
    whole = GdalInput(str(write_raster(tmp_path / "whole.tif", random_pixels(1, 300, 600).astype(np.uint8))))
    requests = [
        AssessmentRequest(damaged, (), RasterReference(whole, {})),
        AssessmentRequest(whole, (), RasterReference(damaged, {})),
    ]
    for request in requests:
        with pytest.raises(RasterUnreadableError, match=name):
            assess_accuracy(request, SilentProgress())
    with pytest.raises(RasterUnreadableError, match=name):
        draw_sample(SampleRequest(damaged, (), 1, {None: 5}, None, "equal", 1, 0.01, {}), SilentProgress())


def test_missing_rights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so that the system's answer is put in its place."""
    path = write_raster(tmp_path / "a.tif", random_pixels(1, 5, 5))
    if os.geteuid() == 0:

        def forbidden(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("classify_pixels.inference.raster.read.unreadable.os.open", forbidden)
        error = unreadable(str(path), str(path), GdalError("cannot be opened", 4))
    else:
        path.chmod(stat.S_IWUSR)
        with pytest.raises(RasterRightsError) as raised:
            open_raster(str(path))
        error = raised.value
    assert isinstance(error, RasterRightsError)
    assert "Permission denied" in str(error)


def test_a_lack_of_memory_is_named(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", random_pixels(1, 5, 5))
    for error in (GdalError("cannot allocate 9 bytes"), GdalError("GDALOpen", 2)):
        assert isinstance(unreadable(str(path), "a", error), RasterMemoryError)


# --- a folder with a name of an older system ------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two rasters, of which one has a name in Latin-1, and a text with such a name."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    write_raster(folder / "a.tif", random_pixels(1, 20, 20))
    try:
        shutil.copy(folder / "a.tif", os.fsencode(folder) + b"/b_\xe4.tif")
        Path(os.fsdecode(os.fsencode(folder) + b"/t_\xe4.dat")).write_text("no raster")
    except OSError:
        pytest.skip("this disk takes UTF-8 only")
    return folder


def test_an_odd_name_is_left_out_of_a_mosaic_and_told(folder: Path) -> None:
    collection = read_collection(str(folder))
    assert collection is not None
    raster, notes = mosaic(collection)
    assert raster.uri == f"{folder}/a.tif"
    assert notes == (Warned(Caution.ITEM_NAME_NOT_UTF8, {"raster": f"{folder}/b_\\xe4.tif"}),)


def test_an_odd_name_is_a_failing_item(folder: Path) -> None:
    collection = read_collection(str(folder), separately=True)
    assert collection is not None
    good, odd = collection.items
    assert GdalSource(good).grid.width == 20
    with pytest.raises(RasterNameError, match="not UTF-8"):
        GdalSource(odd)


def test_a_folder_of_odd_names_only_is_refused(folder: Path) -> None:
    (folder / "a.tif").unlink()
    collection = read_collection(str(folder))
    assert collection is not None
    with pytest.raises(RasterNameError):
        GdalSource(mosaic(collection)[0])


def test_a_folder_without_rasters_still_says_so(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"t_\xe4.dat")).write_text("no raster")
    with pytest.raises(CollectionError, match="contains no raster"):
        read_collection(str(tmp_path))


# --- texts without an end --------------------------------------------------------------------------------


def test_json_without_an_end_is_no_stac(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a":' * 100_000)
    assert read_stac(str(tmp_path / "a.json")) is None


@pytest.mark.parametrize("depth", [1, 2_000, 9_000])
def test_xml_may_be_as_deep_as_gdal_takes_it(depth: int) -> None:
    text = f"<VRTDataset>{'<a>' * depth}<SourceFilename>x.tif</SourceFilename>{'</a>' * depth}</VRTDataset>"
    assert input_files(text) == ("x.tif",)


def test_xml_that_is_broken_has_no_files() -> None:
    assert input_files("<VRTDataset" + "<a>" * 100) == ()


def test_sources_stay_in_their_order() -> None:
    names = [f"{number}.tif" for number in np.random.default_rng(1).permutation(20)]
    sources = "".join(f"<SimpleSource><SourceFilename>{name}</SourceFilename></SimpleSource>" for name in names)
    assert input_files(f"<VRTDataset><VRTRasterBand>{sources}</VRTRasterBand></VRTDataset>") == tuple(names)
