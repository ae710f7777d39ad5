# SPDX-License-Identifier: GPL-2.0-or-later
"""Items of an ArcGIS portal, configured in the settings."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QUrl

from ...inference.errors import PortalItemError, PortalMissingError
from ...inference.phrase import Phrase
from ..http import Access, get_json

URL_SETTING = "classify_pixels/portal/url"
AUTHCFG_SETTING = "classify_pixels/portal/authcfg"
VARIABLE = "CLASSIFY_PIXELS_PORTAL"
AUTHCFG_VARIABLE = "CLASSIFY_PIXELS_PORTAL_AUTHCFG"
TOKEN_VARIABLE = "CLASSIFY_PIXELS_PORTAL_TOKEN"  # nosec B105

ITEM_PATH = "/sharing/rest/content/items/"
ITEM_ADDRESS = re.compile(r"^(https?://.+?)" + ITEM_PATH + r"([^/?#]+)", re.IGNORECASE)
ITEM_ID = re.compile(r"^[0-9A-Za-z_-]+$")


@dataclass(frozen=True)
class Portal:
    """The address of a portal and the sign-in."""

    url: str
    access: Access = Access()

    def access_for(self, address: str) -> Access:
        """Returns the sign-in for an address: that of the portal on the same host, otherwise none."""
        there, here = QUrl(address), QUrl(self.url)
        same = there.host() == here.host() and there.scheme() in (here.scheme(), "https")
        return self.access if same else Access()


@dataclass(frozen=True)
class PortalItem:
    """An item: the address of its service, if any, and the name of its file; `version` changes with its content."""

    id: str
    portal: Portal
    kind: str
    url: str
    name: str
    version: str

    @property
    def data_url(self) -> str:
        """The address of the item's file."""
        return _item_url(self.portal, self.id) + "/data"


def portal_in_settings() -> Portal | None:
    """Returns the portal of the settings; environment variables take precedence."""
    settings = QgsSettings()
    url = os.environ.get(VARIABLE) or str(settings.value(URL_SETTING) or "")
    authcfg = os.environ.get(AUTHCFG_VARIABLE) or str(settings.value(AUTHCFG_SETTING) or "")
    access = Access(authcfg, os.environ.get(TOKEN_VARIABLE, ""))
    return Portal(url.rstrip("/"), access) if url else None


def read_item(item: str, portal: Portal | None) -> PortalItem:
    """Returns the description of an item by a portal."""
    if portal is None:
        raise PortalMissingError(item=item, variable=VARIABLE)
    if not ITEM_ID.match(item):
        raise PortalItemError(item=item, reason=Phrase("its id has characters other than letters, digits, - and _"))
    document = get_json(_item_url(portal, item), {"f": "json"}, portal.access)
    if not document.get("type"):
        raise PortalItemError(item=item, reason=Phrase("{portal} declares no type for it", {"portal": portal.url}))
    return PortalItem(
        item,
        portal,
        str(document["type"]),
        str(document.get("url") or ""),
        str(document.get("name") or ""),
        str(document.get("modified") or ""),
    )


def item_of_address(address: str, known: Portal | None) -> tuple[str, Portal] | None:
    """Returns the item and the portal of an item's address, None for any other address."""
    match = ITEM_ADDRESS.match(address)
    if match is None:
        return None
    url, item = match.groups()
    return item, Portal(url, known.access_for(url) if known else Access())


def _item_url(portal: Portal, item: str) -> str:
    return portal.url + ITEM_PATH + item
