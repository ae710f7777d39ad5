# SPDX-License-Identifier: GPL-2.0-or-later
"""A model of a catalog, and its files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...inference.phrase import printable

# Longest texts in characters, because a catalog may send anything.
LONGEST_TITLE, LONGEST_TEXT = 200, 20_000
LONGEST_KEY = 60

# The largest file of any file system; a catalog may state any number.
LARGEST_FILE = 2**63 - 1


@dataclass(frozen=True)
class RemoteFile:
    """A file to download; `size` in bytes and `sha256` are as the catalog declares them, None and empty if it does not.

    `name` is the path relative to the model's folder, with slashes.
    """

    name: str
    address: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Variant:
    """One form of a model: the file to be chosen in the library, and everything that it needs.

    `texts` are small files by name, made from the catalog itself.
    """

    name: str
    files: tuple[RemoteFile, ...]
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int | None:
        """The bytes to download, None if a size is unknown."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)


@dataclass(frozen=True)
class Offer:
    """A model of a catalog, with texts as the catalog has them; `problem` is a reason why it cannot be used.

    `key` identifies this state of the model in its catalog, and names its folder.
    """

    key: str
    title: str
    summary: str = ""
    licence: str = ""
    page: str = ""
    variants: tuple[Variant, ...] = ()
    problem: str = ""
    is_complete: bool = True


@dataclass(frozen=True)
class Found:
    """The models that a search found.

    `unread` counts the parts of the catalog that could not be read; `is_cut` marks a search that ended at its limit.
    """

    offers: tuple[Offer, ...]
    unread: int = 0
    is_cut: bool = False

    def __iter__(self) -> Iterator[Offer]:
        return iter(self.offers)

    def __len__(self) -> int:
        return len(self.offers)


def key_of(name: str, *identity: str) -> str:
    """Returns a folder name that any system can store, distinct for each identity."""
    digest = hashlib.sha256("\n".join(identity).encode("utf-8", "backslashreplace")).hexdigest()
    return f"{re.sub('[^0-9A-Za-z-]+', '_', name)[:LONGEST_KEY]}-{digest[:12]}"


def size_of(value: object) -> int | None:
    """Returns a declared number of bytes, None for anything but one."""
    is_size = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_FILE
    return value if is_size else None  # type: ignore[return-value]


def plain(text: object, longest: int = LONGEST_TITLE) -> str:
    """Returns a catalog's text in one line without control characters, shortened; empty for anything but text."""
    return printable(text, longest).strip() if isinstance(text, str) else ""


def plain_lines(text: object) -> str:
    """Returns a catalog's text with its lines, without other control characters, shortened."""
    if not isinstance(text, str):
        return ""
    return "\n".join(printable(line, LONGEST_TEXT) for line in text[:LONGEST_TEXT].splitlines())


def matches(offer: Offer, words: Sequence[str]) -> bool:
    """Returns True if title or summary contain all words."""
    text = f"{offer.title} {offer.summary}".casefold()
    return all(word.casefold() in text for word in words)
