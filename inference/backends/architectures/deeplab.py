# SPDX-License-Identifier: GPL-2.0-or-later
"""DeepLabV3 as torchvision lays it out (models.segmentation.deeplabv3, BSD-3), told from its tensors."""

from __future__ import annotations

from typing import Any

from .layers import Layer, chain, convolution, relu, resize
from .resnet import DILATED_NAMED, DILATED_NUMBERED, NAMED, NUMBERED, read_resnet
from .state_dict import StateDict

# Dilations of the three 3 x 3 convolutions that look at the same features.
RATES = (12, 24, 36)
BILINEAR = {"mode": "bilinear", "align_corners": False}


def read_deeplab(state: StateDict) -> tuple[Layer, int]:
    """Returns DeepLabV3 upon a ResNet of either naming, and its number of bands."""
    backbone = state.at("backbone")
    layout = (NAMED, DILATED_NAMED) if backbone.has("conv1") else (NUMBERED, DILATED_NUMBERED)
    resnet = read_resnet(backbone, *layout)
    head = chain(_pyramid(state.at("classifier", 0)), _scores(state.at("classifier"), 1, 2, 4))
    if state.has("aux_classifier"):
        # The training's second head has no part in the scores, but its tensors have to fit.
        _scores(state.at("aux_classifier"), 0, 1, 4)

    def run(image: Any) -> Any:
        return resize(state, head(resnet.features(image)[-1]), image, **BILINEAR)

    return run, resnet.bands


def _scores(state: StateDict, first: int, norm: int, last: int) -> Layer:
    return chain(_rectified(state, first, norm), convolution(state.at(last)))


def _rectified(state: StateDict, number: int = 0, norm: int = 1, dilation: int = 1) -> Layer:
    return chain(convolution(state.at(number), state.at(norm), dilation=dilation), relu(state))


def _pyramid(state: StateDict) -> Layer:
    """Returns atrous spatial pyramid pooling: the same features seen from near, from afar and as a whole."""
    views = [_rectified(state.at("convs", 0))]
    views += [_rectified(state.at("convs", 1 + index), dilation=rate) for index, rate in enumerate(RATES)]
    pooled = _rectified(state.at("convs", len(RATES) + 1), 1, 2)
    project = _rectified(state.at("project"))

    def run(features: Any) -> Any:
        whole = resize(state, pooled(features.mean((2, 3), keepdim=True)), features, **BILINEAR)
        return project(state.torch.cat([*(view(features) for view in views), whole], dim=1))

    return run
