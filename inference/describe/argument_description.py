# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of a model, with their defaults and effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import ARGUMENT_NAMES, GivenArguments, ModelDefinition, resolve_arguments
from ..network import PreparedModel
from ..network.decision import ReadyClasses
from ..phrase import Phrase
from ..runtimes import DeclaredArgument

HELP = {
    "padding": Phrase("Pixels at each edge of a tile that are computed but not kept, or auto."),
    "batch_size": Phrase("Number of tiles per call of the network."),
    "tile_size": Phrase("Width and height of a tile in pixels."),
    "predict_background": Phrase(
        "Allow pixels to be classified as background: class 0, or a channel without a listed class."
    ),
    "test_time_augmentation": Phrase("Average predictions over flipped and rotated tiles (slower, steadier)."),
    "merge_policy": Phrase("Merging of the scores of several orientations: mean, max or min."),
    "threshold": Phrase("Minimum probability for the class (single-output models only)."),
    "return_probability_raster": Phrase("Write scores instead of classes."),
    "mixed_precision": Phrase("Compute in 16-bit floats (OpenVINO, or PyTorch on a GPU; faster, less exact)."),
    "runtime": Phrase("Library that runs the network: auto, onnxruntime, openvino or torch."),
    "output": Phrase("Network output to use (name or index from 0). Default: the best match."),
}
OF_THE_NETWORK = Phrase("An argument of the network.")
# Arguments of scores have no effect if the network returns class numbers.
OF_SCORES = (
    "predict_background", "test_time_augmentation", "merge_policy", "threshold", "return_probability_raster",
)  # fmt: skip


@dataclass(frozen=True)
class ArgumentDescription:
    """An argument, its default as a user would write it, and a sentence on its effect.

    The default is empty if the run decides. A `fixed` one accepts only its default. `text` is what
    the makers of the network say of an argument of theirs.
    """

    name: str
    default: str
    help: Phrase | None
    fixed: bool = False
    text: str = ""


def describe_arguments(
    definition: ModelDefinition,
    prepared: PreparedModel | None = None,
    declared: Sequence[DeclaredArgument] = (),
    is_function: bool = False,
) -> tuple[ArgumentDescription, ...]:
    """Returns the arguments of a model, and those that its network has `declared`.

    `prepared` has the defaults that depend on the network. Arguments without effect are omitted; a Python raster
    function has only its own.
    """
    defaults = {name: _as_text(value) for name, value in vars(resolve_arguments(GivenArguments(), definition)).items()}
    defaults["padding"] = defaults["padding"] or "auto"
    if definition.tile_height == definition.tile_width:
        defaults["tile_size"] = str(definition.tile_height)
    if prepared is not None:
        defaults.update(_defaults_of_network(prepared))
    fixed = _fixed(definition, prepared)
    without = {argument.name.lower() for argument in declared}
    if prepared is not None and isinstance(prepared.decision, ReadyClasses):
        without.update(OF_SCORES)
    if is_function:
        without.update(set(ARGUMENT_NAMES) - fixed)
    names = [name for name in ARGUMENT_NAMES if name not in without]
    known = [ArgumentDescription(name, defaults.get(name, ""), HELP[name], name in fixed) for name in names]
    own = (ArgumentDescription(a.name, a.default, OF_THE_NETWORK, text=a.text) for a in declared)
    return (*known, *own)


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
