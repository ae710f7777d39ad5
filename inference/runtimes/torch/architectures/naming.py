# SPDX-License-Identifier: GPL-2.0-or-later
"""Readable names of networks rebuilt from their tensors, for users with only the file."""

from __future__ import annotations

from .resnet import NAMED, NUMBERED
from .state_dict import StateDict

# Blocks in the four stages, and true for bottlenecks of three convolutions.
DEPTHS: dict[tuple[tuple[int, ...], bool], str] = {
    ((2, 2, 2, 2), False): "18",
    ((3, 4, 6, 3), False): "34",
    ((3, 4, 6, 3), True): "50",
    ((3, 4, 23, 3), True): "101",
    ((3, 8, 36, 3), True): "152",
}
# Output channels of a bottleneck's 3 x 3 convolution in the first stage, and channels per group.
PLAIN = (64, 64)


def name_network(kind: str, state: StateDict) -> str:
    """Returns the name of a network of this kind with its encoder, once its tensors have been used."""
    if state.has("encoder"):
        return f"{kind} upon {_encoder_of_smp(state.at('encoder'))}"
    if state.has("layers"):
        encoder, stages = state.at("layers", 0), NUMBERED[2:]
    else:
        encoder = state.at("backbone")
        if encoder.has("0.0"):
            return f"{kind} upon MobileNetV3"
        stages = NAMED[2:] if encoder.has(NAMED[0]) else NUMBERED[2:]
    return f"{kind} upon {_encoder(encoder, stages)}"


def _encoder_of_smp(state: StateDict) -> str:
    signs = {"_conv_stem": "an EfficientNet", "conv_stem": "an EfficientNet", "features": "MobileNetV2"}
    found = next((name for sign, name in signs.items() if state.has(sign)), None)
    if found is None and state.has("patch_embed1"):
        found = "a Mix Transformer"
    return found or ("SE-" if state.has("layer0") else "") + _encoder(state, NAMED[2:])


def _encoder(state: StateDict, stages: tuple[str, ...]) -> str:
    first = state.at(stages[0], 0)
    blocks, is_bottleneck = tuple(len(state.at(stage).indices()) for stage in stages), first.has("conv3")
    depth = DEPTHS.get((blocks, is_bottleneck))
    if depth is None:
        return f"a ResNet of {' + '.join(map(str, blocks))} blocks"
    widths = tuple(first.at("conv2").take("weight", 4).shape[:2])
    kind = "ResNet" if not is_bottleneck or widths == PLAIN else "WideResNet" if widths[0] == widths[1] else "ResNeXt"
    return f"{kind}-{depth}"
