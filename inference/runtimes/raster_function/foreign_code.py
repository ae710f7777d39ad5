# SPDX-License-Identifier: GPL-2.0-or-later
"""The code of a raster function: loaded from its file alone, in a process of its own, with its failures named."""

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
    """Turns whatever a method of the code raises into a named error; it may raise anything, even SystemExit."""

    def __init__(self, function: str, method: str) -> None:
        self._function, self._method = function, method

    def __enter__(self) -> None:
        """Nothing has to be done before."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises the named error in the place of any other."""
        if error is not None and not isinstance(error, (ClassifyPixelsError, KeyboardInterrupt)):
            reason = f"{type(error).__name__}: {error}"[:300]
            raise FunctionError(function=self._function, method=self._method, reason=reason) from error


class _CheckedLoader(importlib.machinery.SourceFileLoader):
    """Gives Python the very bytes that were checked; compiled files beside them are neither read nor written."""

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
    """Lets Python import from the model's folder what the user has allowed, as it was then, and nothing else.

    Text is compiled from the very bytes that were checked. What the system loads itself is checked right before.
    """

    def __init__(self, function: str, folder: Path, code: Mapping[str, str]) -> None:
        self._function, self._code = function, code
        self._folders = {os.path.abspath(folder), os.path.realpath(folder)}

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Returns how a module is loaded that lies in the folder, None for any other."""
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
    """Returns the file that a module comes from: of one within an archive, that archive."""
    return str(getattr(spec.loader, "archive", "") or spec.origin)


def _is_below(file: str, folder: str) -> bool:
    return Path(folder) in (Path(os.path.abspath(file)).parents)


class LoadedFunction:
    """The object of a raster function's class, which has the name of its file; the code stays for the process's life.

    `code` has the SHA-256 of all that it may import from `folder` and below, by real path.
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
        """The files that the code imports, and that those import, without installed libraries."""
        return imported_code(self._path, self._source)

    def has(self, method: str) -> bool:
        """True for an optional method that the function has."""
        return callable(getattr(self._object, method, None))

    def call(self, method: str, *values: Any, **named: Any) -> Any:
        """Returns the answer of a method."""
        with ForeignCode(self.name, method):
            return getattr(self._object, method)(*values, **named)


def _look_before_python(finder: _AllowedImports) -> None:
    """Has a finder asked before Python looks for files by itself, but after what is built in."""
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
    """Makes the module under a name that no library has, and by which pickles and dataclasses find it."""
    name = f"classify_pixels_function_{path.stem}"
    spec = importlib.util.spec_from_loader(name, _CheckedLoader(name, str(path), source))
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[name] = module
    return module
