# SPDX-License-Identifier: GPL-2.0-or-later
"""The tensors of a checkpoint, all of which must be used by the rebuilt network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

CONTAINERS = ("model", "state_dict", "model_state_dict", "net")
# A pickle may contain a dictionary that contains itself.
MOST_CONTAINERS = 8

# Numbers in names are those of layers.
LONGEST_NUMBER = 4
# Name prefixes from DataParallel, torch.compile, and classes that keep a network as their model.
WRAPPERS = ("module.", "_orig_mod.", "model.", "net.", "network.")

# A wrapper's parts besides the network: a second head, and the losses and metrics of the training.
BESIDE = ("aux_logits.",)
TRAINING = ("criterion", "loss", "train_metrics", "val_metrics", "test_metrics", "metrics")

# Counters of the training.
UNUSED = ("num_batches_tracked",)


class TensorMissingError(Exception):
    """A tensor of the layout is missing or does not fit."""


class StateDict:
    """The tensors below one name; `at` goes deeper. Use of tensors is recorded jointly for all levels."""

    def __init__(self, torch: Any, device: Any, tensors: Mapping[str, Any]) -> None:
        self.torch = torch
        self.functional = torch.nn.functional
        self._device = device
        self._tensors = tensors
        self._prefix = ""
        self._taken: set[str] = set()

    def at(self, *path: object) -> StateDict:
        """Returns the tensors below this path of names or indices."""
        deeper = StateDict(self.torch, self._device, self._tensors)
        deeper._prefix = self._prefix + "".join(f"{name}." for name in path)
        deeper._taken = self._taken
        return deeper

    def root(self) -> StateDict:
        """Returns all tensors of the checkpoint."""
        whole = self.at()
        whole._prefix = ""
        return whole

    def has(self, name: str) -> bool:
        """True if there is a tensor of this name, or one below it."""
        full = self._prefix + name
        return full in self._tensors or any(key.startswith(f"{full}.") for key in self._tensors)

    def indices(self) -> list[int]:
        """Returns the numeric first names of the tensors below, in order."""
        start = len(self._prefix)
        names = {key[start:].split(".", 1)[0] for key in self._below()}
        return sorted(int(name) for name in names if name.isdecimal() and len(name) <= LONGEST_NUMBER)

    def take(self, name: str, dimensions: int) -> Any:
        """Returns the tensor of this name as 32-bit floats in main memory."""
        key = self._prefix + name
        tensor = self._tensors.get(key)
        if tensor is None:
            raise TensorMissingError(f"the tensor {key} is absent")
        if tensor.dim() != dimensions or not tensor.is_floating_point():
            raise TensorMissingError(f"the tensor {key} is {_described(tensor)}")
        self._taken.add(key)
        return tensor.detach().float()

    def skip(self) -> None:
        """Marks all tensors below as used: they do not affect the scores."""
        self._taken.update(self._below())

    def place(self, tensor: Any) -> Any:
        """Returns the tensor on the device that runs the network."""
        return tensor.to(self._device).contiguous()

    def check_all_taken(self) -> None:
        """Raises a TensorMissingError if a tensor is not used by the network."""
        left = [key for key in self._tensors if key not in self._taken and key.rsplit(".", 1)[-1] not in UNUSED]
        if left:
            raise TensorMissingError(f"the tensor {left[0]} has no place in it (and {len(left) - 1} others)")

    def _below(self) -> Iterable[str]:
        return [key for key in self._tensors if key.startswith(self._prefix)]


def unwrapped(loaded: object) -> dict[str, Any] | None:
    """Returns names and tensors of a loaded checkpoint, out of its container and without wrappers' prefixes.

    None if there is no state dict.
    """
    for _ in range(MOST_CONTAINERS):
        if not isinstance(loaded, Mapping):
            break
        loaded = next((loaded[name] for name in CONTAINERS if isinstance(loaded.get(name), Mapping)), loaded)
    if not isinstance(loaded, Mapping) or not loaded or not all(_is_tensor(*item) for item in loaded.items()):
        return None
    return _without_wrappers(dict(loaded))


def _is_tensor(name: object, value: object) -> bool:
    return isinstance(name, str) and hasattr(value, "is_floating_point") and hasattr(value, "dim")


def _without_wrappers(tensors: dict[str, Any]) -> dict[str, Any]:
    tensors = {key: item for key, item in tensors.items() if not key.startswith(TRAINING)}
    for prefix in WRAPPERS:
        start = len(prefix)
        if all(key.startswith((prefix, *BESIDE)) for key in tensors):
            tensors = {key[start:] if key.startswith(prefix) else key: item for key, item in tensors.items()}
    return tensors


def _described(tensor: Any) -> str:
    return f"of the shape {tuple(tensor.shape)} and the type {str(tensor.dtype).split('.')[-1]}"
