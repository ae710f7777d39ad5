# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks of patches whose sides are no powers of two: their strides are found, and a declared one is obeyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is optional")

from classify_pixels.inference.errors import ClassifyPixelsError  # noqa: E402
from tests.networks import class_definition  # noqa: E402
from tests.runs import read  # noqa: E402
from tests.unit.rasters import random_pixels, write_raster  # noqa: E402
from tests.unit.runs import classify  # noqa: E402

HEIGHT, WIDTH, CLASSES = 205, 230, 4
PIXELS = random_pixels(2, HEIGHT, WIDTH)
STRIDES = (3, 6, 7, 12, 14, 28)


class Patches(torch.nn.Module):  # type: ignore[misc]
    """Scores of patches, as a vision transformer's, that look at their neighbours and are enlarged."""

    def __init__(self, side: int) -> None:
        super().__init__()
        torch.manual_seed(4)
        self.side = side
        self.embed = torch.nn.Conv2d(2, 6, side, stride=side)
        self.mix = torch.nn.Conv2d(6, 6, 3, padding=1)
        self.around = torch.nn.Conv2d(2, CLASSES, 1)
        self.head = torch.nn.Conv2d(6, CLASSES * side * side, 1)
        self.enlarge = torch.nn.PixelShuffle(side)

    def forward(self, image: Any) -> Any:
        tokens = torch.relu(self.mix(torch.relu(self.embed(image))))
        # Fails, as a transformer does, where a side is no multiple of a patch.
        return self.enlarge(self.head(tokens)) * 3 + self.around(image) / 100


def saved(path: Path, side: int) -> Any:
    """Saves a network as the file's name says, and returns it."""
    network, example = Patches(side).eval(), torch.zeros(1, 2, 4 * side, 4 * side)
    if path.suffix == ".pt":
        torch.jit.trace(network, example).save(str(path))
    elif path.suffix == ".pt2":
        pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
        sizes = ({2: side * torch.export.Dim("rows"), 3: side * torch.export.Dim("columns")},)
        torch.export.save(torch.export.export(network, (example,), dynamic_shapes=sizes), str(path))
    else:
        pytest.importorskip("onnx")
        axes = {"image": {2: "h", 3: "w"}}
        torch.onnx.export(network, example, str(path), input_names=["image"], dynamic_axes=axes, dynamo=False)
    return network


def whole(network: Any, stride: int) -> np.ndarray:
    """Returns PyTorch's scores of the scene, extended with zeros to a multiple of the stride."""
    rows, columns = -(-HEIGHT // stride) * stride, -(-WIDTH // stride) * stride
    extended = np.zeros((1, 2, rows, columns), np.float32)
    extended[0, :, :HEIGHT, :WIDTH] = PIXELS
    with torch.no_grad():
        return network(torch.from_numpy(extended))[0, :, :HEIGHT, :WIDTH].numpy()


def check(found: np.ndarray, scores: np.ndarray) -> None:
    """Compares a map with the largest scores, but where two are as good as equal."""
    best = np.sort(scores, axis=0)
    clear = best[-1] - best[-2] > 1e-3
    assert clear.mean() > 0.95
    assert len(np.unique(scores.argmax(0))) > 1
    assert (found == scores.argmax(0))[clear].all()


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", PIXELS)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".onnx", ".pt", ".pt2"])
@pytest.mark.parametrize("side", STRIDES)
def test_a_stride_that_is_no_power_of_two(side: int, suffix: str, scene: Path, tmp_path: Path) -> None:
    network = tmp_path / f"net{suffix}"
    own_network = saved(network, side)
    found = classify(scene, network, tmp_path / "map.tif")
    assert found.stride % side == 0
    check(read(tmp_path / "map.tif"), whole(own_network, found.stride))
    # With a tile that is a multiple of the stride, and with one that is none.
    for tile in (side * (192 // side), 200):
        for own in ({}, {"Stride": side}, {"Stride": side, "Halo": side}, {"Stride": 2 * side, "Halo": 2 * side}):
            model = class_definition(network, 2, range(CLASSES), tile, ClassifyPixels=own)
            found = classify(scene, model, tmp_path / "map.tif")
            assert found.stride == own.get("Stride", found.stride)
            check(read(tmp_path / "map.tif"), whole(own_network, found.stride))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".onnx", ".pt"])
def test_a_stride_that_is_not_found_is_named(suffix: str, scene: Path, tmp_path: Path) -> None:
    """Patches of 37 pixels are found, or the error says what is missing."""
    network = tmp_path / f"net{suffix}"
    own_network = saved(network, 37)
    model = class_definition(network, 2, range(CLASSES), 96, ClassifyPixels={})
    try:
        stride = classify(scene, model, tmp_path / "map.tif").stride
    except ClassifyPixelsError as error:
        assert "Stride" in str(error)  # noqa: PT017
    else:
        check(read(tmp_path / "map.tif"), whole(own_network, stride))
    model = class_definition(network, 2, range(CLASSES), 111, ClassifyPixels={"Stride": 37, "Halo": 37})
    assert classify(scene, model, tmp_path / "map.tif").stride == 37
    check(read(tmp_path / "map.tif"), whole(own_network, 37))


@pytest.mark.filterwarnings("ignore")
def test_a_wrong_stride_is_refused_by_its_name(scene: Path, tmp_path: Path) -> None:
    network = tmp_path / "net.onnx"
    saved(network, 14)
    model = class_definition(network, 2, range(CLASSES), 96, ClassifyPixels={"Stride": 16, "Halo": 32})
    with pytest.raises(ClassifyPixelsError, match="Stride"):
        classify(scene, model, tmp_path / "map.tif")
