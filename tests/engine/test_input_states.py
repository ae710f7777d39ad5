# SPDX-License-Identifier: GPL-2.0-or-later
"""What a raster depends on is seen to change, in whatever form it is given; what stays the same is the same."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.raster import Collection, GdalInput, GridRequest, file_states, open_scene
from tests.unit.rasters import TRANSFORM, random_pixels, write_raster

HEIGHT, WIDTH = 40, 30
NUMBERS = ("LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF")
SCALES = ("LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE")
TERMS = [
    f"{name}_{number}"
    for name in ("LINE_NUM_COEFF", "LINE_DEN_COEFF", "SAMP_NUM_COEFF", "SAMP_DEN_COEFF")
    for number in range(1, 21)
]
RPC = "".join(f"{name}: 1\n" for name in (*NUMBERS, *SCALES, *TERMS))
COARSER = GridRequest(cell_size=(20.0, 20.0))
PLAIN = GridRequest()

Form = Callable[[Path], tuple[Any, GridRequest, Any]]


def plain(scene: Path) -> tuple[Any, GridRequest, Any]:
    return GdalInput(str(scene)), PLAIN, None


def warped(scene: Path) -> tuple[Any, GridRequest, Any]:
    return GdalInput(str(scene)), COARSER, None


def vrt_of(source: Path | str, path: Path) -> Path:
    if not path.exists():
        gdal.BuildVRT(str(path), [str(source)]).FlushCache()
    return path


def reference(scene: Path) -> tuple[Any, GridRequest, Any]:
    return GdalInput(str(vrt_of(scene, scene.with_name("first.vrt")))), PLAIN, None


def nested(scene: Path) -> tuple[Any, GridRequest, Any]:
    """A VRT without the suffix of one, of a VRT."""
    inner = vrt_of(scene, scene.with_name("inner.vrt"))
    outer = vrt_of(inner, scene.with_name("outer.vrt"))
    disguised = scene.with_name("outer.xml")
    if not disguised.exists():
        shutil.copy(outer, disguised)
    return GdalInput(str(disguised)), COARSER, None


def subdataset(scene: Path) -> tuple[Any, GridRequest, Any]:
    """A source that is the name of a driver around that of a file."""
    return GdalInput(str(vrt_of(f"GTIFF_DIR:1:{scene}", scene.with_name("part.vrt")))), PLAIN, None


def mosaic(scene: Path) -> tuple[Any, GridRequest, Any]:
    east = scene.with_name("east.tif")
    if not east.exists():
        transform = (TRANSFORM[0] + 10 * WIDTH, *TRANSFORM[1:])
        write_raster(east, random_pixels(2, HEIGHT, WIDTH, seed=3), transform=transform)
    return Collection((GdalInput(str(east)), GdalInput(str(scene))), "both"), PLAIN, None


def warped_mosaic(scene: Path) -> tuple[Any, GridRequest, Any]:
    return mosaic(scene)[0], COARSER, None


def mask(scene: Path) -> tuple[Any, GridRequest, Any]:
    under = scene.with_name("under.tif")
    if not under.exists():
        write_raster(under, random_pixels(2, HEIGHT, WIDTH, seed=4))
    return GdalInput(str(under)), PLAIN, GdalInput(str(vrt_of(scene, scene.with_name("mask.vrt"))))


def archive(scene: Path) -> tuple[Any, GridRequest, Any]:
    packed = scene.with_name("scenes.zip")
    with zipfile.ZipFile(packed, "w") as members:
        for path in sorted(scene.parent.glob("scene*")):
            if path != packed:
                # Whatever is packed, it says that it is of 1980.
                members.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return GdalInput(f"/vsizip/{packed}/scene.tif"), PLAIN, None


FORMS: tuple[Form, ...] = (plain, warped, reference, nested, subdataset, mosaic, warped_mosaic, mask)


def states(form: Form, scene: Path) -> list[Any]:
    raster, request, masked = form(scene)
    opened = open_scene(raster, request, "nearest", masked)
    with closing(opened.source) as source:
        return file_states(source.files)


def no_data_beside(scene: Path, value: int) -> None:
    value_of_band = '<PAMRasterBand band="{}"><NoDataValue>{}</NoDataValue></PAMRasterBand>'
    bands = "".join(value_of_band.format(band, value) for band in (1, 2))
    Path(f"{scene}.aux.xml").write_text(f"<PAMDataset>{bands}</PAMDataset>")


def mask_beside(scene: Path, rows: int) -> None:
    pixels = np.full((1, HEIGHT, WIDTH), 255, np.uint8)
    pixels[:, :rows] = 0
    write_raster(scene.with_name("made.tif"), pixels, transform=None, epsg=None)
    scene.with_name("made.tif").replace(f"{scene}.msk")


def other_pixels(scene: Path) -> None:
    """Writes other pixels; size and time stay."""
    times = scene.stat()
    write_raster(scene, random_pixels(2, HEIGHT, WIDTH, seed=9))
    os.utime(scene, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert scene.stat().st_size == times.st_size


def beside(suffix: str) -> Callable[[Path], None]:
    def appear(scene: Path) -> None:
        scene.with_name(f"scene{suffix}").write_text(RPC if "rpc" in suffix.lower() else "10\n0\n0\n-10\n0\n0\n")

    return appear


CHANGES: dict[str, tuple[Callable[[Path], Any], Callable[[Path], Any]]] = {
    "pixels": (lambda scene: None, other_pixels),
    "an .aux.xml appears": (lambda scene: None, lambda scene: no_data_beside(scene, 7)),
    "another .aux.xml": (lambda scene: no_data_beside(scene, 7), lambda scene: no_data_beside(scene, 9)),
    "an .aux.xml goes": (lambda scene: no_data_beside(scene, 7), lambda scene: Path(f"{scene}.aux.xml").unlink()),
    "a .msk appears": (lambda scene: None, lambda scene: mask_beside(scene, 9)),
    "another .msk": (lambda scene: mask_beside(scene, 9), lambda scene: mask_beside(scene, 3)),
    "overviews appear": (lambda scene: None, lambda scene: gdal.Open(str(scene)).BuildOverviews("NEAREST", [2])),
    **{
        f"{suffix} appears": (lambda scene: None, beside(suffix))
        for suffix in (".tfw", ".tifw", ".WLD", ".prj", ".RPB", "_RPC.TXT", "_rpc.txt", ".IMD", ".tif.aux.xml")
    },
}


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", random_pixels(2, HEIGHT, WIDTH))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_change_is_seen_and_nothing_else(form: Form, change: str, scene: Path) -> None:
    before, after = CHANGES[change]
    before(scene)
    first = states(form, scene)
    assert states(form, scene) == first
    scene.with_name("scene_classes.tif").write_bytes(b"a result beside it")
    assert states(form, scene) == first
    after(scene)
    assert states(form, scene) != first


def test_an_archive_counts_whatever_its_members_say(scene: Path) -> None:
    first = states(archive, scene)
    other_pixels(scene)
    assert states(archive, scene) != first


def test_a_vrt_that_names_itself_has_an_end(scene: Path) -> None:
    inner = vrt_of(scene, scene.with_name("inner.vrt"))
    outer = vrt_of(inner, scene.with_name("outer.vrt"))
    inner.write_text(inner.read_text().replace("scene.tif", "outer.vrt"))
    assert {name for name, *_ in file_states([str(outer)])} >= {str(outer), str(inner)}


def test_a_file_that_is_not_there_has_a_state_too(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.tif")
    assert file_states([absent]) == [(absent, None, None, None)]


def test_all_files_in_a_folder_count(tmp_path: Path) -> None:
    (tmp_path / "grid" / "part").mkdir(parents=True)
    (tmp_path / "grid" / "part" / "0").write_bytes(b"first")
    first = file_states([str(tmp_path / "grid")])
    (tmp_path / "grid" / "part" / "0").write_bytes(b"other")
    assert file_states([str(tmp_path / "grid")]) != first


@pytest.mark.parametrize("name", ["", "\udce9.tif", "a\0b", "x" * 5000, "<VRTDataset", "/vsizip/", "/vsimem/a.vrt"])
def test_a_name_of_nothing_is_no_failure(name: str) -> None:
    file_states([name])


def test_a_vrt_deeper_than_pythons_stack_has_its_files(scene: Path) -> None:
    deep = 1500
    text = f"<VRTDataset>{'<a>' * deep}<SourceFilename>{scene}</SourceFilename>{'</a>' * deep}</VRTDataset>"
    assert str(scene) in {name for name, *_ in file_states([text])}
