# SPDX-License-Identifier: GPL-2.0-or-later
"""Code of a model's maker: loaded from its file alone, watched for failures, and forgotten afterwards."""

from __future__ import annotations

import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, MappingProxyType, ModuleType, TracebackType
from typing import Any

from ...errors import ClassifyPixelsError, FunctionChangedError, FunctionError, WeightsUnreadableError
from ...phrase import Phrase
from .imported_code import imported_code

_numbers = itertools.count(1)

_NONE: Mapping[str, str] = MappingProxyType({})


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
    """The object of a raster function's class, which has the name of its file; `close` forgets the code.

    `code` has the SHA-256 of all that it may import from `folder` and below, by real path.
    """

    def __init__(self, path: Path, digest: str, folder: Path | None = None, code: Mapping[str, str] = _NONE) -> None:
        self.name, self._folder = path.name, folder or path.parent
        source = _checked_source(path, digest)
        self._imports = _AllowedImports(self.name, self._folder, code)
        self._before = set(sys.modules)
        self._environment: dict[str, str | None] = {}
        self._module = _make_module(path, source)
        with ExitStack() as undone:
            undone.callback(self.close)
            _look_before_python(self._imports)
            self._object = self._make_object(path.stem)
            undone.pop_all()

    def _make_object(self, name: str) -> Any:
        with self.setting_up("import"):
            self._module.__loader__.exec_module(self._module)  # type: ignore[union-attr]
        made_by = getattr(self._module, name, None)
        if not callable(made_by):
            reason = Phrase("it has no class named {name}", {"name": name})
            raise FunctionError(function=self.name, method="import", reason=reason)
        with self.setting_up("__init__"):
            return made_by()

    @contextmanager
    def setting_up(self, method: str) -> Iterator[None]:
        """Runs code that may change Python's path and the environment; the path is set back at once.

        The environment is set back by `close`: what chooses the GPU is read when the GPU is first used.
        """
        path, variables, wrote = list(sys.path), dict(os.environ), sys.dont_write_bytecode
        # Nothing is written beside the model: the folder is its owner's, and may be shared.
        sys.dont_write_bytecode = True
        try:
            with ForeignCode(self.name, method):
                yield
        finally:
            sys.path[:], sys.dont_write_bytecode = path, wrote
            changed = {key for key in {*variables, *os.environ} if variables.get(key) != os.environ.get(key)}
            # What was seen first wins: it is how the variable was before any of the code ran.
            self._environment = {**{key: variables.get(key) for key in changed}, **self._environment}

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files that the code imports, and that those import, without installed libraries."""
        source = self._module.__loader__.get_source(self._module.__name__)  # type: ignore[union-attr]
        return imported_code(Path(str(self._module.__file__)), source)

    def has(self, method: str) -> bool:
        """Tells whether the function has an optional method."""
        return callable(getattr(self._object, method, None))

    def set_up(self, method: str, **values: Any) -> Any:
        """Returns what a method gives that is called once, before the pixels."""
        with self.setting_up(method):
            return getattr(self._object, method)(**values)

    def update_pixels(self, *values: Any, **blocks: Any) -> Any:
        """Returns what `updatePixels` gives."""
        with ForeignCode(self.name, "updatePixels"):
            return self._object.updatePixels(*values, **blocks)

    def close(self) -> None:
        """Forgets the code and what it imported from its folder: another model may have modules of the same names."""
        with suppress(ValueError):
            sys.meta_path.remove(self._imports)
        sys.modules.pop(self._module.__name__, None)
        for name in set(sys.modules) - self._before:
            if _lies_in(self._folder, getattr(sys.modules[name], "__file__", None)):
                sys.modules.pop(name)
        for key, value in self._environment.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _look_before_python(finder: _AllowedImports) -> None:
    """Has a finder asked before Python looks for files by itself, but after what is built in."""
    finders: list[Any] = sys.meta_path
    own = importlib.machinery.PathFinder
    finders.insert(finders.index(own) if own in finders else 0, finder)
    importlib.invalidate_caches()


def _lies_in(folder: Path, file: object) -> bool:
    """Tells a module of the model's own from a library that is installed below the same folder."""
    parents = Path(file).parents if isinstance(file, str) else ()
    return folder in parents and not any(parent.name in ("site-packages", "dist-packages") for parent in parents)


def _checked_source(path: Path, digest: str) -> bytes:
    try:
        source = path.read_bytes()
    except OSError as error:
        raise WeightsUnreadableError(weights=path, reason=error.strerror or error) from error
    if hashlib.sha256(source).hexdigest() != digest:
        raise FunctionChangedError(function=path.name)
    return source


def _make_module(path: Path, source: bytes) -> ModuleType:
    """Makes the module under a name that no other has, and which pickles and dataclasses of it find."""
    name = f"classify_pixels_function_{next(_numbers)}_{path.stem}"
    spec = importlib.util.spec_from_loader(name, _CheckedLoader(name, str(path), source))
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[module.__name__] = module
    return module
