# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of STAC catalogs: items with the Machine Learning Model extension, in a file or at an address.

Static catalogs are followed from link to link (`child`, `item`), APIs by `data`, `items` and `next`.
STAC 1.0: https://github.com/radiantearth/stac-spec; MLM: https://github.com/stac-extensions/mlm; digests by the file
extension: https://github.com/stac-extensions/file.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from ...inference.errors import AddressError, ClassifyPixelsError
from ...inference.models import is_mlm_item, model_asset
from ...inference.models.stac_mlm.mlm_item import parse_mlm_item
from ...inference.phrase import Phrase
from ..http import MOST, Access, access_to, get_json
from ..sources.downloads import ITEM_FILE, safe_name
from ..sources.references import is_address
from ..translation import sentence_of, tr
from .fetch import PART
from .offer import Found, Offer, RemoteFile, Variant, key_of, matches, plain, plain_lines, size_of

# Most documents that one search reads, because links of a catalog may be without end.
MOST_DOCUMENTS = 500
FOLLOWED = ("child", "item", "data", "items", "next")
# The prefix of a multihash of SHA-256, in hexadecimal: https://multiformats.io/multihash.
SHA256_MULTIHASH = "1220"


@dataclass(frozen=True)
class _Document:
    place: str
    content: Mapping[str, Any]


def search_stac(place: str, words: Sequence[str], access: Access) -> Found:
    """Returns the models of a catalog that contain all words, in the order of its links.

    Raises AddressError for a catalog that cannot be read; a document further down that cannot be read is counted.
    """
    walk = _Walk(place, access)
    offers = tuple(offer for offer in map(_offer, walk.items()) if matches(offer, words))
    return Found(offers, walk.unread, is_cut=bool(walk.waiting))


@dataclass
class _Walk:
    """The way through a catalog, breadth first; `waiting` are places that have not been read."""

    place: str
    access: Access
    waiting: deque[str] = field(default_factory=deque)
    unread: int = 0

    def items(self) -> Iterator[_Document]:
        """Yields the items of all models."""
        seen, read = {self.place}, 0
        self.waiting.append(self.place)
        while self.waiting and read < MOST_DOCUMENTS:
            read += 1
            for document in self._documents(self.waiting.popleft()):
                if is_mlm_item(document.content):
                    yield document
                new = [link for link in dict.fromkeys(_links(document)) if link not in seen]
                seen.update(new)
                self.waiting.extend(new)

    def _documents(self, place: str) -> Iterator[_Document]:
        try:
            content = _read(place, self.access, self.place)
        except AddressError:
            if place == self.place:
                raise
            self.unread += 1
            return
        yield from _parts(_Document(place, content))


def _read(place: str, access: Access, catalog: str) -> Mapping[str, Any]:
    if is_address(place):
        try:
            return get_json(place, {}, access_to(place, access, catalog))
        except ValueError as error:
            raise AddressError(address=place, reason=str(error)) from error
    path = Path(place)
    try:
        if path.exists() and not path.is_file():
            raise AddressError(address=place, reason=Phrase("it is not a file"))
        if path.stat().st_size > MOST:
            reason = Phrase("its response is larger than {size} MB", {"size": MOST // 1024**2})
            raise AddressError(address=place, reason=reason)
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise AddressError(address=place, reason=str(error)) from error
    if not isinstance(content, dict):
        raise AddressError(address=place, reason=Phrase("its response is not a JSON object"))
    return content


def _parts(document: _Document) -> Iterator[_Document]:
    """Yields a document and the collections or items in it, whose links are relative to it."""
    yield document
    for key in ("features", "collections"):
        inner = document.content.get(key)
        for part in inner if isinstance(inner, list) else ():
            if isinstance(part, dict):
                yield _Document(document.place, part)


def _links(document: _Document) -> Iterator[str]:
    links = document.content.get("links")
    for link in links if isinstance(links, list) else ():
        is_followed = isinstance(link, dict) and link.get("rel") in FOLLOWED and link.get("method", "GET") == "GET"
        target = _resolved(document.place, str(link.get("href") or "")) if is_followed else ""
        if target:
            yield target


def _resolved(place: str, href: str) -> str:
    """Returns the place of a link, empty if it must not be followed: from an address to a file, or to no protocol."""
    if is_address(place):
        try:
            target = urljoin(place, href)
            return target if urlsplit(target).scheme in ("https", urlsplit(place).scheme) else ""
        except ValueError:
            return ""
    if is_address(href):
        return href
    return "" if "://" in href or href.startswith("/vsi") else str((Path(place).parent / href).resolve())


def _offer(document: _Document) -> Offer:
    content = dict(document.content)
    name = safe_name(str(content.get("id") or "model"))
    text = json.dumps(content, sort_keys=True)
    properties: Mapping[str, Any] = content["properties"]
    offer = Offer(
        key=key_of(name, text),
        title=plain(properties.get("title") or properties.get("mlm:name") or content.get("id")) or name,
        summary=plain_lines(properties.get("description")),
        licence=plain(properties.get("license")),
        page=document.place,
    )
    try:
        parse_mlm_item(content, offer.title)
        variant = _variant(document, content)
    except ClassifyPixelsError as error:
        return replace(offer, problem=sentence_of(error))
    if variant is None:
        return replace(offer, problem=tr("Its weights are neither at an HTTP address nor in a local file."))
    # Equal items of two catalogs may have different weights.
    return replace(offer, key=key_of(name, variant.files[0].address, text), variants=(variant,))


def _variant(document: _Document, content: dict[str, Any]) -> Variant | None:
    """Returns the weights, and the item with a link to their copy beside it; None if they are out of reach."""
    asset = dict(model_asset(content, ""))
    place = _resolved(document.place, str(asset["href"]))
    if not place:
        return None
    name = safe_name(place)
    if name.lower() == ITEM_FILE or name.endswith(PART):
        # The name of another file in the folder.
        name = f"weights-{name}.bin"
    size, digest = asset.get("file:size"), str(asset.get("file:checksum") or "").lower()
    weights = RemoteFile(
        name,
        place,
        size_of(size),
        digest[len(SHA256_MULTIHASH) :] if digest.startswith(SHA256_MULTIHASH) and len(digest) == 68 else "",
    )
    assets = {
        key: {**value, "href": f"./{name}"} if value == asset else value for key, value in content["assets"].items()
    }
    return Variant(ITEM_FILE, (weights,), ((ITEM_FILE, json.dumps({**content, "assets": assets})),))
