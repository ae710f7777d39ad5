# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole classifications whose network runs in another Python."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import NetworkRunError, RunCancelledError
from classify_pixels.inference.events import Event, RunStarted
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.processor_time import CancelAmid
from tests.state_dicts import image, state_dict, tiny_unet_shapes

from ..unit.runs import Recorder, classify, names_in

torch = pytest.importorskip("torch", reason="PyTorch is optional")

PYTHON = Path(sys.executable)


class CancelAmidTiles(CancelAmid):
    """Does so after the run has announced itself."""

    is_announced = False

    def emit(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.begin()
            self.is_announced = True

    @property
    def cancelled(self) -> bool:  # type: ignore[override]
        return self.is_announced and super().cancelled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def definition(path: Path, body: str) -> dict[str, Any]:
    """Returns a definition for three bands and three classes, whose network has a body given as source."""
    torch.jit.CompilationUnit(f"def forward(x):\n    {body}\n").forward.save(str(path))
    return {
        "Framework": "PyTorch", "ModelType": "ImageClassification", "ModelFile": str(path),
        "ImageHeight": 64, "ImageWidth": 64, "ExtractBands": [0, 1, 2],
        "Classes": [{"Value": value, "Name": str(value), "Color": [value, 0, 0]} for value in (1, 2, 3)],
        "ClassifyPixels": {"Stride": 1, "Halo": 0},
    }  # fmt: skip


def test_the_samples_map_is_the_same_byte_for_byte(sample: Path, folder: Path) -> None:
    maps = []
    for name, environment in (("here", {}), ("there", {"torch_python": PYTHON, "workers": 2})):
        recorder, path = Recorder(), folder / f"{name}.tif"
        raster, model = sample / "landsat7_olinda.tif", sample / "landsat7_landcover_torchscript.emd"
        result = classify(raster, model, path, progress=recorder, processor="CPU", **environment)
        assert ("in a process of its own" in result.device) == (name == "there")
        maps.append(gdal.Open(str(path)).ReadAsArray())
    np.testing.assert_array_equal(*maps)


def test_cancel_leaves_a_network_that_never_returns(sample: Path, folder: Path, tmp_path: Path) -> None:
    # Of whole numbers, which the images that try a network are not.
    model = definition(
        tmp_path / "n.pt",
        "while bool((x != 0).any()) and bool((x == torch.floor(x)).all()):\n        x = x * 1\n    return x",
    )
    progress = CancelAmidTiles(0.5)
    with pytest.raises(RunCancelledError):
        classify(
            sample / "landsat7_olinda.tif", model, folder / "out.tif",
            progress=progress, torch_python=PYTHON, processor="CPU", workers=2,
        )  # fmt: skip
    assert "out.tif" not in names_in(folder)


def test_a_network_that_fails_in_the_middle_leaves_no_output(sample: Path, folder: Path, tmp_path: Path) -> None:
    model = definition(tmp_path / "n.pt", "if bool((x != 0).any()):\n        x = x.reshape(7)\n    return x")
    with pytest.raises(NetworkRunError, match="64 x 64"):
        classify(sample / "landsat7_olinda.tif", model, folder / "out.tif", torch_python=PYTHON, processor="CPU")
    assert "out.tif" not in names_in(folder)


@pytest.mark.parametrize("suffix", [".pth", ".pt2"])
def test_other_formats_of_pytorch_give_the_same_scores(suffix: str, tmp_path: Path) -> None:
    pixels = image(3, 64, 96)
    if suffix == ".pt2":
        pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
        network = torch.nn.Conv2d(3, 4, 3, padding=1).eval()
        program = torch.export.export(network, (torch.zeros(pixels.shape),))
        torch.export.save(program, str(tmp_path / "n.pt2"))
    else:
        torch.save(state_dict(tiny_unet_shapes()), str(tmp_path / "n.pth"))
    found = []
    for python in (None, PYTHON):
        options = BackendOptions(processor="CPU", python=python)
        with closing(open_backend(tmp_path / f"n{suffix}", options)) as backend:
            found.append(backend.run(pixels))
    np.testing.assert_array_equal(*found)
