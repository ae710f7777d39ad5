# SPDX-License-Identifier: GPL-2.0-or-later
"""Models: definitions, the files they are read from, and arguments.

`open_model` returns the definition and the path of the weights. A package is unpacked, every member validated, into a
cache named by its hash; existing files are compared with the members at each use. What the definition does not declare
is measured in `network/`. A new format is a reader that returns a `ModelDefinition` and the path of the weights, and a
line in `open_model`.
"""

from .arguments import (
    AUTO_RUNTIME,
    MERGE_POLICIES,
    RUNTIMES,
    Auto,
    GivenArguments,
    ModelArguments,
    check_arguments,
    default_padding,
    read_arguments,
    read_truth,
    resolve_arguments,
)
from .arguments import NAMES as ARGUMENT_NAMES
from .band_list import read_band_list
from .bare import definition_of_network
from .class_table import read_class_table
from .definition import (
    BACKGROUND,
    CLASS_NUMBERS,
    LOGITS,
    PROBABILITIES,
    CellSizes,
    ModelClass,
    ModelDefinition,
    Normalization,
    Preprocessing,
)
from .emd.emd_classes import default_color
from .emd.emd_file import parse_emd, write_emd
from .function_files import RasterFunction
from .input_values import fit_preprocessing, normalize, preprocess
from .model import Model, open_model, parse_definition, read_document
from .network_facts import NetworkFacts, read_network_facts
from .onnx_metadata import OnnxMetadata, read_onnx_metadata
from .package_writing import DefinitionParts, emd_document
from .reference import ModelReference, read_model_reference
from .stac_mlm.mlm_item import is_mlm_item, model_asset

__all__ = [
    "ARGUMENT_NAMES",
    "AUTO_RUNTIME",
    "Auto",
    "BACKGROUND",
    "CLASS_NUMBERS",
    "MERGE_POLICIES",
    "RUNTIMES",
    "CellSizes",
    "DefinitionParts",
    "GivenArguments",
    "LOGITS",
    "Model",
    "ModelArguments",
    "ModelClass",
    "ModelDefinition",
    "ModelReference",
    "Normalization",
    "Preprocessing",
    "NetworkFacts",
    "OnnxMetadata",
    "PROBABILITIES",
    "RasterFunction",
    "check_arguments",
    "default_color",
    "default_padding",
    "definition_of_network",
    "emd_document",
    "is_mlm_item",
    "model_asset",
    "normalize",
    "fit_preprocessing",
    "preprocess",
    "open_model",
    "parse_definition",
    "parse_emd",
    "read_arguments",
    "read_band_list",
    "read_class_table",
    "read_document",
    "read_model_reference",
    "read_network_facts",
    "read_onnx_metadata",
    "read_truth",
    "resolve_arguments",
    "write_emd",
]
