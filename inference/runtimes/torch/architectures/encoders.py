# SPDX-License-Identifier: GPL-2.0-or-later
"""The encoders of segmentation_models_pytorch, recognised by their tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from .efficientnet import read_efficientnet
from .mix_transformer import read_mix_transformer
from .mobilenet import read_mobilenet
from .resnet import NAMED, Stage, read_resnet
from .state_dict import StateDict, TensorMissingError


class Encoder(Protocol):
    """The interface of an encoder to decoders."""

    @property
    def bands(self) -> int:
        """The bands of the image."""

    def features(self, image: Any) -> list[Any]:
        """Returns the features at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size; without channels where there are none."""


class Layout(NamedTuple):
    """A kind of encoder: a characteristic tensor, and its reader for an output stride of 8, 16 or 32."""

    sign: str
    read: Callable[[StateDict, int], Encoder]


def _resnet(state: StateDict, output_stride: int) -> Encoder:
    """Returns a ResNet whose last stages are dilated instead of strided, in every convolution."""
    deep = {32: (Stage(2), Stage(2)), 16: (Stage(2), Stage(1, 2, 2)), 8: (Stage(1, 2, 2), Stage(1, 4, 4))}
    return read_resnet(state, NAMED, (Stage(1), Stage(2), *deep[output_stride]))


LAYOUTS = (
    Layout("layer1.0.conv1", _resnet),
    Layout("_conv_stem", read_efficientnet),
    Layout("conv_stem", read_efficientnet),
    Layout("features.0.0", read_mobilenet),
    Layout("patch_embed1", read_mix_transformer),
)


# Unsupported encoders, recognised so that the refusal can name them.
UNKNOWN = {
    "features.denseblock1": "DenseNet", "features.0": "VGG", "model": "an encoder of timm", "conv1_1": "DPN",
    "stage0": "MobileOne", "block1.rep": "Xception", "mixed_5b": "Inception-ResNet", "layers.0": "a vision transformer",
}  # fmt: skip


class EncoderUnknownError(TensorMissingError):
    """The encoder is unsupported."""


def read_encoder(state: StateDict, output_stride: int = 32) -> Encoder:
    """Returns the encoder of these tensors; at an output stride of 8 or 16 its last stages are dilated.

    Raises an EncoderUnknownError with the name of an unsupported one.
    """
    for layout in LAYOUTS:
        if state.has(layout.sign):
            return layout.read(state, output_stride)
    raise EncoderUnknownError(next((name for sign, name in UNKNOWN.items() if state.has(sign)), "an unknown encoder"))
