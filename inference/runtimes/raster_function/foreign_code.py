# SPDX-License-Identifier: GPL-2.0-or-later
"""The code of a raster function: loaded from its file alone, in a separate process, with named failures."""

from __future__ import annotations

import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

from ...errors import ClassifyPixelsError, FunctionChangedError, FunctionError, WeightsUnreadableError
from ...phrase import Phrase
from .imported_code import imported_code


class ForeignCode:
    """Turns any exception of the code into a named error, even SystemExit."""

    def __init__(self, function: str, method: str) -> None:
        self._function, self._method = function, method

    def __enter__(self) -> None:
        """Does nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises the named error in place of any other."""
        if error is not None and not isinstance(error, (ClassifyPixelsError, KeyboardInterrupt)):
            reason = f"{type(error).__name__}: {error}"[:300]
            raise FunctionError(function=self._function, method=self._method, reason=reason) from error


class _CheckedLoader(importlib.machinery.SourceFileLoader):
    """Passes the checked bytes to Python; compiled files are neither read nor written."""

    def __init__(self, fullname: str, path: str, source: bytes) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_source(self, fullname: str) -> str:
        """Returns the text, for tracebacks."""
        return importlib.util.decode_source(self._source)

    def get_code(self, fullname: str) -> CodeType:
        """Returns the compiled text, whose tracebacks name the file."""
        return self.source_to_code(self._source, self.path)


class _AllowedImports(importlib.abc.MetaPathFinder):
    """Restricts imports from the model's folder to unchanged files that the user has allowed.

    Source is compiled from the checked bytes. Native libraries are checked immediately before loading.
    """

    def __init__(self, function: str, folder: Path, code: Mapping[str, str]) -> None:
        self._function, self._code = function, code
        self._folders = {os.path.abspath(folder), os.path.realpath(folder)}

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Returns the spec of a module in the folder, None for any other."""
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.has_location or spec.origin is None:
            return None
        file = _file_of(spec)
        if not (os.path.realpath(file) in self._code or any(_is_below(file, folder) for folder in self._folders)):
            return None
        content = self._checked(file)
        if isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _CheckedLoader(fullname, spec.origin, content)
        return spec

    def _checked(self, file: str) -> bytes:
        digest, content = self._code.get(os.path.realpath(file)), Path(file).read_bytes()
        if digest is None or hashlib.sha256(content).hexdigest() != digest:
            raise FunctionChangedError(function=f"{self._function} ({os.path.basename(file)})")
        return content


def _file_of(spec: ModuleSpec) -> str:
    """Returns the source file of a module; for one within an archive, the archive."""
    return str(getattr(spec.loader, "archive", "") or spec.origin)


def _is_below(file: str, folder: str) -> bool:
    return Path(folder) in (Path(os.path.abspath(file)).parents)


class LoadedFunction:
    """An instance of a raster function's class, named like its file; the code stays loaded until the process ends.

    `code` has the SHA-256 of all importable files in and below `folder`, by real path.
    """

    def __init__(self, path: Path, digest: str, folder: Path | None, code: Mapping[str, str]) -> None:
        self.name, self._path = path.name, path
        self._source = _checked_source(path, digest)
        _look_before_python(_AllowedImports(self.name, folder or path.parent, code))
        module = _make_module(path, self._source)
        with ForeignCode(self.name, "import"):
            module.__loader__.exec_module(module)  # type: ignore[union-attr]
        made_by = getattr(module, path.stem, None)
        if not callable(made_by):
            reason = Phrase("it has no class named {name}", {"name": path.stem})
            raise FunctionError(function=self.name, method="import", reason=reason)
        with ForeignCode(self.name, "__init__"):
            self._object = made_by()

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files imported by the code, directly or indirectly, except installed libraries."""
        return imported_code(self._path, self._source)

    def has(self, method: str) -> bool:
        """True if the function has an optional method."""
        return callable(getattr(self._object, method, None))

    def call(self, method: str, *values: Any, **named: Any) -> Any:
        """Returns the answer of a method."""
        with ForeignCode(self.name, method):
            return getattr(self._object, method)(*values, **named)


def _look_before_python(finder: _AllowedImports) -> None:
    """Inserts a finder before Python's path finder, but after built-in modules."""
    finders: list[Any] = sys.meta_path
    own = importlib.machinery.PathFinder
    finders.insert(finders.index(own) if own in finders else 0, finder)
    importlib.invalidate_caches()


def _checked_source(path: Path, digest: str) -> bytes:
    try:
        source = path.read_bytes()
    except OSError as error:
        raise WeightsUnreadableError(weights=path, reason=error.strerror or error) from error
    if hashlib.sha256(source).hexdigest() != digest:
        raise FunctionChangedError(function=path.name)
    return source


def _make_module(path: Path, source: bytes) -> ModuleType:
    """Creates the module under a unique name, registered for pickles and dataclasses."""
    name = f"classify_pixels_function_{path.stem}"
    spec = importlib.util.spec_from_loader(name, _CheckedLoader(name, str(path), source))
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[name] = module
    return module
