# SPDX-License-Identifier: GPL-2.0-or-later
"""The layers of all networks here, as functions that hold their tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .state_dict import StateDict, TensorMissingError

# A tensor (N, channels, height, width) in, one out.
Layer = Callable[[Any], Any]

# Epsilon of PyTorch's BatchNorm2d, and of TensorFlow's EfficientNet.
EPSILON, EPSILON_OF_TENSORFLOW = 1e-5, 1e-3
# Left, right, top and bottom, in the order of torch.nn.functional.pad.
Padding = tuple[int, int, int, int]


def chain(*layers: Layer) -> Layer:
    """Returns the sequence of the layers."""

    def run(image: Any) -> Any:
        for layer in layers:
            image = layer(image)
        return image

    return run


def convolution(
    state: StateDict,
    norm: StateDict | None = None,
    stride: int = 1,
    dilation: int = 1,
    groups: int = 1,
    normed_later: bool = False,
    epsilon: float = EPSILON,
    padded: Padding | None = None,
) -> Layer:
    """Returns a convolution that keeps the size except for its stride, followed by its batch normalisation.

    Only a normalised one, here or later, may lack a bias. `padded` replaces the even padding.
    """
    may_lack_bias = (norm is not None or normed_later) and not state.has("bias")
    weight, bias = _kernel(state), None if may_lack_bias else state.take("bias", 1)
    padding = tuple(dilation * (size - 1) // 2 for size in weight.shape[2:])
    placed, placed_bias = state.place(weight), None if bias is None else state.place(bias)
    conv2d, pad = state.functional.conv2d, state.functional.pad

    def convolve(image: Any) -> Any:
        if padded is not None:
            return conv2d(pad(image, padded), placed, placed_bias, stride, 0, dilation, groups)
        return conv2d(image, placed, placed_bias, stride, padding, dilation, groups)

    if norm is None:
        return convolve
    channels = len(norm.take("weight", 1))
    if len(weight) != channels:
        raise TensorMissingError(f"a batch normalisation of {channels} channels follows a layer of {len(weight)}")
    # Folding it into the weights would be 5 % faster, but change classes where two scores nearly tie.
    return chain(convolve, batch_norm(norm, epsilon))


def batch_norm(state: StateDict, epsilon: float = EPSILON) -> Layer:
    """Returns a batch normalisation with the statistics of the training."""
    parts = [state.take(name, 1) for name in ("running_mean", "running_var", "weight", "bias")]
    if len(set(map(len, parts))) != 1:
        raise TensorMissingError("the tensors of a batch normalisation differ in length")
    mean, variance, weight, bias = map(state.place, parts)
    normalise = state.functional.batch_norm
    return lambda image: normalise(image, mean, variance, weight, bias, False, 0.0, epsilon)


def depthwise(state: StateDict, norm: StateDict | None = None, **options: Any) -> Layer:
    """Returns a depthwise convolution; options as in `convolution`."""
    return convolution(state, norm, groups=len(state.take("weight", 4)), **options)


def rectified(state: StateDict, dilation: int = 1) -> Layer:
    """Returns a convolution with its normalisation, if there is one, and the rectifier: numbers 0, 1 and 2."""
    norm = state.at(1) if state.has("1") else None
    return chain(convolution(state.at(0), norm, dilation=dilation), relu(state))


def squeeze(state: StateDict, first: Any, last: Any, activate: Layer | None = None, gate: Layer | None = None) -> Layer:
    """Returns squeeze-and-excitation: channels weighted by their means (Hu et al. 2018).

    `first` and `last` name its two 1 x 1 convolutions; the rectifier is between them, and the sigmoid after.
    """
    reduce, expand = convolution(state.at(first)), convolution(state.at(last))
    weigh = chain(reduce, activate or relu(state), expand, gate or state.torch.sigmoid)
    return lambda image: image * weigh(image.mean((2, 3), keepdim=True))


def linear(state: StateDict) -> Layer:
    """Returns a linear layer for tokens (N, tokens, channels)."""
    weight = state.place(state.take("weight", 2))
    bias = state.place(state.take("bias", 1)) if state.has("bias") else None
    apply = state.functional.linear
    return lambda tokens: apply(tokens, weight, bias)


def relu(state: StateDict) -> Layer:
    """Returns the rectifier."""
    rectify: Layer = state.functional.relu
    return rectify


def resize(state: StateDict, image: Any, like: Any, **options: Any) -> Any:
    """Returns the image at the height and width of another; unchanged if of the same size."""
    size = like.shape[-2:]
    return image if image.shape[-2:] == size else state.functional.interpolate(image, size=size, **options)


def _kernel(state: StateDict) -> Any:
    """Returns a convolution's weight; weight normalisation stores length and direction separately."""
    for length, direction in (
        ("weight_g", "weight_v"),
        ("parametrizations.weight.original0", "parametrizations.weight.original1"),
    ):
        if state.has(length):
            vectors = state.take(direction, 4).double()
            norms = vectors.flatten(1).norm(dim=1).reshape(-1, 1, 1, 1)
            return (vectors * (state.take(length, 4).double() / norms)).float()
    return state.take("weight", 4)
