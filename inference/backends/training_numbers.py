# SPDX-License-Identifier: GPL-2.0-or-later
"""What the training leaves beside the tensors of a checkpoint: rates of its optimiser as numbers of NumPy's."""

from __future__ import annotations

from typing import Any

# Where NumPy 1 and 2 keep what their pickles name.
NAMES = tuple(
    f"numpy.{name}"
    for core in ("core", "_core")
    for name in (f"{core}.multiarray.scalar", f"{core}.multiarray._reconstruct", "dtype", "ndarray")
)


class TrainingNumber:
    """Stands for a number, an array or a type of NumPy's: nothing of it is made, because nobody looks at it."""

    def __init__(self, *_parts: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


def training_numbers(torch: Any) -> Any:
    """Returns a context in which PyTorch reads such numbers, which it refuses, as stand-ins for them."""
    return torch.serialization.safe_globals(list(STAND_INS))


def _named(path: str) -> type:
    """Returns a stand-in of this name, by which PyTorch finds it."""
    module, _, name = path.rpartition(".")
    return type(name, (TrainingNumber,), {"__module__": module})


STAND_INS = tuple(_named(path) for path in NAMES)
