# SPDX-License-Identifier: GPL-2.0-or-later
"""The user's list of catalogs: a JSON file of the profile, absent until the first one is added.

    {"catalogs": [{"name": "Our models", "kind": "stac", "address": "https://example.org/catalog.json", "authcfg": ""}]}

`kind` is `stac` or `repositories`, `authcfg` the id of a QGIS authentication configuration.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ...inference.errors import CatalogListError
from ...inference.new_files import write_whole
from ...inference.phrase import Phrase
from ..http import Access, access_to
from .offer import Found, Offer
from .repositories import complete as complete_repository
from .repositories import search_repositories
from .stac_catalog import search_stac

STAC, REPOSITORIES = "stac", "repositories"
KINDS = (STAC, REPOSITORIES)


@dataclass(frozen=True)
class SavedCatalog:
    """A catalog: its name in the list, kind, address or file, and sign-in."""

    name: str
    kind: str
    address: str
    authcfg: str = ""

    @property
    def access(self) -> Access:
        """The sign-in for the catalog's host."""
        return Access(authcfg=self.authcfg)

    def access_to(self, address: str) -> Access:
        """Returns the sign-in for an address: that of the catalog for its host, none for any other."""
        return access_to(address, self.access, self.address.strip())

    def search(self, text: str) -> Found:
        """Returns the models that contain all words of a text; sends requests, so not for the main thread."""
        search = search_stac if self.kind == STAC else search_repositories
        return search(self.address.strip(), text.split(), self.access)

    def complete(self, offer: Offer) -> Offer:
        """Returns an offer with its files; sends requests if the search has not found them."""
        return offer if offer.is_complete else complete_repository(offer, self.access)


def read_catalogs(file: Path) -> list[SavedCatalog]:
    """Returns the catalogs of a list, none if there is no such file; raises CatalogListError."""
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        return [_catalog(entry) for entry in document["catalogs"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise CatalogListError(file=file, reason=str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        reason = Phrase('it is not {{"catalogs": [{{"name", "kind", "address"}}, …]}}')
        raise CatalogListError(file=file, reason=reason) from error


def write_catalogs(file: Path, catalogs: Sequence[SavedCatalog]) -> None:
    """Replaces the list; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {"catalogs": [asdict(catalog) for catalog in catalogs]}
    write_whole(file, json.dumps(document, ensure_ascii=False, indent=1))


def _catalog(entry: dict[str, str]) -> SavedCatalog:
    texts = {key: entry[key] for key in ("name", "kind", "address")}
    texts["authcfg"] = entry.get("authcfg", "")
    unknown = set(entry) - set(texts)
    if unknown or not all(isinstance(text, str) for text in texts.values()) or texts["kind"] not in KINDS:
        raise TypeError("a catalog has an unknown key or kind")
    return SavedCatalog(**texts)
