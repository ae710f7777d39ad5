# SPDX-License-Identifier: GPL-2.0-or-later
"""A submission as a request of the inference, in the process of its job."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..inference.grid import Grid
from ..inference.models import ModelReference, open_model, read_model_reference
from ..inference.phrase import Phrase
from ..inference.raster import (
    Collection,
    GdalInput,
    GdalSource,
    Mask,
    RasterFormat,
    cell_size_of_items,
    read_collection,
    wkt_of_reference,
)
from ..inference.run.esri_values import read_cell_size, read_extreme
from ..inference.run.request import ClassificationRequest, Environment
from ..plugin_support.sources.service_rules import refuse_rules
from .closed_gdal import opened_image, polygons_of
from .errors import ParameterRefusedError
from .fetch import fetch, fetch_item
from .gate import Gate, ImageService, PortalItem, RasterPlace, is_image, state_of
from .service_raster import ServiceRaster, opened_service
from .submission import ALL_ITEMS, INPUT, MODEL, Submission, service_refusal

FETCHED = "fetched"


class RequestReader:
    """Opens the places of a submission; files on hosts and of a portal are copied into the `fetched` folder first."""

    def __init__(self, submission: Submission, gate: Gate, folder: Path, cache: Path, most: int) -> None:
        self._given, self._gate, self._folder, self._cache = submission, gate, folder, cache
        self._most = most
        # The folder of fetched files is like a store.
        fetched = folder / FETCHED
        fetched.mkdir(parents=True, exist_ok=True)
        self._inner = replace(gate, stores={**gate.stores, FETCHED: fetched.resolve()})
        self._copies: dict[str, Path] = {}
        self._states: dict[Path, tuple[str, tuple[Any, ...]]] = {}
        self._checked: list[tuple[str, Path]] = []

    def read(self) -> ClassificationRequest:
        """Returns the request; raises a ClassifyPixelsError."""
        given = self._given
        raster = self._service() or self._raster()
        environment = self._environment()
        extreme = read_extreme(given.cell_size)
        if extreme is not None and isinstance(raster, Collection) and not given.separately:
            size, crs = cell_size_of_items(raster, extreme)
            environment = replace(environment, cell_size=size, cell_size_crs=crs)
        return ClassificationRequest(
            raster=raster,
            model=self._model(),
            output=self._folder / f"{given.name}.tif",
            arguments=given.arguments,
            environment=environment,
            separately=given.separately,
            form=RasterFormat(cloud_optimized=True),
        )

    def check_states(self) -> None:
        """Raises if a file is not the one that passed the gate, because it was replaced while the job ran.

        Somebody who may write into a store could put a link in its place after it was checked.
        """
        for path, (parameter, state) in self._states.items():
            if state_of(path) != state:
                reason = Phrase("the file {file} was changed while it was read", {"file": self.shown(str(path))})
                raise ParameterRefusedError(parameter=parameter, reason=reason)
        for parameter, path in self._checked:
            # Side files may be new.
            self._inner.check_image(parameter, path)

    def shown(self, text: str) -> str:
        """Returns a text without the folders of the server."""
        for name, copy in self._copies.items():
            text = text.replace(str(copy), name).replace(self._inner.shown(str(copy)), name)
        text = self._gate.shown(text)
        return text.replace(f"{self._folder}/", "").replace(str(self._folder), "(job)")

    def _service(self) -> ServiceRaster | None:
        """Returns the only raster if it is an image service, directly or as an item of the portal."""
        if len(self._given.rasters) != 1:
            return None
        found = opened_service(INPUT, self._given.rasters[0], self._gate)
        if found is not None and self._given.separately:
            raise service_refusal(ALL_ITEMS)
        return found

    def _raster(self) -> GdalInput | Collection:
        """Returns the rasters under names that callers know, because a result holds the name of its raster."""
        images = [image for place in self._given.rasters for image in self._images(INPUT, place)]
        is_folder = any(isinstance(place, Path) and place.is_dir() for place in self._given.rasters)
        first = replace(images[0], title=self.shown(images[0].uri))
        if len(images) == 1 and not is_folder:
            return first
        titled = [replace(image, title=Path(image.uri).stem) for image in images]
        collection = read_collection(titled, self._given.separately)
        return first if collection is None else collection

    def _environment(self) -> Environment:
        given = self._given
        grid, files = (None, ()) if given.snap is None else self._grid_of("snapRaster", given.snap)
        cell_size, crs = read_cell_size(
            given.cell_size, lambda place: self._grid_of("cellSize", place)[0], wkt_of_reference
        )
        return Environment(
            extent=given.extent, crs=given.crs, cell_size=cell_size, cell_size_crs=crs, snap=grid, pattern_files=files,
            resampling=given.resampling, mask=self._mask(), processor=given.processor, gpu=given.gpu,
            workers=given.workers, cache=self._cache,
        )  # fmt: skip

    def _mask(self) -> Mask | None:
        if self._given.mask is None:
            return None
        service = opened_service("mask", self._given.mask, self._gate)
        if service is not None:
            return service
        path = self._path("mask", self._given.mask)
        if is_image(path):
            return self._opened("mask", path)
        if not path.is_file():
            raise ParameterRefusedError(parameter="mask", reason=Phrase("it is not a file"))
        self._remember("mask", path)
        return polygons_of(path, self.shown(str(path)))

    def _model(self) -> ModelReference:
        path = self._path(MODEL, self._given.model)
        definition = self._given.definition
        named = str(path) if definition is None else {**definition, "ModelFile": str(path)}
        reference = read_model_reference(named)
        self._remember(MODEL, path)
        # No caller may allow a function, and no definition of a store may name files outside of it.
        model = open_model(reference, self._cache, frozenset())
        for name in model.files:
            real = Path(name).resolve()
            if not self._inner.holds(real) and self._cache.resolve() not in real.parents:
                raise ParameterRefusedError(parameter=MODEL, reason=Phrase("the model names files outside its store"))
            self._remember(MODEL, real)
        return reference

    def _images(self, parameter: str, place: RasterPlace) -> list[GdalInput]:
        found = self._inner.images_in(parameter, self._path(parameter, place))
        return [self._opened(parameter, each) for each in found]

    def _grid_of(self, parameter: str, place: RasterPlace) -> tuple[Grid, tuple[str, ...]]:
        """Returns the cells of a raster, and its files."""
        service = opened_service(parameter, place, self._gate)
        raster = service or GdalSource(self._opened(parameter, self._path(parameter, place)))
        with closing(raster) as source:
            return source.grid, source.files

    def _opened(self, parameter: str, path: Path) -> GdalInput:
        # First the states, then the check of what they are.
        self._remember(parameter, *self._inner.files_of(parameter, path))
        self._checked.append((parameter, path))
        self._inner.check_image(parameter, path)
        return opened_image(parameter, path, self._inner)

    def _remember(self, parameter: str, *files: Path) -> None:
        self._states.update((file, (parameter, state_of(file))) for file in files)

    def _path(self, parameter: str, place: RasterPlace) -> Path:
        if isinstance(place, Path):
            return place
        if isinstance(place, ImageService):
            raise service_refusal(parameter)
        if place.shown not in self._copies:
            folder = self._folder / FETCHED / str(len(self._copies) + 1)
            if isinstance(place, PortalItem):
                refuse_rules(place.id, place.rules)
                copy = fetch_item(parameter, place, folder, self._gate, self._most)
            else:
                copy = fetch(parameter, place, folder, self._gate, self._most)
            self._copies[place.shown] = copy
        return self._copies[place.shown]
