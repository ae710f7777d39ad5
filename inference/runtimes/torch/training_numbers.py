# SPDX-License-Identifier: GPL-2.0-or-later
"""Training metadata in a checkpoint: NumPy's numbers, and Lightning's hyperparameters."""

from __future__ import annotations

from typing import Any

# NumPy 1 and 2's modules of pickled objects.
NAMES = ("argparse.Namespace",) + tuple(
    f"numpy.{name}"
    for core in ("core", "_core")
    for name in (f"{core}.multiarray.scalar", f"{core}.multiarray._reconstruct", "dtype", "ndarray")
)
# Modules of the hyperparameter dictionary in versions of Lightning.
DICTIONARIES = (
    "lightning.fabric.utilities.data.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning.pytorch.utilities.parsing.AttributeDict",
)


class TrainingNumber:
    """Stand-in for a number, an array or a type of NumPy, whose value is unused."""

    def __init__(self, *_parts: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


class TrainingDictionary:
    """Stand-in for a dictionary of hyperparameters, as a plain one."""

    def __new__(cls) -> Any:
        """Returns an empty dictionary, which PyTorch fills with plain values."""
        return {}


def training_numbers(torch: Any) -> Any:
    """Returns a context in which PyTorch reads these otherwise refused values as stand-ins."""
    return torch.serialization.safe_globals(list(STAND_INS))


def _named(path: str, base: type) -> type:
    """Returns a stand-in under the name that PyTorch looks up."""
    module, _, name = path.rpartition(".")
    return type(name, (base,), {"__module__": module})


STAND_INS = tuple(
    _named(path, base)
    for paths, base in ((NAMES, TrainingNumber), (DICTIONARIES, TrainingDictionary))
    for path in paths
)
