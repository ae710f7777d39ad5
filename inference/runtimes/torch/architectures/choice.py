# SPDX-License-Identifier: GPL-2.0-or-later
"""Recognition of the network of a state dict."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ....errors import ArchitectureUnsupportedError, StateDictMismatchError
from ....models.architecture import Architecture, export_lines
from ....models.other_task import DETECTION, INSTANCES, PROMPTS, QUERIES, other_task_error
from .encoders import EncoderUnknownError
from .layers import Layer
from .naming import name_network
from .pspnet import read_pspnet
from .smp import kind_of, read_smp
from .state_dict import StateDict, TensorMissingError
from .torchvision import read_torchvision, torchvision_kind
from .unet import read_unet

UNET, PSPNET = "U-Net", "PSPNet"


# Parts specific to networks for other tasks: torchvision's detectors, DETR, and Segment Anything.
OTHER_TASKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (INSTANCES, ("roi_heads", "roi_heads.mask_predictor")),
    (DETECTION, ("roi_heads",)),
    (DETECTION, ("head.regression_head",)),
    (DETECTION, ("bbox_embed",)),
    (PROMPTS, ("image_encoder", "mask_decoder")),
    (QUERIES, ("class_predictor", "model.transformer_module")),
)


class Network(NamedTuple):
    """A rebuilt network, with its number of bands and its name."""

    run: Layer
    bands: int
    name: str


def build_network(weights: Path, state: StateDict, architecture: Architecture | None) -> Network:
    """Returns the network of these tensors; every tensor must be used."""
    kind = _kind(state)
    if kind is None:
        _refuse_other_task(weights, state)
        name = architecture.name if architecture is not None and architecture.name else "an unknown network"
        name += " with a PointRend head" if state.has("pointrend_head") else " in a layout that is not known"
        raise ArchitectureUnsupportedError(
            weights=weights.name, architecture=name, export=export_lines(weights, architecture, None)
        )
    try:
        network, bands = _read(kind, state, architecture)
        state.check_all_taken()
    except EncoderUnknownError as error:
        raise ArchitectureUnsupportedError(
            weights=weights.name, architecture=f"{kind} upon {error}", export=export_lines(weights, architecture, None)
        ) from error
    except (TensorMissingError, RuntimeError) as error:
        raise StateDictMismatchError(weights=weights.name, architecture=f"a {kind}", reason=error) from error
    return Network(network, bands, name_network(kind, state))


def _refuse_other_task(weights: Path, state: StateDict) -> None:
    """Raises a ModelTypeError for tensors of a network without a class per pixel."""
    for task, names in OTHER_TASKS:
        if all(state.has(name) for name in names):
            raise other_task_error(weights.name, task)


def _kind(state: StateDict) -> str | None:
    """Returns the kind of network from its characteristic names."""
    if state.has("pointrend_head"):
        return None
    if state.has("encoder"):
        return kind_of(state) or None
    if state.has("layers.0.8.features") or state.has("ppm.features"):
        return PSPNET
    if state.has("layers.0.0") and state.has("layers.3"):
        return UNET
    return torchvision_kind(state) or None


def _read(kind: str, state: StateDict, architecture: Architecture | None) -> tuple[Layer, int]:
    if kind == PSPNET:
        return read_pspnet(state, architecture.pyramid_sizes if architecture is not None else ())
    if state.has("encoder"):
        return read_smp(state)
    return read_unet(state) if kind == UNET else read_torchvision(state, kind)
