# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions of a model, and the permission to run them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelUnreadableError
from ..sha256 import file_sha256

# Prefix in definitions for functions built into ArcGIS, which have no file.
PRODUCT_PREFIX = "["
# Suffixes of files that Python may import, or that imported code may load.
CODE_SUFFIXES = (".py", ".pyw", ".pyc", ".pyd", ".so", ".dll", ".dylib", ".zip", ".egg", ".whl")
# A versioned Linux library, such as libsums.so.1.
NUMBERED = re.compile(r".*\.so(\.\d+)+")


@dataclass(frozen=True)
class RasterFunction:
    """A model's code that replaces the network, once the user has allowed it.

    `definition` is the .emd that the code reads, and `weights` are those that it names. `fingerprint` is the SHA-256
    for the user's permission: of the package, otherwise of the model's files; `digest` is the SHA-256 of the code's
    file alone, and `code` has that of each importable file below `folder`, by real path.
    """

    path: Path
    definition: Path
    fingerprint: str
    digest: str
    allowed: bool
    weights: Path | None = None
    folder: Path | None = None
    code: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class UnpackedPackage:
    """A package in the cache: its folder, its SHA-256, and the SHA-256 of each executable or importable file."""

    folder: Path
    digest: str
    code: Mapping[Path, str]


def is_code(name: str) -> bool:
    """True if a file of this name may be imported, or loaded by imported code."""
    lower = name.lower()
    return lower.endswith(CODE_SUFFIXES) or NUMBERED.fullmatch(lower) is not None


def is_own_function(named: str) -> bool:
    """True if an InferenceFunction is a file of the model instead of a part of ArcGIS."""
    return named.lower().endswith(".py") and not named.startswith(PRODUCT_PREFIX)


def read_function(
    path: Path, definition: Path, weights: Path | None, package: UnpackedPackage | None, allowed: frozenset[str]
) -> RasterFunction:
    """Returns the function of a file; without a package its code is everything in and below the definition's folder."""
    try:
        folder = package.folder if package else definition.parent
        code = package.code if package else _code_below(folder)
        fingerprint = package.digest if package else _fingerprint(code, definition, weights)
        digests = {os.path.realpath(file): digest for file, digest in code.items()}
        digest = digests.get(os.path.realpath(path)) or file_sha256(path)
    except OSError as error:
        raise ModelUnreadableError(model=path, reason=error.strerror or error) from error
    may_run = fingerprint in allowed
    return RasterFunction(path, definition, fingerprint, digest, may_run, weights, folder, tuple(digests.items()))


def _fingerprint(code: Mapping[Path, str], definition: Path, weights: Path | None) -> str:
    """Returns the SHA-256 of a list of the model's files: one line each with SHA-256 and name.

    The files are the definition, the weights, and all importable code in and below the definition's folder. The lines
    are sorted and in the format of sha256sum.
    """
    others = {file: file_sha256(file) for file in (definition, weights) if file is not None}
    lines = sorted(f"{digest}  {_name(file, definition.parent)}\n" for file, digest in {**code, **others}.items())
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _code_below(folder: Path) -> dict[Path, str]:
    """Returns the SHA-256 of all code in and below a folder, following links.

    A link to a folder has the SHA-256 of its target, which determines what its name imports.
    """
    digests: dict[Path, str] = {}
    for parent, folders, names in folders_below(folder):
        links = [path for path in (Path(parent, name) for name in folders) if path.is_symlink()]
        digests.update({link: _sha256_of_place(link, folder) for link in links})
        digests.update({Path(parent, name): file_sha256(Path(parent, name)) for name in names if is_code(name)})
    return digests


def folders_below(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields a folder and all below it like os.walk, also behind links, but each only once: links may form cycles."""
    walked: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        place = os.path.realpath(parent)
        if place in walked:
            folders.clear()
        else:
            walked.add(place)
            yield parent, folders, names


def _sha256_of_place(link: Path, folder: Path) -> str:
    target, root = Path(os.path.realpath(link)), Path(os.path.realpath(folder))
    place = target.relative_to(root) if root in target.parents else target
    return hashlib.sha256(os.fsencode(place.as_posix())).hexdigest()


def _name(path: Path, folder: Path) -> str:
    """Returns a name independent of the location of the model's folder."""
    inside = folder in path.parents
    return path.relative_to(folder).as_posix() if inside else path.name
