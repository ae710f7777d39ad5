# SPDX-License-Identifier: GPL-2.0-or-later
"""The Mix Transformer of SegFormer (Xie et al. 2021), written from the paper and its published tensor names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .layers import EPSILON, Layer, depthwise, linear
from .state_dict import StateDict, TensorMissingError

# For the four stages, each with overlapping patches: stride, attention heads, and attention reduction.
STRIDES, HEADS, REDUCTIONS = (4, 2, 2, 2), (1, 2, 5, 8), (8, 4, 2, 1)
# Epsilon of the normalisations of blocks and stages.
BLOCK_EPSILON = 1e-6

# Tokens (N, tokens, channels) with the height and width of their image.
Tokens = Callable[[Any, int, int], Any]


@dataclass(frozen=True)
class MixTransformer:
    """A Mix Transformer without its head; it has no features at 1/2 of the size."""

    stages: tuple[Layer, ...]
    bands: int

    def features(self, image: Any) -> list[Any]:
        """Returns the features at 1/2 (no channels), 1/4, 1/8, 1/16 and 1/32 of the size."""
        seen = [image.new_empty(image.shape[0], 0, image.shape[2] // 2, image.shape[3] // 2)]
        for stage in self.stages:
            image = stage(image)
            seen.append(image)
        return seen


def read_mix_transformer(state: StateDict, output_stride: int) -> MixTransformer:
    """Returns the Mix Transformer of these tensors, B0 to B5."""
    if output_stride != 32:
        raise TensorMissingError("a Mix Transformer cannot be dilated")
    stages = [_stage(state, number) for number in range(1, 5)]
    return MixTransformer(tuple(stages), int(state.at("patch_embed1", "proj").take("weight", 4).shape[1]))


def _stage(state: StateDict, number: int) -> Layer:
    patches = _patches(state.at(f"patch_embed{number}"), STRIDES[number - 1])
    blocks_state = state.at(f"block{number}")
    heads, reduction = HEADS[number - 1], REDUCTIONS[number - 1]
    blocks = [_block(blocks_state.at(index), heads, reduction) for index in blocks_state.indices()]
    norm = _layer_norm(state.at(f"norm{number}"))

    def run(image: Any) -> Any:
        image = patches(image)
        height, width = image.shape[2:]
        tokens = image.flatten(2).transpose(1, 2)
        for block in blocks:
            tokens = block(tokens, height, width)
        return _image(norm(tokens), height, width)

    return run


def _patches(state: StateDict, stride: int) -> Layer:
    """Returns overlapping patches as an image of their embeddings, normalised."""
    kernel = state.at("proj").take("weight", 4)
    weight, bias = state.place(kernel), state.place(state.at("proj").take("bias", 1))
    conv2d, norm, padding = state.functional.conv2d, _layer_norm(state.at("norm"), EPSILON), int(kernel.shape[2]) // 2

    def run(image: Any) -> Any:
        image = conv2d(image, weight, bias, stride, padding)
        return _image(norm(image.flatten(2).transpose(1, 2)), *image.shape[2:])

    return run


def _block(state: StateDict, heads: int, reduction: int) -> Tokens:
    attention, mixed = _attention(state.at("attn"), heads, reduction), _mix(state.at("mlp"))
    before, between = _layer_norm(state.at("norm1")), _layer_norm(state.at("norm2"))

    def run(tokens: Any, height: int, width: int) -> Any:
        tokens = tokens + attention(before(tokens), height, width)
        return tokens + mixed(between(tokens), height, width)

    return run


def _attention(state: StateDict, heads: int, reduction: int) -> Tokens:
    """Returns attention whose keys and values come from an image reduced in size."""
    query, key_value, project = linear(state.at("q")), linear(state.at("kv")), linear(state.at("proj"))
    reduced = _reduction(state, reduction) if reduction > 1 else None
    attend = state.functional.scaled_dot_product_attention

    def apart(tokens: Any) -> Any:
        count, length, channels = tokens.shape
        return tokens.reshape(count, length, heads, channels // heads).transpose(1, 2)

    def run(tokens: Any, height: int, width: int) -> Any:
        seen = tokens if reduced is None else reduced(tokens, height, width)
        key, value = key_value(seen).chunk(2, dim=-1)
        found = attend(apart(query(tokens)), apart(key), apart(value))
        return project(found.transpose(1, 2).flatten(2))

    return run


def _reduction(state: StateDict, reduction: int) -> Tokens:
    weight, bias = state.at("sr").take("weight", 4), state.place(state.at("sr").take("bias", 1))
    if tuple(weight.shape[2:]) != (reduction, reduction):
        raise TensorMissingError(f"its attention is reduced by {weight.shape[2]} instead of {reduction}")
    placed, norm, conv2d = state.place(weight), _layer_norm(state.at("norm"), EPSILON), state.functional.conv2d

    def run(tokens: Any, height: int, width: int) -> Any:
        return norm(conv2d(_image(tokens, height, width), placed, bias, reduction).flatten(2).transpose(1, 2))

    return run


def _mix(state: StateDict) -> Tokens:
    """Returns the feed-forward part, whose 3 x 3 convolution encodes the position of tokens."""
    wider, narrow, each = linear(state.at("fc1")), linear(state.at("fc2")), depthwise(state.at("dwconv", "dwconv"))
    gelu = state.functional.gelu

    def run(tokens: Any, height: int, width: int) -> Any:
        image = each(_image(wider(tokens), height, width))
        return narrow(gelu(image.flatten(2).transpose(1, 2)))

    return run


def _layer_norm(state: StateDict, epsilon: float = BLOCK_EPSILON) -> Layer:
    weight, bias = state.place(state.take("weight", 1)), state.place(state.take("bias", 1))
    normalise = state.functional.layer_norm
    return lambda tokens: normalise(tokens, weight.shape, weight, bias, epsilon)


def _image(tokens: Any, height: int, width: int) -> Any:
    return tokens.transpose(1, 2).reshape(tokens.shape[0], -1, height, width)
