# SPDX-License-Identifier: GPL-2.0-or-later
"""Clearing removes what is ours, and takes no step through a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from classify_pixels.ui.options.cache_files import Cleared, LinkedFolderError, clear, size_of

needs_links = pytest.mark.skipif(os.name != "posix", reason="links need rights on other systems")


def write(path: Path, size: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "profile" / "plugin" / "packages" / "aa" / "deep" / "weights", 1000)
    write(tmp_path / "profile" / "plugin" / "packages" / "bb.json", 200)
    write(tmp_path / "profile" / "plugin" / "downloads" / "cc" / "scene.tif", 30)
    write(tmp_path / "profile" / "plugin" / "jobs" / "job.json", 4)
    return tmp_path / "profile"


def folders(root: Path) -> tuple[Path, Path]:
    return root / "plugin" / "packages", root / "plugin" / "downloads"


def test_all_files_are_counted_and_removed_and_the_neighbours_stay(root: Path) -> None:
    assert [size_of(folder) for folder in folders(root)] == [1200, 30]
    assert clear(folders(root), root) == Cleared(1230)
    assert [path.name for path in sorted(root.rglob("*"))] == ["plugin", "downloads", "jobs", "job.json", "packages"]
    assert clear(folders(root), root) == Cleared(0)


def test_folders_that_are_not_there_are_empty(tmp_path: Path) -> None:
    assert size_of(tmp_path / "absent") == 0
    assert clear((tmp_path / "absent",), tmp_path) == Cleared(0)


@needs_links
@pytest.mark.parametrize("step", ["plugin", "plugin/packages", "plugin/downloads"])
def test_a_folder_that_is_a_link_is_refused_before_anything_is_removed(step: str, root: Path, tmp_path: Path) -> None:
    (root / step).rename(tmp_path / "elsewhere")
    (root / step).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkedFolderError, match=step):
        clear(folders(root), root)
    assert sum(map(size_of, folders(root))) + size_of(tmp_path / "elsewhere") >= 1230


@needs_links
def test_the_profile_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    root.rename(tmp_path / "elsewhere")
    root.symlink_to(tmp_path / "elsewhere")
    assert clear(folders(root), root).freed == 1230


@needs_links
def test_what_links_lead_to_stays(root: Path, tmp_path: Path) -> None:
    precious = write(tmp_path / "documents" / "thesis", 5000)
    packages, _ = folders(root)
    (packages / "zz").symlink_to(precious.parent)
    (packages / "file").symlink_to(precious)
    (packages / "aa" / "inner").symlink_to(precious.parent)
    assert size_of(packages) == 1200 + sum((packages / name).lstat().st_size for name in ("file",))
    cleared = clear(folders(root), root)
    assert precious.stat().st_size == 5000
    assert sorted(path.name for path in packages.iterdir()) == ["file", "zz"]
    assert len(cleared.kept) == 2
    assert all("link" in text for text in cleared.kept)
    assert cleared.freed == 1230


def test_a_folder_outside_of_the_profile_is_refused(root: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "file")
    with pytest.raises(ValueError, match="other"):
        clear((other.parent,), root)
    assert other.exists()


def test_what_cannot_be_removed_is_told_and_stays_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where the folder of a file in use does not get another name."""
    rename = Path.rename

    def refuse(self: Path, other: Path) -> Path:
        if self.name == "aa":
            raise PermissionError(13, "in use")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse)
    cleared = clear(folders(root), root)
    assert cleared.freed == 230
    assert [text.endswith("aa: in use") for text in cleared.kept] == [True]
    assert (folders(root)[0] / "aa" / "deep" / "weights").stat().st_size == 1000


def test_what_an_earlier_attempt_left_is_removed(root: Path) -> None:
    write(folders(root)[0] / "removing-0123" / "weights", 7)
    assert clear(folders(root), root).freed == 1237
