# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user asks for, once all texts are read; from here on no text is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..bands import BandMapping
from ..grid import Grid
from ..models import GivenArguments, ModelReference
from ..raster import (
    MOST_CELLS,
    Collection,
    Extent,
    GdalInput,
    GridRequest,
    Mask,
    RasterFormat,
    RasterSource,
)


@dataclass(frozen=True)
class Environment:
    """The settings of a run that do not concern the model.

    `extent`, `crs`, `cell_size`, `cell_size_crs`, `snap` and `most_cells` ask for a grid (see GridRequest), and
    `pattern_files` are those of the snap raster. `resampling` says how pixels get there. Outside `mask` nothing is
    computed. `gpu` is the number of the GPU, where one is used, and `workers` that of the tiles in work at once.
    `cache` takes unpacked models, `runtimes` holds the user's own runtime libraries, and `torch_python` is another
    Python whose PyTorch runs the network in a process of its own. `allowed_functions` holds the SHA-256 of the models
    whose Python raster functions may run.
    """

    extent: Extent | None = None
    crs: str = ""
    cell_size: tuple[float, float] | None = None
    cell_size_crs: str = ""
    snap: Grid | None = None
    pattern_files: tuple[str, ...] = ()
    resampling: str = "bilinear"
    mask: Mask | None = None
    processor: str = "AUTO"
    gpu: int = 0
    workers: int = 1
    cache: Path = Path.home() / ".cache" / "classify_pixels"
    runtimes: Path | None = None
    allowed_functions: frozenset[str] = frozenset()
    torch_python: Path | None = None
    most_cells: int = MOST_CELLS

    @property
    def grid(self) -> GridRequest:
        """What is asked of the result's grid."""
        return GridRequest(self.extent, self.crs, self.cell_size, self.snap, self.cell_size_crs, self.most_cells)


@dataclass(frozen=True)
class ClassificationRequest:
    """One classification: which raster, which model, and where the result goes.

    The input may be a source that is already open, for rasters that GDAL cannot open by name. Its values become
    value x scale + offset, with one number for all bands or one per model band. `no_data_rule` is AUTO, ANY or ALL:
    whether a pixel is NoData where any band that feeds the model is, or where all are. `separately` asks for a result
    for each raster of a collection. `probability_output` takes all scores, or the largest one only. What a
    `resumable` run finished before it was ended is kept beside the output.
    """

    raster: GdalInput | RasterSource | Collection
    model: ModelReference
    output: Path
    arguments: GivenArguments = GivenArguments()
    environment: Environment = field(default_factory=Environment)
    bands: BandMapping = BandMapping()
    input_scale: tuple[float, ...] = ()
    input_offset: tuple[float, ...] = ()
    no_data_rule: str = "AUTO"
    separately: bool = False
    probability_output: Path | None = None
    largest_only: bool = False
    form: RasterFormat = RasterFormat()
    resumable: bool = True
