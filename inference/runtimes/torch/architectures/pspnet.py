# SPDX-License-Identifier: GPL-2.0-or-later
"""PSPNet in arcgis.learn's layout: pyramid pooling on a dilated ResNet, with a plain head or a U-Net decoder."""

from __future__ import annotations

from typing import Any

from .layers import Layer, chain, convolution, relu, resize
from .resnet import DILATED_NUMBERED, NUMBERED, read_resnet
from .state_dict import StateDict, TensorMissingError
from .unet import Encoder, read_decoder

DEFAULT_SIZES = (1, 2, 3, 6)
BILINEAR = {"mode": "bilinear", "align_corners": True}


def read_pspnet(state: StateDict, sizes: tuple[int, ...]) -> tuple[Layer, int]:
    """Returns the network of either head and its number of bands; `sizes` are those of the pooled features."""
    # An auxiliary head, for training only.
    state.at("aux_logits").skip()
    decoded = state.has("layers")
    return _decoded(state, sizes or DEFAULT_SIZES) if decoded else _plain(state, sizes or DEFAULT_SIZES)


def _plain(state: StateDict, sizes: tuple[int, ...]) -> tuple[Layer, int]:
    resnet = read_resnet(state.at("backbone"), NUMBERED, DILATED_NUMBERED)
    final = state.at("final")
    head = chain(
        _pooling(state.at("ppm"), sizes), convolution(final.at(0), final.at(1)), relu(state), convolution(final.at(4))
    )

    def run(image: Any) -> Any:
        return resize(state, head(resnet.features(image)[-1]), image, **BILINEAR)

    return run, resnet.bands


def _decoded(state: StateDict, sizes: tuple[int, ...]) -> tuple[Layer, int]:
    layers = state.at("layers")
    resnet = read_resnet(layers.at(0), NUMBERED, DILATED_NUMBERED)
    pooling = chain(_pooling(layers.at(0, 8), sizes), convolution(layers.at(0, 9)))

    def encode(image: Any) -> tuple[Any, list[Any]]:
        stem, first, *_, deepest = resnet.features(image)
        # The last two stages are dilated and keep their size, so only these two are larger than the deepest.
        return pooling(deepest), [first, stem]

    decode = read_decoder(layers, Encoder(encode, blocks=2))
    return lambda image: resize(state, decode(image), image, **BILINEAR), resnet.bands


def _pooling(state: StateDict, sizes: tuple[int, ...]) -> Layer:
    """Returns pyramid pooling: the features joined with their means over 1 x 1, 2 x 2 and more parts of the tile."""
    levels = state.at("features").indices()
    if levels != list(range(len(sizes))):
        raise TensorMissingError(f"its pooling has {len(levels)} levels, and pyramid_sizes names {len(sizes)}")
    parts = [state.at("features", level) for level in levels]
    views = [chain(convolution(part.at(1), part.at(2)), relu(state)) for part in parts]

    def run(features: Any) -> Any:
        pooled = [view(_means(state, features, size)) for view, size in zip(views, sizes)]
        return state.torch.cat([features, *(resize(state, part, features, **BILINEAR) for part in pooled)], dim=1)

    return run


def _means(state: StateDict, features: Any, size: int) -> Any:
    """Returns the means over size x size parts, which may differ in size by a row or a column."""
    pool, device = state.functional.adaptive_avg_pool2d, features.device
    # Metal pools only into parts of equal size.
    return pool(features.cpu(), size).to(device) if device.type == "mps" else pool(features, size)
