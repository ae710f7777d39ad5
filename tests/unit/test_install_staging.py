# SPDX-License-Identifier: GPL-2.0-or-later
"""Packages are moved to their place all together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify_pixels.ui.options.install_staging import Staging


def write(folder: Path, **files: str) -> None:
    for name, content in files.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "content").write_text(content)


def content_of(folder: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in sorted(folder.glob("*/content"))}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "runtimes" / "cp311"


def test_a_first_installation_makes_the_folder(target: Path) -> None:
    staging = Staging(target)
    write(staging.folder, onnxruntime="new")
    assert not target.exists()
    staging.publish()
    staging.discard()
    assert content_of(target) == {"onnxruntime": "new"}
    assert list(target.parent.iterdir()) == [target]


def test_a_newer_version_takes_the_place_of_the_older_one_and_leaves_others_alone(target: Path) -> None:
    write(target, **{"onnxruntime": "old", "onnxruntime-1.20.0.dist-info": "old", "torch": "other"})
    write(target, **{"torch-2.13.0.dist-info": "other", "bin": "other", "onnxruntime_extensions-1.dist-info": "other"})
    staging = Staging(target)
    write(staging.folder, **{"onnxruntime": "new", "onnxruntime-1.32.0.dist-info": "new", "bin": "new"})
    staging.publish()
    staging.discard()
    assert content_of(target) == {
        "onnxruntime": "new",
        "onnxruntime-1.32.0.dist-info": "new",
        "torch": "other",
        "torch-2.13.0.dist-info": "other",
        "onnxruntime_extensions-1.dist-info": "other",
        "bin": "other",
    }


@pytest.mark.parametrize("failing", range(4))
def test_a_move_that_fails_is_taken_back(failing: int, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a library is in use on Windows."""
    before = {"onnxruntime": "old", "onnxruntime-1.20.0.dist-info": "old", "torch": "other"}
    write(target, **before)
    staging = Staging(target)
    write(staging.folder, **{"onnxruntime": "new", "onnxruntime-1.32.0.dist-info": "new"})
    rename, moves = Path.rename, iter(range(100))

    def refuse_one(self: Path, other: Path) -> Path:
        if next(moves) == failing:
            raise PermissionError(13, "in use")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse_one)
    with pytest.raises(PermissionError):
        staging.publish()
    staging.discard()
    assert content_of(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_what_was_not_published_leaves_nothing(target: Path) -> None:
    staging = Staging(target)
    write(staging.folder, onnxruntime="half")
    staging.discard()
    staging.discard()
    assert list(target.parent.iterdir()) == []


def test_a_numpy_is_noticed(target: Path) -> None:
    staging = Staging(target)
    assert staging.forbidden == []
    write(staging.folder, numpy="2", onnxruntime="new")
    assert staging.forbidden == ["numpy"]


def test_two_installations_do_not_meet(target: Path) -> None:
    first, second = Staging(target), Staging(target)
    assert first.folder != second.folder
    first.discard()
    assert second.folder.is_dir()
