# SPDX-License-Identifier: GPL-2.0-or-later
"""MobileNetV2 (Sandler et al. 2018) and V3 (Howard et al. 2019) in torchvision's layout (models, BSD-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .layers import Layer, chain, convolution, depthwise, squeeze
from .state_dict import StateDict, TensorMissingError

# The blocks that halve the size, and the last ones before the next halving, whose output decoders use.
HALVING = (2, 4, 7, 14)
SEEN = (1, 3, 6, 13, 18)


# MobileNetV3 (large) in torchvision's segmentation: the first block with Hard Swish, the first dilated one, and the
# last one before 1/16 of the size.
HARD, DILATED, LOW, LAST = 7, 13, 4, 16
HALVING_V3 = (2, 4, 7)
EPSILON_V3 = 1e-3


@dataclass(frozen=True)
class MobileNet:
    """A MobileNet without its head; decoders use the output of the blocks of these numbers."""

    blocks: tuple[Layer, ...]
    seen: tuple[int, ...]
    bands: int

    def features(self, image: Any) -> list[Any]:
        """Returns the features for decoders, from the largest to the smallest."""
        seen = []
        for number, block in enumerate(self.blocks):
            image = block(image)
            if number in self.seen:
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
    return MobileNet(tuple(layers), SEEN, int(blocks.at(0, 0).take("weight", 4).shape[1]))


def _clipped(state: StateDict, stride: int = 1) -> Layer:
    clip = state.functional.relu6
    return chain(convolution(state.at(0), state.at(1), stride=stride), clip)


def _inverted(state: StateDict, halves: bool, dilation: int) -> Layer:
    """Returns an inverted residual block: expansion, depthwise convolution, projection."""
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


def read_mobilenet_v3(state: StateDict) -> MobileNet:
    """Returns the dilated MobileNetV3 (large) of these tensors; decoders use it at 1/8 and 1/16 of the size."""
    if state.indices() != list(range(LAST + 1)):
        raise TensorMissingError("its encoder is not MobileNetV3")
    hard = state.functional.hardswish
    layers = [chain(_normed_v3(state.at(0), stride=2), hard)]
    for number in range(1, LAST):
        dilation = 2 if number >= DILATED else 1
        activate = hard if number >= HARD else state.functional.relu
        layers.append(_inverted_v3(state.at(number, "block"), activate, number in HALVING_V3, dilation))
    layers.append(chain(_normed_v3(state.at(LAST)), hard))
    return MobileNet(tuple(layers), (LOW, LAST), int(state.at(0, 0).take("weight", 4).shape[1]))


def _normed_v3(state: StateDict, each: bool = False, **options: Any) -> Layer:
    make = depthwise if each else convolution
    return make(state.at(0), state.at(1), epsilon=EPSILON_V3, **options)


def _inverted_v3(state: StateDict, activate: Layer, halves: bool, dilation: int) -> Layer:
    """Returns an inverted residual block, with optional squeeze-and-excitation."""
    *inner, last = state.indices()
    layers: list[Layer] = []
    for number in inner:
        part = state.at(number)
        if part.has("fc1"):
            layers.append(squeeze(part, "fc1", "fc2", gate=part.functional.hardsigmoid))
            continue
        each = part.at(0).take("weight", 4).shape[1] == 1
        spread = {"stride": 2 if halves else 1, "dilation": dilation} if each else {}
        layers += [_normed_v3(part, each, **spread), activate]
    block = chain(*layers, _normed_v3(state.at(last)))
    first = state.at(inner[0], 0).take("weight", 4)
    before = first.shape[0] if first.shape[1] == 1 else first.shape[1]
    if halves or state.at(last, 0).take("weight", 4).shape[0] != before:
        return block
    return lambda image: image + block(image)
