# SPDX-License-Identifier: GPL-2.0-or-later
"""The one gate that every reference of a caller passes, whichever parameter holds it."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Union
from urllib.parse import urlsplit

from ..inference.errors import DataStorePathError, DataStoreUnknownError
from ..inference.phrase import Phrase
from ..inference.raster.web.hosts import AllowedHosts, host_of, may_be_at
from ..inference.redaction import HIDDEN
from ..plugin_support.sources.references import ITEM, SERVICE, URI, Reference, is_address, read_reference
from ..plugin_support.sources.service_rules import (
    KNOWN,
    Rules,
    is_image_service,
    refuse_rules,
    rules_in_address,
    with_own_names,
)
from ..plugin_support.sources.store_paths import STORE_PATH, resolve_store_path
from .errors import ReferenceRefusedError

# First bytes of image files that name no other files. A VRT, a tile index or a catalogue does, and is refused.
IMAGES = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+",  # TIFF and BigTIFF
    b"\0\0\0\x0cjP  \r\n\x87\n", b"\xffO\xffQ",  # JPEG 2000
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff",
)  # fmt: skip
IMAGE_SUFFIXES = (".tif", ".tiff", ".jp2", ".j2k", ".png", ".jpg", ".jpeg")
LONGEST_HEAD = max(map(len, IMAGES))

# Side files with metadata, and those with the pixels of overviews and masks, which GDAL would open with any driver.
TEXT_SIDE = ".aux.xml"
SIDES = (".ovr", ".msk", TEXT_SIDE)
# Texts in metadata that make GDAL open another file.
NAMING_FILES = re.compile(r"OVERVIEW_FILE|_DATASET|SourceFilename|SourceDataset|VRTDataset|DEMPath", re.IGNORECASE)
LARGEST_SIDE = 64 * 1024**2

# Control characters, and marks that GDAL's drivers read as options in a name.
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]|[\"<>|]|\\u0000")

ITEM_PATH = "/sharing/rest/content/items/"
ITEM_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True)
class Address:
    """A file on a named host."""

    url: str

    @property
    def shown(self) -> str:
        """Its name in messages."""
        return self.url


@dataclass(frozen=True)
class PortalItem:
    """An item of the configured portal: a file, or an image service that these rules apply to."""

    id: str
    rules: Rules = ()

    @property
    def shown(self) -> str:
        """Its name in messages."""
        return f"item {self.id}"


@dataclass(frozen=True)
class ImageService:
    """An image service on a named host, with the checked names of its rules."""

    url: str
    rules: Rules = ()

    @property
    def shown(self) -> str:
        """Its name in messages."""
        return self.url


Place = Union[Path, Address, PortalItem]
RasterPlace = Union[Place, ImageService]


@dataclass(frozen=True)
class Portal:
    """The address of the portal whose items callers may name, and the token that opens them."""

    url: str
    token: str = field(default="", repr=False)

    def address_of(self, item: PortalItem) -> str:
        """Returns the address of an item's description."""
        return f"{self.url}{ITEM_PATH}{item.id}"


@dataclass(frozen=True)
class Gate:
    """The real folder of every store by its name, the hosts that files may be read from, and the portal of items.

    Hosts are named as host or host:port; the portal's own host serves its items only, unless it is named as well.
    The names of `private_hosts`, without ports, may lead into a private network.
    """

    stores: Mapping[str, Path]
    hosts: frozenset[str] = frozenset()
    portal: Portal | None = None
    private_hosts: frozenset[str] = frozenset()

    def place_of(self, parameter: str, value: object) -> Place:
        """Returns the real path, the address or the item of a reference in any of the document's forms.

        Raises a ReferenceRefusedError for a reference that leads elsewhere, and the errors of `read_reference`.
        """
        reference = read_reference(value)
        if reference.rules:
            keys = ", ".join(key for key, _ in reference.rules)
            raise self._refusal(parameter, reference.value, Phrase("its keys {keys} cannot be applied", {"keys": keys}))
        if reference.kind == ITEM:
            return self._item(parameter, reference.value)
        if reference.kind == SERVICE or is_address(reference.value):
            return self._address(parameter, reference)
        if reference.kind != URI:
            raise self._refusal(parameter, reference.value, Phrase("it is not an HTTP address"))
        return self.path_of(parameter, reference.value)

    def raster_place_of(self, parameter: str, value: object) -> RasterPlace:
        """Returns the place of a raster, which may also be an image service, as `place_of`.

        Raises a ReferenceKeyError for a rule that image services do not have.
        """
        reference = read_reference(value)
        if reference.kind == ITEM:
            return replace(
                self._item(parameter, reference.value), rules=with_own_names(reference.value, reference.rules)
            )
        if is_address(reference.value) and is_image_service(reference.value):
            return self.service_at(parameter, reference.value, reference.rules)
        return self.place_of(parameter, value)

    def service_at(self, parameter: str, address: str, rules: Rules) -> ImageService:
        """Returns the image service at an address, whose query may hold further rules; its token is dropped."""
        url = address.split("?")[0].rstrip("/")
        self.check_address(parameter, url)
        named = with_own_names(url, (*rules_in_address(address), *rules))
        refuse_rules(url, named, KNOWN)
        return ImageService(url, named)

    def path_of(self, parameter: str, uri: str) -> Path:
        """Returns the real path of a uri in a store, without its links; raises a ReferenceRefusedError."""
        if FORBIDDEN.search(uri) or STORE_PATH.match(uri.replace("\\", "/")) is None:
            raise self._refusal(parameter, uri, Phrase("it is not a path in a store"))
        try:
            named = resolve_store_path(uri, {name: str(folder) for name, folder in self.stores.items()})
            path = Path(named).resolve(strict=True)
        except DataStoreUnknownError as error:
            raise self._refusal(parameter, uri, Phrase("there is no such store")) from error
        except DataStorePathError as error:
            raise self._refusal(parameter, uri, Phrase("it leaves its store")) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise self._refusal(parameter, uri, Phrase("there is no such file")) from error
        if not self.holds(path):
            # The same sentence as for a missing file: it shows nothing of what lies outside.
            raise self._refusal(parameter, uri, Phrase("there is no such file"))
        return path

    def holds(self, path: Path) -> bool:
        """Returns True if a path, with all its links followed, lies in a store."""
        real = path.resolve()
        return any(real == store or store in real.parents for store in self.stores.values())

    def images_in(self, parameter: str, path: Path) -> tuple[Path, ...]:
        """Returns an image, or the images in a folder sorted by name; raises for a file that may name others."""
        if not path.is_dir():
            self.check_image(parameter, path)
            return (path,)
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in IMAGE_SUFFIXES)
        if not found:
            raise self._refusal(parameter, self.shown(str(path)), Phrase("the folder holds no image files"))
        for each in found:
            self.check_image(parameter, each)
        return tuple(found)

    def check_image(self, parameter: str, path: Path) -> None:
        """Raises for a file, or a file beside it, that is outside the stores, no plain image or names other files."""
        if not is_image(path):
            reason = Phrase("it is not a GeoTIFF, JPEG 2000, PNG or JPEG file")
            raise self._refusal(parameter, self.shown(str(path)), reason)
        for side in self.files_of(parameter, path):
            if not self.holds(side) or not _is_harmless(side):
                reason = Phrase("its side file {file} names other files", {"file": side.name})
                raise self._refusal(parameter, self.shown(str(path)), reason)

    def files_of(self, parameter: str, path: Path) -> list[Path]:
        """Returns an image and its side files."""
        try:
            return [path, *_sides_of(path)]
        except OSError:
            reason = Phrase("its folder cannot be listed")
            raise self._refusal(parameter, self.shown(str(path)), reason) from None

    def shown(self, text: str) -> str:
        """Returns a text with the names of stores instead of their folders, and without the portal's token."""
        for name, folder in sorted(self.stores.items(), key=lambda each: -len(str(each[1]))):
            text = text.replace(str(folder), f"/rasterStores/{name}")
        # A server may echo it.
        return text if self.portal is None or not self.portal.token else text.replace(self.portal.token, HIDDEN)

    def check_address(self, parameter: str, url: str) -> Address:
        """Returns an address on a named host; raises a ReferenceRefusedError for any other."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise self._refusal(parameter, url, Phrase("it is not an HTTP address")) from None
        if parts.scheme not in ("http", "https") or not host or FORBIDDEN.search(url) or " " in url or "\\" in url:
            raise self._refusal(parameter, url, Phrase("it is not an HTTP address"))
        if "@" in parts.netloc:
            raise self._refusal(parameter, url, Phrase("it has a user or a password"))
        if host_of(url) not in self.hosts:
            raise self._refusal(parameter, url, Phrase("the service reads nothing from this host"))
        return Address(url)

    def for_items(self) -> Gate:
        """Returns the gate for requests to the portal, whose host is one of its hosts."""
        return self if self.portal is None else replace(self, hosts=self.hosts | {host_of(self.portal.url)})

    @property
    def allowed(self) -> AllowedHosts:
        """The hosts as a value that travels to other processes."""
        return AllowedHosts(tuple(sorted(self.hosts)), tuple(sorted(self.private_hosts)))

    def may_be_at(self, host: str, number: str) -> bool:
        """Returns True if the name of a host may lead to this IP address; never to this machine or its link."""
        return may_be_at(host, number, self.private_hosts)

    def _item(self, parameter: str, item: str) -> PortalItem:
        if self.portal is None:
            raise self._refusal(parameter, item, Phrase("the service has no portal to read items from"))
        if not ITEM_ID.fullmatch(item):
            raise self._refusal(parameter, item, Phrase("it is not the id of an item"))
        return PortalItem(item)

    def _address(self, parameter: str, reference: Reference) -> Address | PortalItem:
        url = reference.value
        if reference.kind == SERVICE or re.search(r"/(image|feature|map)server\b", url, re.IGNORECASE):
            reason = Phrase("the service reads files, and image services as rasters; export other data to a file")
            raise self._refusal(parameter, url, reason)
        if self.portal is not None and url.startswith(items := self.portal.url + ITEM_PATH):
            return self._item(parameter, re.sub(r"(/data)?/?(\?.*)?$", "", url[len(items) :], count=1))
        return self.check_address(parameter, url)

    def _refusal(self, parameter: str, reference: str, reason: Phrase) -> ReferenceRefusedError:
        stores = ", ".join(sorted(self.stores)) or "(none)"
        return ReferenceRefusedError(parameter=parameter, reference=reference, reason=reason, stores=stores)


def state_of(path: Path) -> tuple[str, int, int, int, int]:
    """Returns what a file is: its place without links, its device and inode, its size and the time of its change.

    The time is that of the inode, which a file keeps neither when it is renamed nor when it is linked again.
    """
    try:
        found = path.stat()
        return str(path.resolve()), found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns
    except OSError:
        return "", 0, 0, 0, 0


def is_image(path: Path) -> bool:
    """Returns True if a file begins as an image of a format that names no other files."""
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(LONGEST_HEAD).startswith(IMAGES)
    except OSError:
        return False


def _sides_of(path: Path) -> list[Path]:
    """Returns the side files of an image, with those of its side files; GDAL finds them in any letter case."""
    whole, stem = path.name.casefold() + ".", path.stem.casefold()
    found = []
    for name in os.listdir(path.parent):
        lower = name.casefold()
        if (lower.startswith(whole) and lower.endswith(SIDES)) or lower in (f"{stem}.aux", f"{stem}.rrd"):
            found.append(path.with_name(name))
    return sorted(found)


def _is_harmless(path: Path) -> bool:
    if path.name.lower().endswith(TEXT_SIDE):
        try:
            if path.stat().st_size > LARGEST_SIDE:
                return False
            # GDAL resolves character references such as OVERVIEW&#95;FILE.
            return NAMING_FILES.search(html.unescape(path.read_bytes().decode("latin-1"))) is None
        except OSError:
            return False
    return is_image(path)
