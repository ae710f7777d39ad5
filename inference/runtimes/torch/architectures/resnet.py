# SPDX-License-Identifier: GPL-2.0-or-later
"""ResNet, ResNeXt and SE-ResNet of any depth and width, recognised by their tensors.

Layout: torchvision's models.resnet (BSD-3), where the stride of a bottleneck is on its 3 x 3 convolution. SE-ResNet and
SE-ResNeXt (Hu et al. 2018) weight the channels of each block; only SE-ResNet has the stride on the first convolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .layers import Layer, chain, convolution, relu, squeeze
from .state_dict import StateDict, TensorMissingError

# Names of the first convolution, its normalisation and the four stages.
NAMED = ("conv1", "bn1", "layer1", "layer2", "layer3", "layer4")
NUMBERED = ("0", "1", "4", "5", "6", "7")


@dataclass(frozen=True)
class Stage:
    """The layout of a stage: the first block may have a separate dilation."""

    stride: int
    first_dilation: int = 1
    dilation: int = 1


PLAIN = (Stage(1), Stage(2), Stage(2), Stage(2))

# In torchvision the first block has the dilation of the previous stage.
DILATED_NAMED = (Stage(1), Stage(2), Stage(1, 1, 2), Stage(1, 2, 4))
DILATED_NUMBERED = (Stage(1), Stage(2), Stage(1, 2, 2), Stage(1, 4, 4))


@dataclass(frozen=True)
class ResNet:
    """A ResNet without its head: `stem` halves the size, the first stage starts with another halving."""

    stem: Layer
    stages: tuple[Layer, ...]
    bands: int

    def features(self, image: Any) -> list[Any]:
        """Returns the outputs of the stem and of the stages, the deepest last."""
        outputs = [self.stem(image)]
        for stage in self.stages:
            outputs.append(stage(outputs[-1]))
        return outputs


def read_resnet(state: StateDict, names: tuple[str, ...], stages: tuple[Stage, ...]) -> ResNet:
    """Returns the ResNet whose tensors have these names."""
    first, norm, *rest = names
    stem = state.at("layer0") if state.has("layer0") else state
    bands = int(stem.at(first).take("weight", 4).shape[1])
    layers = [_stage(state.at(name), stage) for name, stage in zip(rest, stages)]
    pooled = chain(_pool(state, weighed=stem is not state), layers[0])
    return ResNet(
        chain(convolution(stem.at(first), stem.at(norm), stride=2), relu(state)), (pooled, *layers[1:]), bands
    )


def _pool(state: StateDict, weighed: bool) -> Layer:
    max_pool2d = state.functional.max_pool2d
    # The SE networks derive from Caffe, which pads at the end only.
    if weighed:
        return lambda image: max_pool2d(image, 3, 2, ceil_mode=True)
    return lambda image: max_pool2d(image, 3, 2, 1)


def _stage(state: StateDict, stage: Stage) -> Layer:
    blocks = state.indices()
    if not blocks or blocks != list(range(len(blocks))):
        raise TensorMissingError("the encoder is not a ResNet")
    first = _block(state.at(0), stage.stride, stage.first_dilation)
    return chain(first, *(_block(state.at(block), 1, stage.dilation) for block in blocks[1:]))


def _block(state: StateDict, stride: int, dilation: int) -> Layer:
    """Returns a basic block, or a bottleneck if there is a third convolution."""
    rectify = relu(state)
    if state.has("conv3"):
        groups, weighed = _groups(state), state.has("se_module")
        strides = (stride, 1) if weighed and groups == 1 else (1, stride)
        residual = chain(
            _convolution(state, 1, strides[0]), rectify,
            _convolution(state, 2, strides[1], dilation, groups), rectify,
            _convolution(state, 3), *([squeeze(state.at("se_module"), "fc1", "fc2")] if weighed else []),
        )  # fmt: skip
    else:
        residual = chain(_convolution(state, 1, stride, dilation), rectify, _convolution(state, 2, 1, dilation))
    shortcut = _shortcut(state, stride)
    return lambda image: rectify(residual(image) + shortcut(image))


def _convolution(state: StateDict, number: int, stride: int = 1, dilation: int = 1, groups: int = 1) -> Layer:
    return convolution(state.at(f"conv{number}"), state.at(f"bn{number}"), stride, dilation, groups)


def _groups(state: StateDict) -> int:
    """Returns the groups of a ResNeXt from the channels per group of its 3 x 3 convolution."""
    channels, seen = state.at("conv1").take("weight", 4).shape[0], state.at("conv2").take("weight", 4).shape[1]
    return int(channels // max(1, seen))


def _shortcut(state: StateDict, stride: int) -> Layer:
    if not state.has("downsample"):
        return lambda image: image
    return convolution(state.at("downsample", 0), state.at("downsample", 1), stride)
