# SPDX-License-Identifier: GPL-2.0-or-later
"""How the network of a model is opened, for a run and for a description."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..models import AUTO_RUNTIME, GivenArguments, Model
from ..progress import Progress
from ..runtimes import Backend, BackendOptions, open_backend
from .interruption import interrupting
from .settings import NetworkSettings


def backend_options(
    model: Model,
    settings: NetworkSettings,
    arguments: GivenArguments,
    threads: int = 1,
    pixel_type: str = "",
    calls: int = 1,
) -> BackendOptions:
    """Returns the options of a model's backend, from its definition, the user's settings and arguments.

    `pixel_type` is that of the raster's values, empty if they are scaled or of several types.
    """
    definition, function = model.definition, model.function
    allowed = function is not None and function.allowed
    return BackendOptions(
        processor=settings.processor,
        gpu=settings.gpu,
        threads=threads,
        calls=calls,
        # A raster function may declare an argument of that name with another meaning.
        runtime=(not allowed and arguments.runtime) or AUTO_RUNTIME,
        bands=len(definition.bands) if definition else None,
        layout=definition.layout if definition else None,
        times=definition.times if definition else None,
        inputs=definition.inputs if definition else (),
        runtimes=settings.runtimes,
        python=settings.torch_python,
        output=arguments.output or (definition.output_name if definition else ""),
        input=definition.input_name if definition else "",
        definition=function.definition if function else None,
        model_file=function.weights if function else None,
        digest=function.digest if function and allowed else "",
        code_folder=function.folder if function else None,
        code=function.code if function and allowed else (),
        arguments=arguments.texts,
        pixel_type=pixel_type,
        architecture=definition.architecture if definition else None,
        mixed_precision=not allowed and bool(arguments.mixed_precision),
    )


@contextmanager
def opened(weights: Path, options: BackendOptions, progress: Progress) -> Iterator[Backend]:
    """Opens a network while the block runs; Cancel ends its calls, even those that never return."""
    with closing(open_backend(weights, options, progress)) as backend, interrupting(backend, progress):
        yield backend
