# SPDX-License-Identifier: GPL-2.0-or-later
"""Metadata of bare weights: from the network itself, otherwise from side files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Union

from .hugging_face import HuggingFaceFiles, read_files_beside
from .onnx_metadata import OnnxMetadata, read_onnx_metadata
from .training_config import TrainingConfig, read_training_config

NetworkFacts = Union[OnnxMetadata, HuggingFaceFiles, TrainingConfig]


def read_network_facts(metadata: Mapping[str, str], weights: Path, output: int = 0) -> NetworkFacts:
    """Returns a network's metadata for its output of this number, otherwise those of the side files."""
    own = read_onnx_metadata(metadata, weights.name, output)
    if not own.says_nothing:
        return own
    files = read_files_beside(weights)
    return read_training_config(weights) if files.says_nothing else files
