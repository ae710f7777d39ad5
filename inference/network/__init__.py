# SPDX-License-Identifier: GPL-2.0-or-later
"""A network made ready for a run: opened, fitted to its model, given tiles, and its scores turned into classes."""

from .classifying import TileClassifier
from .decision import Decision
from .memory_plan import fitted, with_smaller_tile
from .open_network import OpenNetwork, calls_at_once
from .prepared_model import PreparedModel, prepare_model
from .runner import NetworkRunner
from .scoring import TileScorer, class_values, kept_scores
from .settings import Machine, NetworkOptions, NetworkSettings

__all__ = [
    "Decision",
    "Machine",
    "NetworkOptions",
    "NetworkRunner",
    "NetworkSettings",
    "OpenNetwork",
    "PreparedModel",
    "TileClassifier",
    "TileScorer",
    "calls_at_once",
    "class_values",
    "fitted",
    "kept_scores",
    "prepare_model",
    "with_smaller_tile",
]
