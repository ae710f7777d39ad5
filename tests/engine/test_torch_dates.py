# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps of PyTorch's networks for several dates, for rows of pixels, and with further inputs, are those of PyTorch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import NetworkMismatchError
from tests.networks import class_definition
from tests.runs import classify, read
from tests.unit.rasters import random_pixels, write_raster

torch = pytest.importorskip("torch")

HEIGHT, WIDTH, TIMES, BANDS, CLASSES = 540, 620, 3, 2, 4


class Recurrent(torch.nn.Module):
    """An LSTM over the dates of each pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.last = torch.nn.LSTM(BANDS, 8, batch_first=True), torch.nn.Linear(8, CLASSES)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.last(self.lstm((rows - 128) / 20)[0][:, -1] * 5)


class Convolution(torch.nn.Module):
    """A Conv3d over all dates of each pixel, whose scores keep a date."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Conv3d(BANDS, CLASSES, (TIMES, 1, 1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.layer(image / 255)


class WithNumbers(torch.nn.Module):
    """A network with a time and a place beside the image."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Conv2d(TIMES * BANDS, CLASSES, 1)

    def forward(self, image: torch.Tensor, t: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
        return self.layer(image / 255) * place.reshape(1, CLASSES, 1, 1) + t * image[:, :1] * place[0, 0]


def scene(folder: Path) -> tuple[Path, np.ndarray]:
    pixels = (random_pixels(TIMES * BANDS, HEIGHT, WIDTH) % 256).astype(np.uint8)
    path = write_raster(folder / "scene.tif", pixels)
    return path, gdal.Open(str(path)).ReadAsArray().astype(np.float32)


def saved(path: Path, network: Any, examples: tuple[Any, ...]) -> Path:
    """Saves TorchScript, or an exported program of any size."""
    if path.suffix == ".pt":
        torch.jit.save(torch.jit.trace(network.eval(), examples), str(path))
        return path
    pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
    dim = torch.export.Dim
    sizes: list[Any] = [None] * len(examples)
    axes = examples[0].dim()
    sizes[0] = {0: dim("n")} if axes == 3 else {axes - 2: dim("h"), axes - 1: dim("w")}
    torch.export.save(torch.export.export(network.eval(), examples, dynamic_shapes=tuple(sizes)), str(path))
    return path


def check(folder: Path, raster: Path, document: dict[str, Any], scores: Any) -> None:
    """Compares a map with the largest scores (classes, height, width), but where two are as good as equal."""
    found = scores.detach().numpy().reshape(CLASSES, HEIGHT, WIDTH)
    classify(raster, json.dumps(document), folder / "map.tif")
    best = np.sort(found, axis=0)
    clear = best[-1] - best[-2] > 1e-4
    assert clear.mean() > 0.99
    assert len(np.unique(found.argmax(0))) > 1
    assert (read(folder / "map.tif") == found.argmax(0))[clear].all()


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(3)


@pytest.mark.parametrize("suffix", [".pt", ".pt2"])
def test_rows_of_dates(suffix: str, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path)
    network = Recurrent()
    path = saved(tmp_path / f"n{suffix}", network, (torch.zeros(5, TIMES, BANDS),))
    rows = pixels.reshape(TIMES, BANDS, -1).transpose(2, 0, 1)
    with torch.inference_mode():
        scores = network(torch.from_numpy(np.ascontiguousarray(rows))).T
    # A traced LSTM runs with axes in any order, and so cannot be asked.
    keys = {"ClassifyPixels": {"Times": TIMES}, **({"ModelFormat": "NTC"} if suffix == ".pt" else {})}
    check(tmp_path, raster, class_definition(path, TIMES * BANDS, range(CLASSES), 256, **keys), scores)


@pytest.mark.parametrize("suffix", [".pt", ".pt2"])
def test_images_of_dates(suffix: str, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path)
    network = Convolution()
    path = saved(tmp_path / f"n{suffix}", network, (torch.zeros(1, BANDS, TIMES, 64, 48),))
    stack = torch.from_numpy(pixels.reshape(1, TIMES, BANDS, HEIGHT, WIDTH).transpose(0, 2, 1, 3, 4).copy())
    with torch.inference_mode():
        scores = network(stack)[0]
    document = class_definition(path, TIMES * BANDS, range(CLASSES), 256, ClassifyPixels={"Times": TIMES})
    check(tmp_path, raster, document, scores)


@pytest.mark.parametrize("suffix", [".pt", ".pt2"])
def test_inputs_that_stay_the_same(suffix: str, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path)
    network, place = WithNumbers(), [[1.5, -2.0, 0.5, 3.0]]
    examples = (torch.zeros(1, TIMES * BANDS, 64, 48), torch.tensor([1.0]), torch.ones(1, CLASSES))
    path = saved(tmp_path / f"n{suffix}", network, examples)
    with torch.inference_mode():
        scores = network(torch.from_numpy(pixels[np.newaxis]), torch.tensor([0.01]), torch.tensor(place))[0]
    given = {"t": 0.01, "place": place}
    document = class_definition(path, TIMES * BANDS, range(CLASSES), 256, ClassifyPixels={"Inputs": given})
    check(tmp_path, raster, document, scores)
    for wrong, match in (({"t": 1}, '"Inputs": '), ({**given, "other": 1}, "other")):
        with pytest.raises(NetworkMismatchError, match=match):
            classify(raster, json.dumps({**document, "ClassifyPixels": {"Inputs": wrong}}), tmp_path / "other.tif")
    assert not (tmp_path / "other.tif").exists()
