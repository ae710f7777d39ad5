# SPDX-License-Identifier: GPL-2.0-or-later
"""First runs of networks on a machine with little free memory."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import free_memory
from classify_pixels.inference.network import memory
from classify_pixels.inference.run import session
from classify_pixels.inference.runtimes import ShrinkingBackend
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells it")

VALUES, TILE, BATCH = [11, 22, 33], 512, 4

# Bytes that each call takes for a pixel, besides those of the library.
TAKEN = 1024


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Lets every call of a network take memory; returns the shapes of their images."""
    shapes: list[tuple[int, ...]] = []

    def replace(name: str) -> None:
        plain = getattr(ShrinkingBackend, name)

        def taking(self: Any, pixels: Any) -> Any:
            shapes.append(pixels.shape)
            taken = np.ones(pixels[:, 0].size * TAKEN, np.uint8)
            # For several looks at the process.
            time.sleep(5 * memory.PERIOD)
            del taken
            return plain(self, pixels)

        monkeypatch.setattr(ShrinkingBackend, name, taking)

    for name in ("run", "outputs"):
        replace(name)
    return shapes


def report_free(megabytes: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "meminfo").write_text(f"MemTotal: 64000000 kB\nMemAvailable: {megabytes * 1024} kB\n")
    monkeypatch.setattr(free_memory, "MEMINFO", folder / "meminfo")
    monkeypatch.setattr(free_memory, "CGROUP", folder / "absent")


def saved_network(runtime: str, folder: Path) -> Path:
    """Saves a network whose scores are the three bands."""
    if runtime != "torch":
        return identity_network(folder / "network.onnx", 3)
    import torch

    torch.jit.CompilationUnit("def forward(x):\n    return x\n").forward.save(str(folder / "network.pt"))
    return folder / "network.pt"


@linux
@pytest.mark.parametrize(
    ("runtime", "batch", "is_large"),
    [
        ("onnxruntime", 1, False),
        ("onnxruntime", BATCH, True),
        ("openvino", 1, True),
        ("torch", 1, False),
        ("torch in a worker", BATCH, False),
    ],
)
def test_a_first_run_tries_no_size_that_would_not_fit(
    runtime: str, batch: int, is_large: bool, tmp_path: Path, called: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    library, *other = runtime.split(" in ")
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    monkeypatch.setattr(session, "LARGE_SCENE", 1 if is_large else 2**40)
    environment = {"torch_python": Path(sys.executable)} if other else {}
    (tmp_path / "results").mkdir()
    pixels = random_pixels(3, 600, 700)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    network = saved_network(library, tmp_path)
    model = class_definition(network, 3, VALUES, TILE, ClassifyPixels={"Stride": 8, "Halo": 8})
    model["Framework"] = "PyTorch" if library == "torch" else "ONNX"
    arguments = {"batch_size": str(batch), **({} if library == "torch" else {"runtime": library})}
    largest = {}
    for free in (200, 64_000):
        called.clear()
        report_free(free, tmp_path, monkeypatch)
        output = tmp_path / "results" / f"classes{free}.tif"
        # A finding of little memory does not count where there is more.
        result = classify(raster, model, output, arguments, cache=tmp_path / "cache", workers=1, **environment)
        np.testing.assert_array_equal(read_raster(output), np.array(VALUES)[pixels.argmax(axis=0)])
        largest[free] = max(shape[0] * shape[2] * shape[3] for shape in called)
        assert free < TILE or result.tile[0] >= TILE
    # Those of the trial, which knows nothing: 180 MB, or two tiles of a batch.
    assert largest[200] * TAKEN <= 0.9 * 200 * 2**20
    assert largest[64_000] >= batch * TILE**2
