# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings of a network's run, beside its model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..models import GivenArguments

HOME_CACHE = Path.home() / ".cache" / "classify_pixels"


@dataclass(frozen=True)
class Machine:
    """The settings of one machine, which never travel to another one.

    `gpu` is the number of the GPU, where one is used, and `workers` that of the tiles in work at once. `cache` takes
    unpacked models, `runtimes` holds the user's own runtime libraries, and `torch_python` is another Python whose
    PyTorch runs the network in a separate process. `allowed_functions` holds the SHA-256 of the models whose Python
    raster functions may run.
    """

    gpu: int = 0
    workers: int = 1
    cache: Path = HOME_CACHE
    runtimes: Path | None = None
    torch_python: Path | None = None
    allowed_functions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NetworkSettings(Machine):
    """A machine, and the requested processor: AUTO, CPU or GPU."""

    processor: str = "AUTO"


@dataclass(frozen=True)
class NetworkOptions:
    """The options for opening a network and using it, beside the model.

    `arguments` are the model arguments as the user gave them. `pixel_type` is that of the raster's values, empty where
    they are scaled or of several types. For a large scene, a search for the fastest size of tiles is worth its seconds.
    """

    arguments: GivenArguments = GivenArguments()
    settings: NetworkSettings = NetworkSettings()
    pixel_type: str = ""
    is_large: bool = True
