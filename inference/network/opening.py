# SPDX-License-Identifier: GPL-2.0-or-later
"""How the network of a model is opened, by a run and by whoever only looks at it."""

from __future__ import annotations

from collections.abc import Mapping

from ..backends import BackendOptions
from ..model import Model, read_truth
from ..request import Environment


def backend_options(
    model: Model, environment: Environment, arguments: Mapping[str, str], threads: int = 1
) -> BackendOptions:
    """Returns what the backend of a model needs to know, from its definition, the user's settings and arguments."""
    definition, function = model.definition, model.function
    allowed = function is not None and function.allowed
    return BackendOptions(
        processor=environment.processor,
        gpu=environment.gpu,
        threads=threads,
        bands=len(definition.bands) if definition else None,
        layout=definition.layout if definition else None,
        runtimes=environment.runtimes,
        python=environment.torch_python,
        output=arguments.get("output", definition.output_name if definition else ""),
        input=definition.input_name if definition else "",
        definition=function.definition if function else None,
        digest=function.digest if function and allowed else "",
        arguments=tuple(arguments.items()),
        architecture=definition.architecture if definition else None,
        # A raster function may have an argument of that name and a meaning of its own.
        mixed_precision=not allowed and read_truth(arguments.get("mixed_precision"), "mixed_precision"),
    )
