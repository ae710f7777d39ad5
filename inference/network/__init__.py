# SPDX-License-Identifier: GPL-2.0-or-later
"""A network made ready for a run: opened, fitted to its model, given tiles, and its scores turned into classes."""

from .classifying import TileClassifier
from .decision import Decision
from .memory_plan import fitted, with_smaller_tile
from .prepared_model import PreparedModel, prepare_model
from .ready import ReadyNetwork, ready_network
from .runner import NetworkRunner
from .scoring import TileScorer, class_values, kept_scores

__all__ = [
    "TileClassifier",
    "Decision",
    "PreparedModel",
    "ReadyNetwork",
    "NetworkRunner",
    "TileScorer",
    "class_values",
    "fitted",
    "kept_scores",
    "prepare_model",
    "ready_network",
    "with_smaller_tile",
]
