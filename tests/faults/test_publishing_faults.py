# SPDX-License-Identifier: GPL-2.0-or-later
"""Any failure while files get their names: all files are old, or all new, and nothing is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import publishing
from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    OutputNotReplacedError,
    OutputNotRestoredError,
    OutputWriteError,
)
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import (
    ClassTally,
    GeoTiffSink,
    RasterFormat,
    ScoreSink,
    legend_of,
    publish_together,
)
from classify_pixels.inference.raster.write.geotiff import BandLayout, GeoTiffFile
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt

GRID = Grid(8, 6, transform=TRANSFORM, crs=wkt(32633))
WHOLE = Window(0, 0, 8, 6)
OLD, NEW = (1, 2), (3, 4)

# More calls than publishing makes of any of them.
MANY = 60


@contextmanager
def finished(folder: Path, values: tuple[int, ...], form: RasterFormat = RasterFormat()) -> Iterator[list[Any]]:  # noqa: B008
    """Yields complete scores and a class map without final names."""
    legend = legend_of([ModelClass(value, f"class {value}", (value, 0, 0)) for value in values])
    pixels = np.full((1, 6, 8), values[0], legend.dtype)
    tally = ClassTally(legend.classes, GRID)
    with ExitStack() as stack:
        scores = stack.enter_context(ScoreSink(folder / "scores.tif", GRID, ["a"], {}, form))
        scores.write(WHOLE, pixels.astype(np.float32))
        scores.complete()
        classes = stack.enter_context(GeoTiffSink(folder / "classes.tif", GRID, legend, {}, form))
        classes.write(WHOLE, pixels)
        classes.complete(tally.total([tally.count(WHOLE, pixels[0])]))
        yield [scores, classes]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def make_old(folder: Path) -> dict[str, bytes]:
    made = folder.parent / "older"
    if not made.exists():
        made.mkdir()
        with finished(made, OLD) as sinks:
            publish_together(sinks)
        for name in ("classes.tif.ovr", "scores.tif.msk", "classes.tif.vat.dbf"):
            (made / name).write_text(f"older {name}")
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return contents(folder)


class Fault(BaseException):
    """The process is gone: nothing can be taken back."""


class Disk:
    """Replaces the functions that change names; from the call of this number on, `fail` is called."""

    CALLS = ("link", "replace", "unlink", "mkdir")

    def __init__(self, patch: pytest.MonkeyPatch, links: bool, fail: Callable[[int], BaseException | None]) -> None:
        self.count = 0
        self._fail = fail
        for name in self.CALLS:
            patch.setattr(os, name, self._guarded(getattr(os, name)))
        patch.setattr(shutil, "copy2", self._guarded(shutil.copy2))
        patch.setattr(publishing.shutil, "rmtree", self._guarded(shutil.rmtree))
        if not links:
            patch.setattr(os, "link", self._refuse)

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            number, self.count = self.count, self.count + 1
            error = self._fail(number)
            if error is not None and not (function.__name__ == "rmtree" and isinstance(error, OSError)):
                raise error
            return function(*args, **kwargs)

        return call

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise PermissionError(1, "Operation not permitted")


def refusal() -> OSError:
    return PermissionError(13, "in use")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("older", [True, False], ids=["an older result", "nothing before"])
def test_one_call_that_fails_leaves_all_as_it_was_or_all_new(
    older: bool, links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = 0
    for number in range(MANY):
        folder = tmp_path / str(number)
        folder.mkdir()
        before = make_old(folder) if older else {}
        with finished(folder, NEW) as sinks, monkeypatch.context() as patch:
            disk = Disk(patch, links, lambda call, number=number: refusal() if call == number else None)
            try:
                publish_together(sinks)
                told = ""
            except OutputNotReplacedError as error:
                told = str(error)
        if told:
            failed += 1
            assert "in use" in told
            assert contents(folder) == before, number
        else:
            check_new(folder)
        if disk.count <= number:
            break
    assert failed >= 4
    assert number < MANY - 1


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_where_everything_fails_from_some_call_on_nothing_is_lost_and_the_error_says_where_it_is(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = set()
    for number in range(MANY):
        folder = tmp_path / str(number)
        folder.mkdir()
        before = make_old(folder)
        with finished(folder, NEW) as sinks, monkeypatch.context() as patch:
            disk = Disk(patch, links, lambda call, number=number: refusal() if call >= number else None)
            error = None
            try:
                publish_together(sinks)
            except ClassifyPixelsError as caught:
                error = caught
        after = contents(folder)
        kinds.add(type(error))
        if isinstance(error, OutputNotRestoredError):
            kept = {Path(name).name: content for name, content in after.items() if "/kept/" in name}
            for name, content in before.items():
                assert content in (after.get(name), kept.get(name)), (number, name)
            assert str(error.values["folder"]) in {str(folder / Path(name).parent) for name in after if "kept" in name}
            # The next run keeps them in place until it has succeeded.
            with finished(folder, NEW):
                pass
            assert contents(folder) == after
        elif error is not None:
            # On a disk that accepts no changes, hidden folders cannot be deleted either.
            assert {name: content for name, content in after.items() if name[0] != "."} == before, number
        else:
            check_new(folder)
        if disk.count <= number:
            break
    assert {OutputNotRestoredError, OutputNotReplacedError} <= kinds


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_process_that_dies_leaves_an_older_or_a_new_map_with_nothing_that_is_not_its_own(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for number in range(MANY):
        folder = tmp_path / str(number)
        folder.mkdir()
        before = make_old(folder)
        with finished(folder, NEW) as sinks:
            new = [sink.file._finished.read_bytes() for sink in sinks]
            with monkeypatch.context() as patch:
                disk = Disk(patch, links, lambda call, number=number: Fault() if call >= number else None)
                with suppress(Fault):
                    publish_together(sinks)
            after = contents(folder)
            is_old = after["classes.tif"] == before["classes.tif"]
            seen.add(is_old)
            assert is_old or after["classes.tif"] == new[1]
            assert after["scores.tif"] in (before["scores.tif"], new[0])
            for side in ("classes.tif.aux.xml", "classes.qml"):
                if side in after:
                    assert (after[side] == before[side]) is is_old, (number, side)
        # The next successful run removes its remains.
        with finished(folder, NEW) as sinks:
            publish_together(sinks)
        check_new(folder)
        if disk.count <= number:
            break
    assert seen == {True, False}


def check_new(folder: Path) -> None:
    assert sorted(contents(folder)) == ["classes.qml", "classes.tif", "classes.tif.aux.xml", "scores.tif"]
    dataset = gdal.Open(str(folder / "classes.tif"))
    assert set(np.unique(dataset.ReadAsArray())) == {NEW[0]}
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    assert "class 3" in [table.GetValueAsString(row, column) for row in range(2) for column in range(4)]
    assert not [path for path in folder.iterdir() if path.is_dir()]


def test_a_style_that_somebody_else_wrote_stays(tmp_path: Path) -> None:
    style = tmp_path / "classes.qml"
    for theirs in ("mine", "<!DOCTYPE qgis><qgis/>"):
        style.write_text(theirs)
        with finished(tmp_path, NEW) as sinks:
            assert [sink.file.keeps_style for sink in sinks] == [False, True]
            publish_together(sinks)
        assert style.read_text() == theirs
    style.unlink()
    with finished(tmp_path, OLD) as sinks:
        publish_together(sinks)
    assert "class 1" in style.read_text()
    with finished(tmp_path, NEW) as sinks:
        publish_together(sinks)
    assert "class 3" in style.read_text()
    style.write_text(style.read_text().replace('alpha="255"', 'alpha="100"'))
    changed = style.read_text()
    with finished(tmp_path, OLD) as sinks:
        publish_together(sinks)
    assert style.read_text() == changed


def test_a_link_in_the_place_of_an_output_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for name in ("classes.tif", "classes.tif.aux.xml", "classes.tif.ovr"):
        (tmp_path / name).write_text("mine")
        (tmp_path / "out" / name).symlink_to(tmp_path / name)
    (tmp_path / "out" / "classes.qml").symlink_to(tmp_path / "absent.qml")
    with finished(tmp_path / "out", NEW) as sinks:
        publish_together(sinks)
    for name in ("classes.tif", "classes.tif.aux.xml", "classes.tif.ovr"):
        assert (tmp_path / name).read_text() == "mine"
        assert not (tmp_path / "out" / name).is_symlink()
    assert (tmp_path / "out" / "classes.qml").is_symlink()
    assert not (tmp_path / "absent.qml").exists()


def test_a_link_that_was_replaced_comes_back_as_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere.tif").write_text("mine")
    (tmp_path / "out" / "classes.tif").symlink_to(tmp_path / "elsewhere.tif")
    replace = os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target).name == "classes.tif.aux.xml":
            raise refusal()
        replace(source, target)

    with finished(tmp_path / "out", NEW) as sinks:
        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(OutputNotReplacedError):
            publish_together(sinks)
    assert os.readlink(tmp_path / "out" / "classes.tif") == str(tmp_path / "elsewhere.tif")
    assert (tmp_path / "elsewhere.tif").read_text() == "mine"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["classes.tif"]


@pytest.mark.parametrize("form", [RasterFormat(), RasterFormat(cloud_optimized=True)])
def test_links_in_the_place_of_what_killed_runs_left_are_not_followed(form: RasterFormat, tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    out.mkdir()
    mine.mkdir()
    (mine / "photo.tif").write_text("mine")
    for name in (".classes.tif.part.tif", ".classes.tif.part.cog.tif", ".classes.tif.part.qml"):
        (out / name).symlink_to(mine / "photo.tif")
    (out / ".classes.tif.0123456789abcd.part").symlink_to(mine)
    inside = out / ".classes.tif.00000000000000.part"
    inside.mkdir()
    (inside / "raster.tif").symlink_to(mine / "photo.tif")
    (inside / "folder").symlink_to(mine)
    (out / ".classes.tif.notes.part").mkdir()
    with finished(out, NEW, form) as sinks:
        publish_together(sinks)
    assert (mine / "photo.tif").read_text() == "mine"
    assert not inside.exists()
    assert (out / ".classes.tif.notes.part").is_dir()
    assert (out / ".classes.tif.0123456789abcd.part").is_symlink()


@pytest.mark.parametrize("left", [None, "", "<PAMDataset>", "<PAMDataset><PAMRasterBand band=", "<PAMDataset>\xe4"])
def test_what_is_left_of_an_aux_xml_on_a_full_disk_is_no_success(left: str | None, tmp_path: Path) -> None:
    def describe(dataset: Any) -> None:
        if left is not None:
            Path(f"{dataset.GetDescription()}.aux.xml").write_bytes(left.encode("latin-1"))

    file = GeoTiffFile(tmp_path / "map.tif", GRID, BandLayout(gdal.GDT_Byte, ("a",), 255), {}, RasterFormat())
    with pytest.raises(OutputWriteError, match=r"map\.tif cannot be written"):
        file.complete(gdal.GRIORA_Mode, describe)
    file.remove()
    assert contents(tmp_path) == {}
