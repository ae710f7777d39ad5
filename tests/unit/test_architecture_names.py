# SPDX-License-Identifier: GPL-2.0-or-later
"""What networks are called that are rebuilt from their tensors, and where that is said."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from classify_pixels.inference.describe import json_of, text_of
from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.torch.architectures import StateDict
from classify_pixels.inference.runtimes.torch.architectures.naming import name_network
from tests.state_dicts import state_dict, tiny_unet_shapes

torch = pytest.importorskip("torch", reason="PyTorch is optional")
TINY = "U-Net upon a ResNet of 1 + 1 + 1 + 1 blocks"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.save(state_dict(tiny_unet_shapes()), str(tmp_path / "net.pth"))
    return tmp_path / "net.pth"


@pytest.mark.parametrize(
    ("blocks", "width", "seen", "expected"),
    [
        ((2, 2, 2, 2), 0, 64, "ResNet-18"),
        ((3, 4, 6, 3), 0, 64, "ResNet-34"),
        ((3, 4, 6, 3), 64, 64, "ResNet-50"),
        ((3, 4, 23, 3), 64, 64, "ResNet-101"),
        ((3, 8, 36, 3), 64, 64, "ResNet-152"),
        ((3, 4, 6, 3), 128, 128, "WideResNet-50"),
        ((3, 4, 6, 3), 128, 4, "ResNeXt-50"),
        ((3, 4, 6, 4), 64, 64, "a ResNet of 3 + 4 + 6 + 4 blocks"),
    ],
)
@pytest.mark.parametrize("stages", ["layers.0.{}", "backbone.{}", "backbone.layer{}"])
def test_the_encoder_is_told_from_its_blocks(
    blocks: tuple[int, ...], width: int, seen: int, expected: str, stages: str
) -> None:
    """A `width` is that of bottlenecks, of which each sees some channels at a time."""
    numbers = range(1, 5) if "layer{" in stages else range(4, 8)
    places = [f"{stages.format(number)}.{block}" for number, count in zip(numbers, blocks) for block in range(count)]
    tensors = {f"{place}.conv2.weight": torch.zeros(1).expand(width or 64, seen, 3, 3) for place in places}
    if width:
        tensors |= {f"{place}.conv3.weight": torch.zeros(1).expand(4, width, 1, 1) for place in places}
    tensors["backbone.conv1.weight" if "layer{" in stages else stages.format(0)] = torch.zeros(64, 3, 7, 7)
    assert name_network("PSPNet", StateDict(torch, torch.device("cpu"), tensors)) == f"PSPNet upon {expected}"


def test_the_backend_says_it(weights: Path) -> None:
    with closing(open_backend(weights, BackendOptions(processor="CPU"))) as backend:
        assert backend.metadata == {"architecture": TINY}


def test_whoever_has_the_bare_file_is_told(weights: Path, tmp_path: Path) -> None:
    description = describe_model(ModelReference(path=weights), tmp_path / "cache", processor="CPU")
    assert json_of(description)["network"]["architecture"] == TINY
    assert TINY in text_of(description)
