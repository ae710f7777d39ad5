# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that are rebuilt from their tensors, in plain PyTorch, which they are handed over by their backend."""

from .choice import build_network
from .state_dict import StateDict, unwrapped

__all__ = ["StateDict", "build_network", "unwrapped"]
