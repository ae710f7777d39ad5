# SPDX-License-Identifier: GPL-2.0-or-later
"""One rule for all outputs: none is an input, another output, or a side file of either."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import OutputIsInputError

# Added to the whole name of a raster or a database.
ADDED = (".aux.xml", ".ovr", ".msk", ".vat.dbf", ".vat.cpg", ".xml", "-wal", "-shm", "-journal")
# In place of the suffix: georeference, style, and the parts of a shapefile.
SWAPPED = (
    ".tfw", ".tifw", ".wld", ".aux", ".rrd", ".qml", ".qmd", ".prj", ".hdr", ".tab",
    ".shx", ".dbf", ".cpg", ".qpj", ".qix", ".sbn", ".sbx", ".csvt",
)  # fmt: skip


def check_distinct(outputs: Sequence[Path], inputs: Iterable[str]) -> None:
    """Raises an OutputIsInputError if an output is an input, another output, or a side file of either.

    Names of one stem with other suffixes, such as map.html and map.tif, are distinct.
    """
    known = [Path(name) for name in inputs]
    for number, output in enumerate(outputs):
        others = [*outputs[:number], *outputs[number + 1 :]]
        if any(is_same(output, other) or is_beside(output, other) for other in [*known, *others]):
            raise OutputIsInputError(output=output)


def is_same(output: Path, other: Path) -> bool:
    """Returns True if two paths are names of one file, also through links; names need not exist."""
    try:
        return output.resolve() == other.resolve() or (output.exists() and other.exists() and output.samefile(other))
    except (OSError, ValueError, RuntimeError):
        return False


def is_beside(output: Path, main: Path) -> bool:
    """Returns True if a path has the name of a side file of another; GDAL also finds them in other letter case."""
    try:
        if os.path.realpath(output.parent) != os.path.realpath(main.parent):
            return False
    except (OSError, ValueError):
        return False
    name, whole, stem = output.name.casefold(), main.name.casefold(), main.stem.casefold()
    return name in {whole + ending for ending in ADDED} or name in {stem + ending for ending in SWAPPED} - {whole}
