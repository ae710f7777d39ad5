# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks rebuilt from their tensors, in plain PyTorch, which the backend passes to them."""

from .choice import build_network
from .state_dict import StateDict, unwrapped

__all__ = ["StateDict", "build_network", "unwrapped"]
