# SPDX-License-Identifier: GPL-2.0-or-later
"""What the training leaves beside the tensors of a checkpoint: NumPy's numbers, and Lightning's hyperparameters."""

from __future__ import annotations

from typing import Any

# Where NumPy 1 and 2 keep what their pickles name.
NAMES = ("argparse.Namespace",) + tuple(
    f"numpy.{name}"
    for core in ("core", "_core")
    for name in (f"{core}.multiarray.scalar", f"{core}.multiarray._reconstruct", "dtype", "ndarray")
)
# Where versions of Lightning keep the dictionary of hyperparameters.
DICTIONARIES = (
    "lightning.fabric.utilities.data.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning.pytorch.utilities.parsing.AttributeDict",
)


class TrainingNumber:
    """Stands for a number, an array or a type of NumPy's: nothing of it is made, because nobody looks at it."""

    def __init__(self, *_parts: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


class TrainingDictionary:
    """Stands for a dictionary of hyperparameters, which becomes a plain one."""

    def __new__(cls) -> Any:
        """Returns an empty dictionary, which PyTorch fills with plain values."""
        return {}


def training_numbers(torch: Any) -> Any:
    """Returns a context in which PyTorch reads such values, which it refuses, as stand-ins for them."""
    return torch.serialization.safe_globals(list(STAND_INS))


def _named(path: str, base: type) -> type:
    """Returns a stand-in of this name, by which PyTorch finds it."""
    module, _, name = path.rpartition(".")
    return type(name, (base,), {"__module__": module})


STAND_INS = tuple(
    _named(path, base)
    for paths, base in ((NAMES, TrainingNumber), (DICTIONARIES, TrainingDictionary))
    for path in paths
)
