# SPDX-License-Identifier: GPL-2.0-or-later
"""What the model is: its definition, where it is read from, and the arguments it takes."""

from .arguments import NAMES as ARGUMENT_NAMES
from .arguments import ModelArguments, read_arguments, read_truth, resolve_arguments
from .bare import definition_of_network
from .definition import BACKGROUND, ModelClass, ModelDefinition, Normalization
from .emd import parse_emd, write_emd
from .model import Model, open_model
from .normalization import normalize
from .reference import ModelReference, read_model_reference

__all__ = [
    "ARGUMENT_NAMES",
    "BACKGROUND",
    "Model",
    "ModelArguments",
    "ModelClass",
    "ModelDefinition",
    "ModelReference",
    "Normalization",
    "definition_of_network",
    "normalize",
    "open_model",
    "parse_emd",
    "read_arguments",
    "read_model_reference",
    "read_truth",
    "resolve_arguments",
    "write_emd",
]
