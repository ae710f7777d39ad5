# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user asks for, once all texts are read; from here on no text is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from ..bands import BandMapping
from ..grid import Grid
from ..models import GivenArguments, ModelReference
from ..network import Machine, NetworkSettings
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
class Environment(NetworkSettings):
    """The settings of a run that do not concern the model, among them those of the machine.

    `extent`, `crs`, `cell_size`, `cell_size_crs`, `snap` and `most_cells` ask for a grid (see GridRequest), and
    `pattern_files` are those of the snap raster. `resampling` says how pixels get there. Outside `mask` nothing is
    computed.
    """

    extent: Extent | None = None
    crs: str = ""
    cell_size: tuple[float, float] | None = None
    cell_size_crs: str = ""
    snap: Grid | None = None
    pattern_files: tuple[str, ...] = ()
    resampling: str = "bilinear"
    mask: Mask | None = None
    most_cells: int = MOST_CELLS

    @property
    def grid(self) -> GridRequest:
        """What is asked of the result's grid."""
        return GridRequest(self.extent, self.crs, self.cell_size, self.snap, self.cell_size_crs, self.most_cells)

    @property
    def network(self) -> NetworkSettings:
        """What concerns the network alone."""
        return NetworkSettings(**{each.name: getattr(self, each.name) for each in fields(NetworkSettings)})

    def on(self, machine: Machine) -> Environment:
        """Returns the same settings on a machine."""
        return replace(self, **{each.name: getattr(machine, each.name) for each in fields(Machine)})


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
