# SPDX-License-Identifier: GPL-2.0-or-later
"""Constant inputs besides the image, such as a time or a size, with values from the definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError
from ..models.definition import Constant
from ..phrase import Phrase


def check_names(weights: Path, given: Mapping[str, Constant], names: Iterable[str]) -> None:
    """Raises a NetworkMismatchError for a value of an input that the network does not have."""
    unknown = sorted(set(given) - set(names))
    if unknown:
        reason = Phrase("Inputs lists {name}, which is not one of its inputs", {"name": unknown[0]})
        raise NetworkMismatchError(weights=weights.name, reason=reason)


def undeclared_inputs(
    weights: Path, inputs: Sequence[tuple[str, object]], images: Sequence[str] = ()
) -> NetworkMismatchError:
    """Returns the error for inputs (name, shape or nothing) without a value, or without an image among them.

    `images` are the names of candidates for the image.
    """
    shown = ", ".join(f"{name} {shape}".strip() for name, shape in inputs)
    first = images[0] if images else next((name for name, _ in inputs), "")
    others = ", ".join(f'"{name}": 1.0' for name, _ in inputs if name != first)
    reason = Phrase(
        "it has the inputs {inputs} instead of one image; set constant inputs in its definition, as in "
        '"ClassifyPixels": {{"Inputs": {{{others}}}}}',
        {"inputs": shown, "others": others},
    )
    return NetworkMismatchError(weights=weights.name, reason=reason)


def whole_constant(weights: Path, name: str, value: Constant, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Returns a value as numbers of this type; raises a NetworkMismatchError if the conversion would change them."""
    numbers = np.asarray(value)
    with np.errstate(over="ignore", invalid="ignore"):
        kept = numbers.astype(dtype)
    fractions = dtype.kind == "f" and bool(np.isfinite(kept).all())
    if not fractions and (numbers.dtype.kind not in "biuf" or not np.array_equal(kept, numbers)):
        values = {"name": name, "value": value, "type": dtype.name}
        reason = Phrase("Inputs sets {name} to {value}, but its type is {type}", values)
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return kept
