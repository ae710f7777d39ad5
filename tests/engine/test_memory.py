# SPDX-License-Identifier: GPL-2.0-or-later
"""What memory a process has, what a run plans with, and what it does where that is too little."""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import free_memory
from classify_pixels.inference.errors import MemoryShortError, NetworkMemoryError
from classify_pixels.inference.models import GivenArguments, ModelReference, open_model
from classify_pixels.inference.network import memory, memory_plan, open_network
from classify_pixels.inference.network.call_memory import CallMemory, measure_calls
from classify_pixels.inference.network.memory import available, peak, resident
from classify_pixels.inference.network.memory_plan import LIBRARIES, fitted, memory_needed, with_smaller_tile
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.notices import Note
from classify_pixels.inference.runtimes import Backend, BackendOptions, open_backend
from tests.networks import class_definition, pooling_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify

ROOT = Path(__file__).resolve().parents[2]

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells it")


# In a process of its own, where nothing else gives memory back meanwhile.
GROWTH = """
import time
import numpy as np
from tests import conftest
from classify_pixels.inference.network.memory import Growth
with Growth() as growth:
    taken = np.ones(100 * 2**20, np.uint8)
    while growth.bytes < 90 * 2**20:
        time.sleep(0.005)
    del taken
print(growth.bytes)
"""


@linux
def test_growth_sees_what_is_taken_and_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", GROWTH], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 90 * 2**20 < int(done.stdout) < 150 * 2**20


@linux
def test_the_peak_is_no_less_than_what_is_resident() -> None:
    now, most, free = resident(), peak(), available()
    assert now is not None
    assert most is not None
    assert free is not None
    assert most >= now > 2**20
    assert free > 0


# Every other block is freed, so that no heap can shrink at its end.
UNUSED = """
from tests import conftest
from classify_pixels.inference.network.memory import release_unused, resident
blocks = [bytearray(65536) for _ in range(2000)]
blocks = blocks[::2]
before = resident()
release_unused()
print(before - resident())
"""


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="only the GNU C library keeps so much")
def test_memory_that_was_freed_is_released() -> None:
    done = subprocess.run([sys.executable, "-c", UNUSED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50 * 2**20


def test_a_container_is_a_limit_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    monkeypatch.setattr(free_memory, "CGROUP", tmp_path)
    assert available() == 2_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert available() != 2_000_000


def test_systems_that_do_not_tell_are_taken_at_their_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((memory, "STATM"), (free_memory, "MEMINFO"), (free_memory, "CGROUP")):
        monkeypatch.setattr(module, name, tmp_path / "absent")
    assert resident() is None
    assert available() is None


def prepared(tmp_path: Path, size: int | None = None, tile: int = 512) -> PreparedModel:
    network = pooling_network(tmp_path / "network.onnx", size=size)
    document = class_definition(network, 2, [1, 2, 3], size or tile, ClassifyPixels={"Stride": 4, "Halo": 12})
    model = open_model(ModelReference(document=document), tmp_path)
    return prepare_model(model, GivenArguments(), open_backend(model.weights, BackendOptions(bands=2)))


def test_the_plan_is_the_sum_of_its_parts() -> None:
    assert memory_needed(1000, 10, 3, 5, 7) == 1000 + 10 * 3 + 2 * 5 + 7 + LIBRARIES


def test_concurrent_calls_take_what_was_measured_of_one() -> None:
    measured = CallMemory(pixels=100, first=900)
    assert [measured.needed(100, calls) for calls in (1, 2, 4)] == [900, 900 + 720, 900 + 3 * 720]
    # A tile of a quarter, and one of the double size.
    assert (measured.needed(25, 2), measured.needed(200)) == (405, 1800)
    assert CallMemory().needed(100, 2) == 0
    # Of a call 100 bytes do not depend on its pixels.
    assert CallMemory(100, 900, constant=100).needed(25, 2) == 100 + (800 + 640) // 4


def test_tiles_become_smaller_until_they_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def needed(model: PreparedModel) -> int:
        return model.shape.height**2 * 1000

    monkeypatch.setattr(memory_plan, "available", lambda: needed(prepared(tmp_path)) // 2)
    fit = fitted(prepared(tmp_path), needed, Recorder())
    assert (fit.shape.height, fit.shape.halo) == (256, 12)
    monkeypatch.setattr(memory_plan, "available", lambda: 2**20)
    with pytest.raises(MemoryShortError, match="needs about"):
        fitted(prepared(tmp_path), needed, Recorder())


def test_what_is_needed_and_free_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Recorder()
    monkeypatch.setattr(memory_plan, "available", lambda: 2**30)
    fitted(prepared(tmp_path), lambda _: 2**20, progress)
    assert progress.said(Note.MEMORY) == [{"needed": 1, "free": 1024}]


class TakingBackend(Backend):
    """Every call takes 2 KiB for a pixel."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, ...]] = []

    def run(self, pixels: Any) -> Any:
        self.sizes.append(pixels.shape)
        taken = np.ones(pixels[:, 0].size * 2048, np.uint8)
        # For several looks at the process, or more.
        time.sleep(20 * memory.PERIOD)
        return taken[:1]


# In a process of its own, whose memory nothing else changes.
MEASURING = """
import sys
from tests import conftest
from classify_pixels.inference.network import memory
from classify_pixels.inference.network.call_memory import measure_calls
from tests.engine.test_memory import TakingBackend
memory.available = lambda: int(sys.argv[1])
backend = TakingBackend()
found = measure_calls(backend, [(1, 2, side, side) for side in (64, 128, 256)])
print(len(backend.sizes), found.pixels, found.needed(256**2))
"""


@linux
@pytest.mark.parametrize(("free", "sizes"), [(2**40, 3), (100, 2), (20, 1)], ids=str)
def test_a_call_is_measured_as_far_as_it_fits(free: int, sizes: int) -> None:
    """They take 8, 32 and 128 MiB."""
    command = [sys.executable, "-c", MEASURING, str(free * 2**20)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    count, pixels, needed = map(int, done.stdout.split())
    assert (count, pixels) == (sizes, [64**2, 128**2, 256**2][sizes - 1])
    # A few megabytes of the smallest size are not those of its pixels.
    assert 120 * 2**20 < needed < (160 if sizes > 1 else 400) * 2**20


# Some blocks of the small call stay, so that its heap cannot shrink at its end.
LEFT = """
import time
import numpy as np
from tests import conftest
from classify_pixels.inference.network.call_memory import measure_calls
from classify_pixels.inference.network.memory import PERIOD
from classify_pixels.inference.runtimes import Backend
class LeavingBackend(Backend):
    def run(self, pixels):
        small = pixels.shape[2] == 5
        taken = [bytearray(65536) for _ in range(2000)] if small else np.ones(40 * 2**20, np.uint8)
        time.sleep(20 * PERIOD)
        self.kept = taken[::400] if small else None
        return pixels
print(measure_calls(LeavingBackend(), [(1, 2, 5, 5), (1, 2, 10, 10)]).first)
"""


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="only the GNU C library keeps so much")
def test_what_an_earlier_call_has_left_does_not_count() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 35 * 2**20 < int(done.stdout) < 80 * 2**20


def test_a_call_that_fails_is_measured_as_far_as_it_came() -> None:
    class FailingBackend(Backend):
        def run(self, pixels: Any) -> Any:
            raise NetworkMemoryError(size="10 x 10", reason="there is not enough memory")

    assert measure_calls(FailingBackend(), [(1, 2, 5, 5), (1, 2, 10, 10)]).pixels == 100


@linux
def test_the_memory_of_another_process_counts() -> None:
    taking = "input(); import numpy; taken = numpy.ones(100 * 2**20, numpy.uint8); print('taken', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", taking], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        with memory.Growth(other.pid) as growth:
            print(file=other.stdin, flush=True)
            assert other.stdout.readline() == "taken\n"
        other.communicate("\n")
    assert growth.bytes > 90 * 2**20


def test_tiles_of_a_fixed_size_and_tiles_that_are_all_halo_do_not_shrink(tmp_path: Path) -> None:
    assert with_smaller_tile(prepared(tmp_path, size=64)) is None
    free = prepared(tmp_path, tile=128)
    halved = with_smaller_tile(free)
    assert halved is not None
    assert halved.shape.height == 64
    assert with_smaller_tile(halved) is None
    wide = replace(free, shape=replace(free.shape, halo=32))
    assert with_smaller_tile(wide) is None


@pytest.mark.parametrize("arguments", [{"tile_size": "1024"}, {"tile_size": "1024", "padding": "12"}])
def test_large_tiles_give_the_same_bytes_however_many_calls_run_at_once(
    arguments: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 1500, 1300))
    results = []
    for number, (workers, budget) in enumerate(
        [(1, open_network.CALLS_MEMORY), (2, open_network.CALLS_MEMORY), (2, 1), (4, 1)]
    ):
        monkeypatch.setattr(open_network, "CALLS_MEMORY", budget)
        output = tmp_path / f"classes{number}.tif"
        classify(raster, model, output, arguments, workers=workers)
        results.append(output.read_bytes())
    assert len(set(results)) == 1
    classify(raster, model, tmp_path / "small.tif", {"tile_size": "256"}, workers=2)
    assert (read_raster(tmp_path / "small.tif") == read_raster(tmp_path / "classes0.tif")).all()
