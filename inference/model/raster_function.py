# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions that lie beside a model, and the permission that they need to be run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelUnreadableError

# What may stand in the definition for a function that ArcGIS brings along; there is no file of it.
PRODUCT_PREFIX = "["
# What Python may import, and what that may load.
CODE_SUFFIXES = (".py", ".pyc", ".pyd", ".so", ".dll", ".dylib")
CHUNK = 1024**2


@dataclass(frozen=True)
class RasterFunction:
    """Code of a model's maker that takes the place of the network, once the user has allowed it.

    `definition` is the .emd that the code reads, and `weights` are those that it names. `fingerprint` is the SHA-256
    by which the user allows it: that of the package, else that of the model's files; `digest` is the SHA-256 of the
    code's file alone.
    """

    path: Path
    definition: Path
    fingerprint: str
    digest: str
    allowed: bool
    weights: Path | None = None


def is_own_function(named: str) -> bool:
    """Tells whether an InferenceFunction is a file of the model instead of a part of ArcGIS."""
    return named.lower().endswith(".py") and not named.startswith(PRODUCT_PREFIX)


def read_function(
    path: Path, definition: Path, weights: Path | None, package: str, allowed: frozenset[str]
) -> RasterFunction:
    """Returns the function of a file; `package` is the SHA-256 of the package, empty where there is none."""
    try:
        fingerprint = package or fingerprint_of_files(path, definition, weights)
        digest = _sha256(path)
    except OSError as error:
        raise ModelUnreadableError(model=path, reason=error.strerror or error) from error
    return RasterFunction(path, definition, fingerprint, digest, fingerprint in allowed, weights)


def fingerprint_of_files(function: Path, definition: Path, weights: Path | None) -> str:
    """Returns the SHA-256 of a list of the model's files: a line for each with its SHA-256 and its name.

    The files are the definition, the weights, the function, and all code in the function's folder and below
    it, which the function could import. The lines are sorted and have the form that sha256sum gives them.
    """
    files = {definition, *_code_below(function.parent), *([weights] if weights else [])}
    lines = sorted(f"{_sha256(path)}  {_name(path, definition.parent)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _code_below(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names if name.lower().endswith(CODE_SUFFIXES))


def _name(path: Path, folder: Path) -> str:
    """Returns a name that is the same wherever the model's folder lies."""
    inside = folder in path.parents
    return path.relative_to(folder).as_posix() if inside else path.name


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
