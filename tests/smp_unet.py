# SPDX-License-Identifier: GPL-2.0-or-later
"""A narrow U-Net upon a ResNet with the tensor names of segmentation_models_pytorch, in plain PyTorch modules."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def normed(before: int, after: int, size: int = 3, stride: int = 1) -> tuple[nn.Module, nn.Module]:
    """Returns a convolution without bias and its batch normalisation."""
    return nn.Conv2d(before, after, size, stride, size // 2, bias=False), nn.BatchNorm2d(after)


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = normed(before, after, 3, stride)
        self.conv2, self.bn2 = normed(after, after)
        if stride > 1:
            self.downsample = nn.Sequential(*normed(before, after, 1, stride))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        around = self.downsample(image) if hasattr(self, "downsample") else image
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(image))))) + around)


class Encoder(nn.Module):
    """A ResNet of one block for each stage."""

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = normed(bands, width, 7, 2)
        for number in range(4):
            before = width * 2 ** max(0, number - 1)
            block = Block(before, width * 2**number, 1 if number == 0 else 2)
            setattr(self, f"layer{number + 1}", nn.Sequential(block))

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        seen = [torch.relu(self.bn1(self.conv1(image)))]
        image = nn.functional.max_pool2d(seen[0], 3, 2, 1)
        for number in range(1, 5):
            image = getattr(self, f"layer{number}")(image)
            seen.append(image)
        return seen


class Step(nn.Module):
    """Doubles the size, joins what the encoder saw at it, and convolves twice."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(*normed(before, after), nn.ReLU())
        self.conv2 = nn.Sequential(*normed(after, after), nn.ReLU())

    def forward(self, image: torch.Tensor, skip: torch.Tensor | None) -> torch.Tensor:
        image = nn.functional.interpolate(image, scale_factor=2.0, mode="nearest")
        return self.conv2(self.conv1(image if skip is None else torch.cat([image, skip], 1)))


class UNet(nn.Module):
    """Scores (N, classes, height, width) for images (N, bands, height, width) whose sides are multiples of 32."""

    def __init__(self, bands: int, classes: int, width: int = 4) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(bands, width), nn.Module()
        deep, after = 8 * width, (16, 8, 8, 4, 4)
        before = [deep, *after[:-1]]
        skipped = (4 * width, 2 * width, width, width, 0)
        self.decoder.blocks = nn.ModuleList(Step(b + s, a) for b, s, a in zip(before, skipped, after))
        self.segmentation_head = nn.Sequential(nn.Conv2d(after[-1], classes, 3, padding=1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        image, *skips = self.encoder(image)[::-1]
        for step, skip in zip(self.decoder.blocks, [*skips, None]):
            image = step(image, skip)
        return self.segmentation_head(image)


def random_unet(bands: int, classes: int, seed: int = 3) -> Any:
    """Returns a network whose weights and statistics are random, as those of a trained one are not trivial."""
    torch.manual_seed(seed)
    network = UNet(bands, classes).eval()
    for name, tensor in network.state_dict().items():
        if name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
        elif name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
    return network
