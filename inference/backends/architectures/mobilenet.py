# SPDX-License-Identifier: GPL-2.0-or-later
"""MobileNetV2 (Sandler et al. 2018) as torchvision lays it out (models.mobilenetv2, BSD-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .layers import Layer, chain, convolution, depthwise
from .state_dict import StateDict, TensorMissingError

# The blocks that halve the size, and the last ones before the next of them, whose output decoders see.
HALVING = (2, 4, 7, 14)
SEEN = (1, 3, 6, 13, 18)


@dataclass(frozen=True)
class MobileNet:
    """MobileNetV2 without its head."""

    blocks: tuple[Layer, ...]
    bands: int

    def features(self, image: Any) -> list[Any]:
        """Returns what it sees at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size."""
        seen = []
        for number, block in enumerate(self.blocks):
            image = block(image)
            if number in SEEN:
                seen.append(image)
        return seen


def read_mobilenet(state: StateDict, output_stride: int) -> MobileNet:
    """Returns the MobileNetV2 of these tensors; from the output stride on it is dilated."""
    blocks = state.at("features")
    if blocks.indices() != list(range(SEEN[-1] + 1)):
        raise TensorMissingError("its encoder is not MobileNetV2")
    stem = _clipped(blocks.at(0), stride=2)
    layers, scale = [stem], 2
    for number in range(1, SEEN[-1]):
        halves = number in HALVING
        scale *= 2 if halves else 1
        dilation = max(1, scale // output_stride)
        layers.append(_inverted(blocks.at(number, "conv"), halves, dilation))
    layers.append(_clipped(blocks.at(SEEN[-1])))
    return MobileNet(tuple(layers), int(blocks.at(0, 0).take("weight", 4).shape[1]))


def _clipped(state: StateDict, stride: int = 1) -> Layer:
    clip = state.functional.relu6
    return chain(convolution(state.at(0), state.at(1), stride=stride), clip)


def _inverted(state: StateDict, halves: bool, dilation: int) -> Layer:
    """Returns an inverted residual block: wider, each channel by itself, narrow again."""
    stride = 2 if halves and dilation == 1 else 1
    clip, last = state.functional.relu6, len(state.indices()) - 2
    wider = [_clipped(state.at(0))] if last == 2 else []
    middle = state.at(last - 1)
    each = depthwise(middle.at(0), middle.at(1), stride=stride, dilation=dilation)
    narrow = convolution(state.at(last), state.at(last + 1))
    block = chain(*wider, each, clip, narrow)
    before = state.at(0, 0).take("weight", 4).shape[0 if last == 1 else 1]
    if halves or state.at(last).take("weight", 4).shape[0] != before:
        return block
    return lambda image: image + block(image)
