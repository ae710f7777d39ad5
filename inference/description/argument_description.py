# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments that a model takes, with their defaults and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import ARGUMENT_NAMES, ModelDefinition, resolve_arguments
from ..network import PreparedModel

# Untranslated sentences.
HELP = {
    "padding": "Pixels around each tile that are computed but not kept, or auto.",
    "batch_size": "Tiles that the network gets at once.",
    "tile_size": "Width and height of a tile in pixels.",
    "predict_background": "Whether a background channel that no class is listed for may win.",
    "test_time_augmentation": "Whether each tile is seen in several orientations whose scores are merged.",
    "merge_policy": "How the scores of several orientations become one: mean, max or min.",
    "threshold": "The probability above which the class of a network with a single channel wins.",
    "return_probability_raster": "Whether the result holds the scores instead of the classes.",
    "mixed_precision": "Whether PyTorch computes in 16-bit floats on a GPU where it can: faster, less exact.",
    "output": "The name, or the number from 0, of the network's output to use; the first image where it is empty.",
}
OF_THE_NETWORK = "An argument of the network itself."


@dataclass(frozen=True)
class ArgumentDescription:
    """An argument, its default as a user would write it, and an untranslated sentence of what it does.

    The default is empty where the run decides. A `fixed` one takes no other value than its default.
    """

    name: str
    default: str
    help: str
    fixed: bool = False


def describe_arguments(
    definition: ModelDefinition, prepared: PreparedModel | None = None, declared: Sequence[str] = ()
) -> tuple[ArgumentDescription, ...]:
    """Returns the arguments that a model takes, and those that its network itself has `declared`.

    `prepared` knows the defaults that the network decides.
    """
    defaults = {name: _as_text(value) for name, value in vars(resolve_arguments({}, definition)).items()}
    defaults["padding"] = defaults["padding"] or "auto"
    if definition.tile_height == definition.tile_width:
        defaults["tile_size"] = str(definition.tile_height)
    if prepared is not None:
        defaults.update(_defaults_of_network(prepared))
    fixed = _fixed(definition, prepared)
    names = [name for name in ARGUMENT_NAMES if name not in declared]
    known = [ArgumentDescription(name, defaults.get(name, ""), HELP.get(name, ""), name in fixed) for name in names]
    return (*known, *(ArgumentDescription(name, "", OF_THE_NETWORK) for name in declared))


def _defaults_of_network(prepared: PreparedModel) -> dict[str, str]:
    shape = prepared.shape
    square = {"tile_size": str(shape.height)} if shape.height == shape.width else {}
    return {"padding": str(shape.halo), "batch_size": str(prepared.batch_size), **square}


def _fixed(definition: ModelDefinition, prepared: PreparedModel | None) -> set[str]:
    fixed = {
        "padding": definition.model_padding is not None,
        "batch_size": definition.batch_size is not None or (prepared is not None and prepared.fixed_batch),
        "tile_size": prepared is not None and prepared.shape.fixed,
    }
    return {name for name, is_fixed in fixed.items() if is_fixed}


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
