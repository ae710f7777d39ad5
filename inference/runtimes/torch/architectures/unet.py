# SPDX-License-Identifier: GPL-2.0-or-later
"""The U-Net of fastai 1 on an encoder (DynamicUnet, Apache-2.0), recognised by its tensors.

All sizes follow from the tensors, and so do the variants: batch or weight normalisation in the decoder, a last layer
with the image as further input, and a layer without tensors that shifts the numbers of later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .layers import Layer, batch_norm, chain, convolution, relu, resize
from .resnet import NUMBERED, PLAIN, read_resnet
from .state_dict import StateDict, TensorMissingError

# Before it come the encoder, a normalisation, a rectifier and two convolutions.
FIRST_BLOCK = 4


@dataclass(frozen=True)
class Encoder:
    """The layers before the decoder: `run` returns their output and the features for each decoder block."""

    run: Callable[[Any], tuple[Any, list[Any]]]
    blocks: int


def read_unet(state: StateDict) -> tuple[Layer, int]:
    """Returns the U-Net on a ResNet, and its number of bands."""
    layers = state.at("layers")
    resnet = read_resnet(layers.at(0), NUMBERED, PLAIN)

    def encode(image: Any) -> tuple[Any, list[Any]]:
        *skips, deepest = resnet.features(image)
        return deepest, skips[::-1]

    return read_decoder(layers, Encoder(encode, blocks=4)), resnet.bands


def read_decoder(state: StateDict, encoder: Encoder) -> Layer:
    """Returns encoder and decoder as one network; `state` holds its numbered layers, the encoder's being 0."""
    middle = chain(batch_norm(state.at(1)), relu(state), conv_layer(state.at(3, 0)), conv_layer(state.at(3, 1)))
    numbers = [number for number in state.indices() if number >= FIRST_BLOCK]
    blocks = [_block(state.at(number)) for number in numbers if state.at(number).has("shuf")]
    if len(blocks) != encoder.blocks:
        raise TensorMissingError(f"its decoder has {len(blocks)} blocks instead of {encoder.blocks}")
    after = len(blocks) + 1
    shuffle, final = _shuffle(state.at(FIRST_BLOCK + len(blocks))), _final(state, numbers[after:])

    def run(image: Any) -> Any:
        deepest, skips = encoder.run(image)
        up = middle(deepest)
        for block, skip in zip(blocks, skips):
            up = block(up, skip)
        return final(resize(state, shuffle(up), image, mode="nearest"), image)

    return run


def conv_layer(state: StateDict, activated: bool = True) -> Layer:
    """Returns fastai's conv_layer: convolution, rectifier, and batch normalisation where it has tensors."""
    # A rectifier has no tensors, but is numbered all the same.
    number = 2 if activated else 1
    normed = state.has(str(number))
    layers = [convolution(state.at(0), normed_later=normed), *([relu(state)] if activated else [])]
    return chain(*layers, *([batch_norm(state.at(number))] if normed else []))


def _shuffle(state: StateDict) -> Layer:
    """Returns fastai's PixelShuffle_ICNR, which doubles the size."""
    pixel_shuffle = state.functional.pixel_shuffle
    return chain(conv_layer(state.at("conv"), activated=False), relu(state), lambda image: pixel_shuffle(image, 2))


def _block(state: StateDict) -> Callable[[Any, Any], Any]:
    shuffle, norm, rectify = _shuffle(state.at("shuf")), batch_norm(state.at("bn")), relu(state)
    convolutions = chain(conv_layer(state.at("conv1")), conv_layer(state.at("conv2")))

    def run(image: Any, skip: Any) -> Any:
        # Halving rounds odd sizes up, so a doubled image may be a row too large.
        up = resize(state, shuffle(image), skip, mode="nearest")
        return convolutions(rectify(state.torch.cat([up, norm(skip)], dim=1)))

    return run


def _final(state: StateDict, numbers: list[int]) -> Callable[[Any, Any], Any]:
    """Returns the layers after the last doubling: an optional residual block with the image, and the scores."""
    if not numbers or len(numbers) > 2:
        raise TensorMissingError(f"the layers {numbers} follow its last doubling")
    score = conv_layer(state.at(numbers[-1]), activated=False)
    if len(numbers) == 1:
        return lambda up, image: score(up)
    residual = chain(*(conv_layer(state.at(numbers[0], "layers", part)) for part in (0, 1)))

    def run(up: Any, image: Any) -> Any:
        both = state.torch.cat([up, image], dim=1)
        return score(both + residual(both))

    return run
