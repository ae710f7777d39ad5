# SPDX-License-Identifier: GPL-2.0-or-later
"""EfficientNet B0 to B8 and L2 (Tan and Le 2019), and its Lite variants, in both layouts of weights.

One layout is the port of TensorFlow's network, with padding for its nominal image size; the other is timm's, with even
padding. All blocks of a stage have the same number of output channels, different from other stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from .layers import EPSILON, EPSILON_OF_TENSORFLOW, Layer, Padding, chain, convolution, depthwise, squeeze
from .state_dict import StateDict, TensorMissingError

# Strides of the seven stages, and the stages whose output decoders use.
STRIDES = (1, 2, 2, 2, 1, 2, 1)
SEEN = (1, 2, 4, 6)
# segmentation_models_pytorch uses the output of this block of the port's B0, in the middle of a stage.
B0_BLOCKS, B0_SEEN = 16, (2, 4, 8, 15)

# Nominal image sizes for the port's padding: by the channels of the stem, the number of blocks and the last channels.
IMAGE_SIZES = {
    (32, 16, 320): 224, (32, 23, 320): 240, (32, 23, 352): 260, (40, 26, 384): 300, (48, 32, 448): 380,
    (48, 39, 512): 456, (56, 45, 576): 528, (64, 55, 640): 600,
}  # fmt: skip


class Names(NamedTuple):
    """A layout's names for the parts of a block: convolutions, and their normalisations."""

    wider: tuple[str, str]
    each: tuple[str, str]
    narrow: tuple[str, str]
    squeeze: tuple[str, str]


PORT = Names(
    ("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"), ("_se_reduce", "_se_expand")
)
TIMM = Names(("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3"), ("se.conv_reduce", "se.conv_expand"))
# timm's blocks without expansion.
TIMM_PLAIN = TIMM._replace(each=("conv_dw", "bn1"), narrow=("conv_pw", "bn2"))


@dataclass(frozen=True)
class EfficientNet:
    """An EfficientNet without its head; decoders use the output of the blocks of these numbers."""

    stem: Layer
    blocks: tuple[Layer, ...]
    seen: tuple[int, ...]
    bands: int

    def features(self, image: Any) -> list[Any]:
        """Returns the features at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size."""
        image = self.stem(image)
        seen = [image]
        for number, block in enumerate(self.blocks):
            image = block(image)
            if number in self.seen:
                seen.append(image)
        return seen


def read_efficientnet(state: StateDict, output_stride: int) -> EfficientNet:
    """Returns the EfficientNet of these tensors; from the output stride on it is dilated."""
    is_port = state.has("_conv_stem")
    stem = ("_conv_stem", "_bn0") if is_port else ("conv_stem", "bn1")
    stages = _stages(state.at("_blocks")) if is_port else [_numbered(stage) for stage in _numbered(state.at("blocks"))]
    if len(stages) != len(STRIDES) or not all(stages):
        raise TensorMissingError("its encoder is not an EfficientNet")
    ends = [*accumulate(map(len, stages))]
    seen = B0_SEEN if is_port and ends[-1] == B0_BLOCKS else tuple(ends[number] - 1 for number in SEEN)
    kernel = state.at(stem[0]).take("weight", 4)
    reader = _Reader(state, _image_size(kernel, stages) if is_port else None)
    first = reader.convolution(state, stem, 2)
    blocks: list[Layer] = []
    for stage, stage_stride in zip(stages, STRIDES):
        for index, block in enumerate(stage):
            scale = 4 * 2 ** sum(len(blocks) > last for last in seen)
            dilation, stride = max(1, scale // output_stride), stage_stride if index == 0 else 1
            blocks.append(reader.block(block, stride, dilation))
    for unused in ("_conv_head", "_bn1") if is_port else ("conv_head", "bn2"):
        state.at(unused).skip()
    return EfficientNet(chain(first, reader.activate), tuple(blocks), seen, int(kernel.shape[1]))


class _Reader:
    """Reads the layers in order: the size for the padding follows from those before."""

    def __init__(self, state: StateDict, size: int | None) -> None:
        self._size = size
        self._epsilon = EPSILON if size is None else EPSILON_OF_TENSORFLOW
        is_lite = size is None and not state.has("blocks.0.0.se")
        self.activate: Layer = state.functional.relu6 if is_lite else state.functional.silu

    def convolution(
        self, state: StateDict, names: tuple[str, str], stride: int = 1, dilation: int = 1, each: bool = False
    ) -> Layer:
        """Returns a convolution with its normalisation, of these names, padded according to the layout."""
        state, norm = state.at(names[0]), state.at(names[1])
        padded = None
        if self._size is not None:
            padded = None if dilation > 1 else _same(int(state.take("weight", 4).shape[2]), stride, self._size)
            self._size = -(-self._size // stride)
        make = depthwise if each else convolution
        return make(state, norm, stride=stride, dilation=dilation, epsilon=self._epsilon, padded=padded)

    def block(self, state: StateDict, stride: int, dilation: int) -> Layer:
        """Returns an inverted residual block; a dilated one does not halve the size."""
        names = PORT if state.has(PORT.each[0]) else TIMM if state.has(TIMM.narrow[0]) else TIMM_PLAIN
        layers: list[Layer] = []
        channels = state.at(names.each[0]).take("weight", 4).shape[0]
        if names is not TIMM_PLAIN and state.has(names.wider[0]):
            channels = state.at(names.wider[0]).take("weight", 4).shape[1]
            layers += [self.convolution(state, names.wider), self.activate]
        each = self.convolution(state, names.each, stride if dilation == 1 else 1, dilation, each=True)
        layers += [each, self.activate]
        if state.has(names.squeeze[0]):
            layers.append(squeeze(state, *names.squeeze, self.activate))
        layers.append(self.convolution(state, names.narrow))
        block = chain(*layers)
        if stride > 1 or state.at(names.narrow[0]).take("weight", 4).shape[0] != channels:
            return block
        return lambda image: image + block(image)


def _numbered(state: StateDict) -> list[StateDict]:
    return [state.at(number) for number in state.indices()]


def _stages(blocks: StateDict) -> list[list[StateDict]]:
    """Groups the port's single list of blocks by their output channels."""

    def channels(block: StateDict) -> int:
        return int(block.at(PORT.narrow[0]).take("weight", 4).shape[0])

    return [list(stage) for _, stage in groupby(_numbered(blocks), channels)]


def _image_size(stem: Any, stages: Sequence[Sequence[StateDict]]) -> int:
    last = int(stages[-1][-1].at(PORT.narrow[0]).take("weight", 4).shape[0])
    size = IMAGE_SIZES.get((len(stem), sum(map(len, stages)), last))
    if size is None:
        raise TensorMissingError("its encoder is none of EfficientNet B0 to B7")
    return size


def _same(kernel: int, stride: int, size: int) -> Padding:
    """Returns TensorFlow's padding SAME for an image of this size."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    before, after = total // 2, total - total // 2
    return before, after, before, after
