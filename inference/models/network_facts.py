# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of bare weights: in the network itself, else in the files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Union

from .hugging_face import HuggingFaceFiles, read_files_beside
from .onnx_metadata import OnnxMetadata, read_onnx_metadata

NetworkFacts = Union[OnnxMetadata, HuggingFaceFiles]


def read_network_facts(metadata: Mapping[str, str], weights: Path, output: int = 0) -> NetworkFacts:
    """Returns what the metadata of a network say for its output of this number, else what the files beside it say."""
    own = read_onnx_metadata(metadata, weights.name, output)
    return read_files_beside(weights) if own.says_nothing else own
