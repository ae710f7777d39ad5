# SPDX-License-Identifier: GPL-2.0-or-later
"""The remains of an unfinished run, and their use by the next one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import onnx
import pytest

from classify_pixels.inference import ClassifyPixelsError
from classify_pixels.inference.errors import RunCancelledError
from classify_pixels.inference.events import Event, Noted, StripsKept, StripsResumed
from classify_pixels.inference.notices import Note
from tests.faults.long_run import STRIPS, make_model, make_scene, pixels_of
from tests.networks import pooling_network
from tests.sealed_files import read_sealed, write_sealed
from tests.unit.runs import Recorder, classify, names_in


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return make_scene(tmp_path)


@pytest.fixture
def model(tmp_path: Path, scene: Path) -> dict[str, Any]:
    return make_model(tmp_path / "model")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "classes.tif"


def strips_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.strips")


class CancelAfter(Recorder):
    """Cancels once a number of strips is finished."""

    def __init__(self, output: Path, count: int) -> None:
        super().__init__()
        self._output, self._count = output, count

    def emit(self, event: Event) -> None:
        super().emit(event)
        self.cancelled = len(list(strips_of(self._output).glob("[0-9]*.tif"))) >= self._count


def cancel(scene: Path, model: dict[str, Any], output: Path, count: int = 3, **settings: Any) -> Recorder:
    """Starts a run and cancels it after `count` strips."""
    progress = CancelAfter(output, count)
    with pytest.raises(RunCancelledError):
        classify(scene, model, output, progress=progress, **settings)
    return progress


def resumed(progress: Recorder) -> int:
    return sum(event.count for event in progress.all_of(StripsResumed))


def again(scene: Path, model: dict[str, Any], output: Path, **settings: Any) -> int:
    """Runs to the end and returns the number of strips finished by an earlier run."""
    progress = Recorder()
    classify(scene, model, output, progress=progress, **settings)
    return resumed(progress)


def test_a_cancelled_run_keeps_its_finished_strips_and_says_so(
    scene: Path, model: dict[str, Any], output: Path
) -> None:
    classify(scene, model, output)
    expected = output.read_bytes()
    output.write_bytes(b"an older map")
    progress = cancel(scene, model, output)
    assert output.read_bytes() == b"an older map"
    assert progress.warnings[-1] == StripsKept(3, strips_of(output))
    assert again(scene, model, output) == 3
    assert output.read_bytes() == expected
    assert names_in(output.parent) == ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


def test_counts_are_those_of_all_strips(scene: Path, model: dict[str, Any], output: Path) -> None:
    whole = classify(scene, model, output)
    cancel(scene, model, output)
    assert classify(scene, model, output).classes == whole.classes
    assert sum(count.pixels for count in whole.classes) == pixels_of(output).size


def test_scores_are_resumed_with_the_classes(scene: Path, model: dict[str, Any], output: Path) -> None:
    arguments = {"test_time_augmentation": "true"}
    classify(scene, model, output, arguments)
    expected = output.read_bytes()
    cancel(scene, model, output, count=1, arguments=arguments)
    assert again(scene, model, output, arguments=arguments) == 1
    assert output.read_bytes() == expected


def rewrite(path: Path) -> None:
    """Changes one byte of a file, but not its size and time."""
    times, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("change", ["argument", "model", "raster", "weights"])
def test_a_changed_request_starts_afresh(change: str, scene: Path, model: dict[str, Any], output: Path) -> None:
    cancel(scene, model, output)
    arguments = {"padding": "16"} if change == "argument" else {}
    if change == "model":
        model = {**model, "Classes": [{"Value": 7 + i, "Name": str(i), "Color": [i, 0, 0]} for i in range(3)]}
    if change == "raster":
        rewrite(scene)
    if change == "weights":
        model["ModelFile"] = str(Path(model["ModelFile"]).rename(scene.parent / "moved.onnx"))
    assert again(scene, model, output, arguments=arguments) == 0


def test_changed_weights_start_afresh(scene: Path, model: dict[str, Any], output: Path) -> None:
    cancel(scene, model, output)
    network = Path(model["ModelFile"])
    times = network.stat()
    pooling_network(network, seed=7)
    os.utime(network, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert network.stat().st_size == times.st_size
    assert again(scene, model, output) == 0


def test_weights_of_another_time_are_the_same(scene: Path, model: dict[str, Any], output: Path) -> None:
    cancel(scene, model, output)
    os.utime(model["ModelFile"], (1, 1))
    assert again(scene, model, output) == 3


def test_changed_weights_beside_the_network_start_afresh(scene: Path, model: dict[str, Any], output: Path) -> None:
    network = Path(model["ModelFile"])
    parts = {"save_as_external_data": True, "location": "weights.bin", "size_threshold": 64}
    onnx.save_model(onnx.load(str(network)), str(network), **parts)
    cancel(scene, model, output)
    rewrite(network.with_name("weights.bin"))
    assert again(scene, model, output) == 0


@pytest.mark.parametrize("damage", ["truncated", "overwritten", "missing"])
def test_a_damaged_strip_is_made_again(damage: str, scene: Path, model: dict[str, Any], output: Path) -> None:
    classify(scene, model, output)
    expected = output.read_bytes()
    cancel(scene, model, output)
    strip = sorted(strips_of(output).glob("[0-9]*.tif"))[1]
    if damage == "missing":
        strip.unlink()
    else:
        content = strip.read_bytes()
        half = len(content) // 2
        strip.write_bytes(content[:half] + (b"" if damage == "truncated" else bytes(len(content) - half)))
    assert again(scene, model, output) == 2
    assert output.read_bytes() == expected


def test_a_strip_that_is_damaged_during_the_run_ends_it(scene: Path, model: dict[str, Any], output: Path) -> None:
    class Damage(Recorder):
        def emit(self, event: Event) -> None:
            if isinstance(event, Noted) and event.kind is Note.WRITING:
                os.truncate(sorted(strips_of(output).glob("[0-9]*.tif"))[2], 100)

    with pytest.raises(ClassifyPixelsError, match=r"000002.classes.tif was changed or damaged. Run again") as caught:
        classify(scene, model, output, progress=Damage())
    assert type(caught.value).__name__ == "StripChangedError"
    assert not output.exists()
    assert again(scene, model, output) == STRIPS - 1


@pytest.mark.parametrize("record", ['{"index": 3, "win', "null", '{"index": 1}', "[]", "\x00\x00"])
def test_a_record_that_cannot_be_read_stands_for_nothing(
    record: str, scene: Path, model: dict[str, Any], output: Path
) -> None:
    cancel(scene, model, output)
    (strips_of(output) / "000001.strip.json").write_text(record)
    assert again(scene, model, output) == 2


@pytest.mark.parametrize("manifest", ["", "{", "[]", '{"request_key": 1}'])
def test_a_manifest_that_cannot_be_read_starts_afresh(
    manifest: str, scene: Path, model: dict[str, Any], output: Path
) -> None:
    cancel(scene, model, output)
    (strips_of(output) / "manifest.json").write_text(manifest)
    assert again(scene, model, output) == 0


def test_tiles_and_batch_are_those_of_the_manifest(scene: Path, model: dict[str, Any], output: Path) -> None:
    cancel(scene, model, output)
    path = strips_of(output) / "manifest.json"
    manifest, digest = read_sealed(path)
    assert manifest["shape"]["height"] == 64
    manifest["shape"].update(height=128, width=128)
    made = write_sealed(path, manifest)
    for record in strips_of(output).glob("*.strip.json"):
        content, _ = read_sealed(record)
        assert content["manifest"] == digest
        write_sealed(record, {**content, "manifest": made})
    progress = Recorder()
    assert classify(scene, model, output, progress=progress).tile == (128, 128)


def test_foreign_files_in_the_folder_of_strips_stay(scene: Path, model: dict[str, Any], output: Path) -> None:
    strips_of(output).mkdir()
    (strips_of(output) / "notes.txt").write_text("mine")
    classify(scene, model, output)
    assert names_in(strips_of(output)) == ["notes.txt"]
