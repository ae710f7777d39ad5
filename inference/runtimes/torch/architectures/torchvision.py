# SPDX-License-Identifier: GPL-2.0-or-later
"""DeepLabV3, FCN and LRASPP in torchvision's layout (models.segmentation, BSD-3), recognised by their tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .layers import Layer, chain, convolution, relu, resize
from .mobilenet import read_mobilenet_v3
from .resnet import DILATED_NAMED, DILATED_NUMBERED, NAMED, NUMBERED, read_resnet
from .state_dict import StateDict

# Dilations of the three parallel 3 x 3 convolutions.
RATES = (12, 24, 36)
BILINEAR = {"mode": "bilinear", "align_corners": False}


DEEPLAB, FCN, LRASPP = "DeepLabV3", "FCN", "LRASPP"


def torchvision_kind(state: StateDict) -> str:
    """Returns the kind of network of the tensors, empty if they are not torchvision's."""
    if not state.has("backbone"):
        return ""
    signs = {"classifier.0.convs": DEEPLAB, "classifier.cbr": LRASPP, "classifier.4": FCN}
    return next((kind for sign, kind in signs.items() if state.has(sign)), "")


def read_torchvision(state: StateDict, kind: str) -> tuple[Layer, int]:
    """Returns the network of this kind on a dilated ResNet or MobileNetV3, and its number of bands."""
    features, bands = _backbone(state.at("backbone"))
    head = state.at("classifier")
    if state.has("aux_classifier"):
        # The training's auxiliary head does not affect the scores, but its tensors must fit.
        _scores(state.at("aux_classifier"), 0, 1, 4)
    if kind == LRASPP:
        decode = _lraspp(head)
    else:
        last = _scores(head, 0, 1, 4) if kind == FCN else chain(_pyramid(head.at(0)), _scores(head, 1, 2, 4))

        def decode(seen: list[Any]) -> Any:
            return last(seen[-1])

    def run(image: Any) -> Any:
        return resize(state, decode(features(image)), image, **BILINEAR)

    return run, bands


def _backbone(state: StateDict) -> tuple[Callable[[Any], list[Any]], int]:
    """Returns the function for the heads' features, the deepest last, and the number of bands."""
    if state.has("0.0"):
        mobile = read_mobilenet_v3(state)
        return mobile.features, mobile.bands
    layout = (NAMED, DILATED_NAMED) if state.has("conv1") else (NUMBERED, DILATED_NUMBERED)
    resnet = read_resnet(state, *layout)
    return resnet.features, resnet.bands


def _lraspp(state: StateDict) -> Callable[[list[Any]], Any]:
    """Returns the head of MobileNetV3 (Howard et al. 2019): weighted deepest features, and features at 1/8."""
    project, weigh = _rectified(state.at("cbr")), convolution(state.at("scale", 1), normed_later=True)
    low_scores, high_scores = convolution(state.at("low_classifier")), convolution(state.at("high_classifier"))

    def decode(seen: list[Any]) -> Any:
        low, high = seen[0], seen[-1]
        weights = weigh(high.mean((2, 3), keepdim=True)).sigmoid()
        return low_scores(low) + high_scores(resize(state, project(high) * weights, low, **BILINEAR))

    return decode


def _scores(state: StateDict, first: int, norm: int, last: int) -> Layer:
    return chain(_rectified(state, first, norm), convolution(state.at(last)))


def _rectified(state: StateDict, number: int = 0, norm: int = 1, dilation: int = 1) -> Layer:
    return chain(convolution(state.at(number), state.at(norm), dilation=dilation), relu(state))


def _pyramid(state: StateDict) -> Layer:
    """Returns atrous spatial pyramid pooling: convolutions of several dilations, and the global mean."""
    views = [_rectified(state.at("convs", 0))]
    views += [_rectified(state.at("convs", 1 + index), dilation=rate) for index, rate in enumerate(RATES)]
    pooled = _rectified(state.at("convs", len(RATES) + 1), 1, 2)
    project = _rectified(state.at("project"))

    def run(features: Any) -> Any:
        whole = resize(state, pooled(features.mean((2, 3), keepdim=True)), features, **BILINEAR)
        return project(state.torch.cat([*(view(features) for view in views), whole], dim=1))

    return run
