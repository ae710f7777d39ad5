# SPDX-License-Identifier: GPL-2.0-or-later
"""The models of the profile: recent ones and favourites."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...inference.new_files import write_whole
from ...plugin_support.locations import profile_folder

VERSION = 1
# Most models other than favourites.
MOST_RECENT = 12


@dataclass(frozen=True)
class LibraryModel:
    """A model file in the library; `used` is in seconds since 1970, 0 for never.

    `name` and `about` are from the last reading of the model, for display if the file is missing. `settings` are the
    user's texts of parameters for this model, by their names.
    """

    path: str
    favourite: bool = False
    used: float = 0.0
    name: str = ""
    about: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the model, otherwise that of its file."""
        return self.name or Path(self.path).stem

    @property
    def missing(self) -> bool:
        """True if a local file does not exist; remote models are not checked."""
        elsewhere = "://" in self.path or self.path.startswith(("/vsi", "{"))
        return not elsewhere and not os.path.isfile(self.path)


class ModelLibrary:
    """Models in a JSON file; `problem` is the reason of a failure to read or write it, otherwise empty."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problem = ""
        self._models = {model.path: model for model in self._read()}

    @property
    def models(self) -> list[LibraryModel]:
        """The favourites by name, then the others, most recent first."""
        favourites = sorted((m for m in self._models.values() if m.favourite), key=lambda m: m.title.casefold())
        return favourites + self._recent()

    def model(self, path: str) -> LibraryModel:
        """Returns the entry of a model."""
        return self._models.get(path, LibraryModel(path))

    def has(self, path: str) -> bool:
        """Returns True for a model of the library."""
        return path in self._models

    def use(self, path: str) -> None:
        """Records the use of a model."""
        self._put(replace(self.model(path), used=time.time()))

    def set_favourite(self, path: str, favourite: bool) -> None:
        """Sets or clears a favourite."""
        self._put(replace(self.model(path), favourite=favourite))

    def describe(self, path: str, name: str, about: str) -> None:
        """Records name and description of a model in the library."""
        if path in self._models:
            self._put(replace(self.model(path), name=name, about=about))

    def set_settings(self, path: str, settings: Mapping[str, str]) -> None:
        """Records the user's settings of a model in the library."""
        if path in self._models:
            self._put(replace(self.model(path), settings=dict(settings)))

    def forget(self, path: str) -> None:
        """Removes a model, not its file."""
        if self._models.pop(path, None) is not None:
            self._write()

    def _put(self, model: LibraryModel) -> None:
        if self._models.get(model.path) == model:
            return
        self._models[model.path] = model
        for old in self._recent()[MOST_RECENT:]:
            del self._models[old.path]
        self._write()

    def _recent(self) -> list[LibraryModel]:
        others = (model for model in self._models.values() if not model.favourite)
        return sorted(others, key=lambda model: model.used, reverse=True)

    def _read(self) -> list[LibraryModel]:
        if not self._file.exists():
            return []
        try:
            document = json.loads(self._file.read_text(encoding="utf-8"))
            return [_model(entry) for entry in document["models"]]
        except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError) as error:
            self.problem = f"{type(error).__name__}: {error}"
            self._set_aside()
            return []

    def _set_aside(self) -> None:
        """Renames an unreadable file, which the next change would overwrite."""
        try:
            os.replace(self._file, self._file.with_suffix(".unreadable"))
        except OSError as error:
            self.problem += f"; {error}"

    def _write(self) -> None:
        document = {"version": VERSION, "models": [asdict(model) for model in self.models]}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps(document, ensure_ascii=False, indent=1))
        except OSError as error:
            self.problem = str(error)


@lru_cache
def shared_library() -> ModelLibrary:
    """Returns the library of the user's profile, the same one for panel and dialog."""
    return ModelLibrary(profile_folder() / "models.json")


def _model(entry: dict[str, Any]) -> LibraryModel:
    texts = {name: entry[name] for name in ("path", "name", "about")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError("a path, name or description is no text")
    settings = {str(name): str(text) for name, text in entry.get("settings", {}).items()}
    return LibraryModel(**texts, settings=settings, favourite=entry["favourite"] is True, used=float(entry["used"]))
