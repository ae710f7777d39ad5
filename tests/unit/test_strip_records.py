# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run wrote down of its strips is taken as it was written, or not at all, whatever became of the files."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ClassifyPixelsError
from classify_pixels.inference.raster.write.tally import StripCounts
from classify_pixels.inference.run.resume import LocalStrips
from classify_pixels.inference.run.resume.folder_lock import strips_folder
from classify_pixels.inference.run.resume.manifest import read_manifest
from classify_pixels.inference.tiling import StripSize, TileShape
from classify_pixels.inference.window import Window
from tests.sealed_files import read_sealed, write_sealed

MANIFEST = {
    "request_key": "k" * 64,
    "network_key": "n" * 64,
    "shape": asdict(TileShape(64, 64, 4, 12, fixed=False)),
    "batch_size": 2,
    "strip": asdict(StripSize(512, 4096)),
    "version": "0.1.0",
}
TEXTS = ("request_key", "network_key", "version")
WHOLES = ("batch_size", "height", "stride", "halo", "margin")
SIDE, STRIPS, TRIES = 16, 4, 120
AREA = Window(8, 4, SIDE, STRIPS * SIDE)
VALUES = np.random.default_rng(2).integers(1, 9, (1, STRIPS * SIDE, SIDE)).astype(np.uint8)


def window(index: int) -> Window:
    return Window(AREA.x, AREA.y + index * SIDE, SIDE, SIDE)


def counts(index: int) -> StripCounts:
    return StripCounts((index + 1, 7), (3 * index, None))


def write(store: LocalStrips, index: int) -> None:
    values = VALUES[:, index * SIDE : (index + 1) * SIDE]
    store.write(index, window(index), {"classes": (values, gdal.GDT_Byte)}, counts(index))


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder that a run of three strips left."""
    output = tmp_path_factory.mktemp("left") / "classes.tif"
    store = LocalStrips(output)
    store.begin(MANIFEST)
    for index in range(STRIPS - 1):
        write(store, index)
    store.close(keep=True)
    return strips_folder(output)


@contextmanager
def copied(left: Path, folder: Path) -> Iterator[tuple[LocalStrips, Path]]:
    """Gives the store of a run that goes on from a copy, whose files may be changed before it resumes."""
    output = folder / "classes.tif"
    shutil.copytree(left, strips_folder(output))
    store = LocalStrips(output)
    try:
        yield store, strips_folder(output)
    finally:
        store.close(keep=False)


def finish(store: LocalStrips) -> None:
    """Goes on as a run does, and compares pixels and counts with what they are."""
    manifest = read_manifest(store.manifest())
    if manifest is not None and manifest.request_key == MANIFEST["request_key"]:
        assert manifest.document() == MANIFEST
        store.resume()
    if manifest is None or not store.finished:
        store.begin(MANIFEST)
    for index in range(STRIPS):
        if index not in store.finished:
            write(store, index)
    with closing(store.mosaic("classes", AREA, 1, gdal.GDT_Byte)) as mosaic:
        np.testing.assert_array_equal(mosaic.read(Window(0, 0, AREA.width, AREA.height)), VALUES)
    assert list(store.counts()) == [counts(index) for index in range(STRIPS)]


def flip(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def noise(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 40))) + content[place + 9 :]


def digit(content: bytes, chance: random.Random) -> bytes:
    """Changes one digit, so that the file stays JSON."""
    places = [place for place, byte in enumerate(content) if chr(byte).isdigit()]
    place = chance.choice(places) if places else 0
    return content[:place] + str(chance.randrange(10)).encode() + content[place + 1 :]


DAMAGES = (flip, cut, noise, digit)


def test_what_was_left_is_taken_over(left: Path, tmp_path: Path) -> None:
    with copied(left, tmp_path) as (store, _):
        store.resume()
        assert sorted(store.finished) == [0, 1, 2]
        finish(store)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_never_gives_another_map_or_other_counts(
    damage: Callable[[bytes, random.Random], bytes], left: Path, tmp_path: Path
) -> None:
    chance = random.Random(damage.__name__)
    for number in range(TRIES // len(DAMAGES)):
        (tmp_path / str(number)).mkdir()
        with copied(left, tmp_path / str(number)) as (store, folder):
            for path in chance.sample(sorted(folder.glob("*.json")), chance.choice((1, 1, 2))):
                path.write_bytes(damage(path.read_bytes(), chance))
            finish(store)


def test_each_byte_of_a_record_counts(left: Path, tmp_path: Path) -> None:
    """Unless it stands between the values, where JSON may have any number of blanks."""
    original = (left / "000001.strip.json").read_bytes()
    content, digest = read_sealed(left / "000001.strip.json")
    path = tmp_path / "changed.json"
    for place in range(len(original)):
        path.write_bytes(original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :])
        assert read_sealed(path) in (({}, ""), (content, digest))


@pytest.mark.parametrize("value", [None, "4", 4.5, -1, True, [4], {}, 10**400])
@pytest.mark.parametrize(
    "name", [*TEXTS, "batch_size", "shape", "strip", "height", "stride", "halo", "fixed", "margin"]
)
def test_a_manifest_of_other_types_is_none(name: str, value: Any) -> None:
    document = json.loads(json.dumps(MANIFEST))
    (document if name in document else document["shape"])[name] = value
    found = read_manifest(document)
    if (name in WHOLES and value == 10**400) or (name in TEXTS and value == "4") or (name, value) == ("fixed", True):
        assert found is not None  # of the right type, and of another request
    else:
        assert found is None


@pytest.mark.parametrize("value", [None, "4", 4.5, -1, True, [None], {"x": None}, [["4"]], {}, {"pixels": 3}])
@pytest.mark.parametrize("name", ["manifest", "index", "window", "digests", "counts", "x", "height", "pixels", "areas"])
def test_a_sealed_record_of_other_types_stands_for_nothing(name: str, value: Any, left: Path, tmp_path: Path) -> None:
    """Not damage, but the work of another program, or of another version."""
    with copied(left, tmp_path) as (store, folder):
        content, _ = read_sealed(folder / "000001.strip.json")
        holder = next(part for part in (content, content["window"], content["counts"]) if name in part)
        holder[name] = value
        write_sealed(folder / "000001.strip.json", content)
        store.resume()
        if name != "counts" or value is not None:
            assert sorted(store.finished) == [0, 2]


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[" * 100_000, '{"content": 1, "sha256": 1}', "\ud800"])
def test_what_was_never_written_is_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert read_sealed(path) == ({}, "")
    assert read_sealed(tmp_path) == read_sealed(tmp_path / "absent") == ({}, "")


def test_records_of_another_manifest_stand_for_nothing(left: Path, tmp_path: Path) -> None:
    """As those that a run leaves which is killed while it deletes them."""
    with copied(left, tmp_path) as (store, folder):
        write_sealed(folder / "manifest.json", {**MANIFEST, "batch_size": 1})
        store.resume()
        assert not store.finished


def test_a_record_under_another_name_stands_for_nothing(left: Path, tmp_path: Path) -> None:
    with copied(left, tmp_path) as (store, folder):
        (folder / "000001.strip.json").rename(folder / "000003.strip.json")
        store.resume()
        assert sorted(store.finished) == [0, 2]


def test_a_strip_that_is_changed_after_it_was_taken_over_is_told(left: Path, tmp_path: Path) -> None:
    with copied(left, tmp_path) as (store, folder):
        store.resume()
        write(store, 3)
        path = folder / "000002.classes.tif"
        path.write_bytes(flip(path.read_bytes(), random.Random(1)))
        with pytest.raises(ClassifyPixelsError, match="000002"):
            store.mosaic("classes", AREA, 1, gdal.GDT_Byte)


def test_only_what_a_store_writes_is_deleted(left: Path, tmp_path: Path) -> None:
    mine = ("12345.tif", "2020.tif", "photo.tif", "notes.json", ".hidden.part")
    with copied(left, tmp_path) as (store, folder):
        for name in mine:
            (folder / name).write_text("mine")
        (folder / ".0123456789abcd.part.tif").write_text("what a killed run left")
        store.begin(MANIFEST)
        write(store, 0)
    assert sorted(path.name for path in folder.iterdir()) == sorted(mine)
