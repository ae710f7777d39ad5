# SPDX-License-Identifier: GPL-2.0-or-later
"""Options for opening a backend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..models.architecture import Architecture
from ..models.definition import Constant


@dataclass(frozen=True)
class BackendOptions:
    """The options of a backend besides the weights.

    `gpu` is the number of the GPU, if used. `bands` and `layout` come from the model definition, if any; `threads` are
    those of one call, of which `calls` run concurrently; `runtimes` is the user's folder of runtime libraries, and
    `runtime` the one to use, auto for the fastest; `compared` says that its scores for these weights have been compared
    with another library's on this machine. `output` is the name or the number from 0 of the output to use,
    empty for the first image, and `input` the name of the input, for OpenVINO's formats. For a Python raster
    function `definition` is its .emd, `model_file` the file of its weights, `digest` the SHA-256 of the code that the
    user has allowed, `code` the paths and SHA-256 of what that may import from `code_folder`, `arguments` are names and
    values for it, and `pixel_type` is that of the raster in the protocol's notation, empty if the network gets other
    values. `times` is the number of dates of the bands, and `inputs` are names and values of further, constant inputs.
    `architecture` describes weights that are bare tensors. `mixed_precision` requests it; OpenVINO supports it on
    devices with 16-bit floats, and PyTorch on a GPU. `python` is another Python, or the folder of its environment,
    whose PyTorch runs the network.
    """

    processor: str = "AUTO"
    gpu: int = 0
    threads: int = 1
    calls: int = 1
    runtime: str = "auto"
    compared: bool = False
    bands: int | None = None
    layout: str | None = None
    times: int | None = None
    inputs: tuple[tuple[str, Constant], ...] = ()
    runtimes: Path | None = None
    output: str = ""
    input: str = ""
    definition: Path | None = None
    model_file: Path | None = None
    digest: str = ""
    code_folder: Path | None = None
    code: tuple[tuple[str, str], ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    pixel_type: str = ""
    architecture: Architecture | None = None
    mixed_precision: bool = False
    python: Path | None = None
