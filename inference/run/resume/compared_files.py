# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that determine a result: those of its rasters, and those of its model by their content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...errors import WeightsUnreadableError
from ...models import Model, RasterFunction
from ...models.function_files import folders_below, is_code
from ...models.hugging_face import files_beside
from ...network import files_sha256
from ...raster import Collection, Scene
from ...runtimes import weights_files
from ..request import ClassificationRequest


def raster_files(request: ClassificationRequest, scene: Scene) -> tuple[str, ...]:
    """Returns the files of the raster and the mask of a run, by their GDAL names."""
    # GDAL does not list the rasters of a tile index.
    items = request.raster.files if isinstance(request.raster, Collection) else ()
    return (*scene.source.files, *items)


def model_digests(model: Model, imported: Sequence[Path]) -> list[tuple[str, str]]:
    """Returns names and SHA-256 of a model's weights and of all code that is run, in any folder.

    A package counts by its unpacked contents, whichever the cache; the parsed definition is part of the request key.
    Bare weights may be described by files beside them.
    """
    folder = model.weights.parent
    files = {*weights_files(model.weights), *imported}
    if model.definition is None:
        files.update(files_beside(model.weights))
    if model.function is not None and model.function.allowed:
        files.update(_files_of(model.function))
    # With their folders: two files may have the same name.
    names = {path: path.relative_to(folder).as_posix() if folder in path.parents else path.name for path in files}
    return sorted((name, _digest(path)) for path, name in names.items())


def _files_of(function: RasterFunction) -> Iterator[Path]:
    """Yields the files of a raster function, and all code in the model's folder and below, also behind links."""
    yield from filter(None, (function.definition, function.weights))
    for parent, _, names in folders_below(function.definition.parent):
        yield from (Path(parent, name) for name in names if is_code(name))


def _digest(path: Path) -> str:
    try:
        return files_sha256([path])
    except OSError as error:
        raise WeightsUnreadableError(weights=path, reason=error.strerror or error) from error
