# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks rebuilt from their tensors in plain PyTorch; the backend passes the `torch` module.

Plain functions are built from the tensors, of which each must have a place. What leaves no trace in them (dilations,
rates, upsampling) is the default of the library of origin.
"""

from .choice import build_network
from .state_dict import StateDict, unwrapped

__all__ = ["StateDict", "build_network", "unwrapped"]
