# SPDX-License-Identifier: GPL-2.0-or-later
"""The items of the service as a portal: names for results under ids, in the file of the jobs."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..plugin_support.sources.references import parse_json_object
from .errors import ItemUnknownError
from .jobs import BUSY_FRONT, SUCCEEDED

# Items of an owner; further ones replace the oldest.
MOST_ITEMS = 1000

SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, texts TEXT NOT NULL, created REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS item_owner ON item (owner, created);
"""


@dataclass(frozen=True)
class Item:
    """An item: the name of its result, and the texts that its owner gave it."""

    id: str
    name: str
    texts: Mapping[str, str]
    created: float


class ItemStore:
    """The items of all owners; another owner's item is an unknown one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "jobs.sqlite"

    def add(self, owner: str, name: str) -> Item:
        """Adds an item."""
        item = Item(secrets.token_hex(16), name, {}, time.time())
        with self._opened() as database:
            database.execute("INSERT INTO item VALUES (?, ?, ?, '{}', ?)", (item.id, owner, name, item.created))
            database.execute(
                "DELETE FROM item WHERE owner = ? AND id NOT IN "
                "(SELECT id FROM item WHERE owner = ? ORDER BY created DESC, rowid DESC LIMIT ?)",
                (owner, owner, MOST_ITEMS),
            )
        return item

    def read(self, item: str, owner: str) -> Item:
        """Returns an item; raises an ItemUnknownError."""
        with self._opened() as database:
            row = database.execute(
                "SELECT id, name, texts, created FROM item WHERE id = ? AND owner = ?", (item, owner)
            ).fetchone()
        if row is None:
            raise ItemUnknownError(item=item)
        return Item(row[0], row[1], json.loads(row[2]), row[3])

    def holds(self, item: str, owner: str) -> bool:
        """Returns True if the owner has this item."""
        try:
            return bool(self.read(item, owner))
        except ItemUnknownError:
            return False

    def update(self, item: str, owner: str, texts: Mapping[str, str]) -> None:
        """Replaces texts of an item; raises an ItemUnknownError."""
        merged = {**self.read(item, owner).texts, **texts}
        with self._opened() as database:
            query = "UPDATE item SET texts = ? WHERE id = ? AND owner = ?"
            database.execute(query, (json.dumps(merged), item, owner))

    def remove(self, item: str, owner: str) -> None:
        """Removes an item, not its result; raises an ItemUnknownError."""
        self.read(item, owner)
        with self._opened() as database:
            database.execute("DELETE FROM item WHERE id = ? AND owner = ?", (item, owner))

    def job_of(self, item: str, owner: str) -> str:
        """Returns the newest job that succeeded and was to fill this item, empty if there is none."""
        with self._opened() as database:
            # The random id finds the few jobs whose parameters are then read.
            rows = database.execute(
                "SELECT id, inputs FROM job WHERE owner = ? AND status = ? AND instr(inputs, ?) > 0 "
                "ORDER BY submitted DESC LIMIT 100",
                (owner, SUCCEEDED, item),
            ).fetchall()
        named = (job for job, inputs in rows if output_item(json.loads(inputs).get("outputClassifiedRaster")) == item)
        return next(named, "")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Yields a connection in a transaction."""
        with closing(sqlite3.connect(self._file, timeout=BUSY_FRONT)) as database:
            database.executescript(SCHEMA)
            with database:
                yield database


def output_item(value: Any) -> str:
    """Returns the id in {"itemProperties": {"itemId"}} of an output, empty if there is none."""
    content = parse_json_object(value)
    properties = content.get("itemProperties") if isinstance(content, Mapping) else None
    item = properties.get("itemId") if isinstance(properties, Mapping) else None
    return item if isinstance(item, str) else ""
