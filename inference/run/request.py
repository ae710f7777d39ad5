# SPDX-License-Identifier: GPL-2.0-or-later
"""The request of a user, with all texts parsed."""

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
    WebInput,
)


@dataclass(frozen=True)
class Environment(NetworkSettings):
    """The settings of a run that do not concern the model, including those of the machine.

    `extent`, `crs`, `cell_size`, `cell_size_crs`, `snap` and `most_cells` request a grid (see GridRequest), and
    `pattern_files` are those of the snap raster. `resampling` is the method of warping to it. Nothing is computed
    outside `mask`.
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
        """The requested grid of the result."""
        return GridRequest(self.extent, self.crs, self.cell_size, self.snap, self.cell_size_crs, self.most_cells)

    @property
    def network(self) -> NetworkSettings:
        """The settings of the network alone."""
        return NetworkSettings(**{each.name: getattr(self, each.name) for each in fields(NetworkSettings)})

    def on(self, machine: Machine) -> Environment:
        """Returns the same settings with those of a machine."""
        return replace(self, **{each.name: getattr(machine, each.name) for each in fields(Machine)})


@dataclass(frozen=True)
class ClassificationRequest:
    """One classification: the raster, the model and the output.

    The input may be an open source, for rasters that GDAL cannot open by name. Its values become
    value x scale + offset, with one number for all bands or one per model band. `no_data_rule` is AUTO, ANY or ALL:
    a pixel is NoData if any band that feeds the model is NoData, or only if all are. `separately` requests a result
    for each raster of a collection. `probability_output` receives all scores, or the largest one only.
    `polygon_output` receives the polygons of the class map; patches of fewer than `least_patch` cells are merged into
    their largest neighbours before. The finished strips of a `resumable` run that ends early are kept beside the
    output.
    """

    raster: GdalInput | RasterSource | Collection | WebInput
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
    polygon_output: Path | None = None
    least_patch: int = 0
    form: RasterFormat = RasterFormat()
    resumable: bool = True
