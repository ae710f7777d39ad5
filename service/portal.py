# SPDX-License-Identifier: GPL-2.0-or-later
"""The service as a portal, as far as `arcgis.learn.classify_pixels` needs one: the user, and items for results.

The portal of `gate.py` is another one: a server whose items the service reads.

https://developers.arcgis.com/rest/users-groups-and-items/ . The client creates an item before it submits a job, names
it in the output of the job, and expects it in the result. The address of an item is the image service of the newest
job that named it and succeeded. Nothing is searched, shared or uploaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from ..inference.phrase import Phrase
from ..plugin_support.sources.references import parse_json_object
from . import gpserver
from .errors import ParameterMissingError, ParameterRefusedError
from .items import Item, ItemStore
from .submission import NAME, output_name
from .web import Call, as_json

ROOT = "/portal"
BASE = f"{ROOT}/sharing/rest"
USERS = f"{BASE}/content/users/<user>"
ITEM = f"{USERS}/items/<item_id>"
IMAGE_SERVICE = "Image Service"
VERSION = "10.9.1"

# Texts of an item that its owner may set, and their longest length.
TEXTS = ("title", "snippet", "description", "tags", "properties")
LONGEST_TEXT = 4096


def sharing(call: Call) -> Response:
    """Returns the version."""
    return as_json({"currentVersion": VERSION})


def sharing_info(call: Call) -> Response:
    """Describes the sign-in; a client has its token of the service already."""
    return as_json({"owningSystemUrl": call.url(ROOT), "authInfo": {"isTokenBasedSecurity": True}})


def portal_self(call: Call) -> Response:
    """Describes the portal to its user, with the address of the operation."""
    document = {
        "id": "classify-pixels",
        "name": "Classify Pixels",
        "portalName": "Classify Pixels",
        "isPortal": True,
        "currentVersion": VERSION,
        "portalHostname": urlsplit(call.settings.address).netloc,
        "user": _user(call),
        "helperServices": {"rasterAnalytics": {"url": call.url(gpserver.BASE)}},
    }
    return as_json(document)


def community_user(call: Call, user: str) -> Response:
    """Describes the user of the token, the only one there is for them."""
    _check_user(call, user)
    return as_json(_user(call))


def is_name_available(call: Call) -> Response:
    """Returns whether a result may have a name; results of different jobs may share it."""
    return as_json({"available": NAME.fullmatch(call.values.get("name", "")) is not None})


def create_service(call: Call, user: str) -> Response:
    """Adds an item for a result."""
    _check_user(call, user)
    if call.values.get("outputType", "imageService") != "imageService":
        raise ParameterRefusedError(parameter="outputType", reason=Phrase("a result is an image service"))
    given = parse_json_object(call.values.get("createParameters", ""))
    name = given.get("name") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or not name:
        raise ParameterMissingError(parameter="createParameters")
    item = ItemStore(call.settings.jobs).add(call.owner, output_name(name))
    address = _address(call, item)
    document = {
        "encodedServiceURL": address,
        "itemId": item.id,
        "name": item.name,
        "serviceItemId": item.id,
        "serviceurl": address,
        "size": -1,
        "success": True,
        "type": IMAGE_SERVICE,
        "isView": False,
    }
    return as_json(document)


def item_description(call: Call, item_id: str) -> Response:
    """Describes an item of the user."""
    return as_json(_document(call, ItemStore(call.settings.jobs).read(item_id, call.owner)))


def user_item(call: Call, user: str, item_id: str) -> Response:
    """Describes an item of the user, with its sharing: none."""
    _check_user(call, user)
    item = ItemStore(call.settings.jobs).read(item_id, call.owner)
    return as_json({"item": _document(call, item), "sharing": {"access": "private", "groups": []}})


def item_data(call: Call, item_id: str) -> Response:
    """Returns the data of an item, which has none beyond its image service."""
    ItemStore(call.settings.jobs).read(item_id, call.owner)
    return as_json({})


def update_item(call: Call, user: str, item_id: str) -> Response:
    """Replaces texts of an item."""
    _check_user(call, user)
    texts = {name: text for name, text in call.values.items() if name in TEXTS}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            reason = Phrase("it is longer than {most} characters", {"most": LONGEST_TEXT})
            raise ParameterRefusedError(parameter=name, reason=reason)
    ItemStore(call.settings.jobs).update(item_id, call.owner, texts)
    return as_json({"success": True, "id": item_id})


def delete_item(call: Call, user: str, item_id: str) -> Response:
    """Removes an item; its result stays until it expires."""
    _check_user(call, user)
    ItemStore(call.settings.jobs).remove(item_id, call.owner)
    return as_json({"success": True, "itemId": item_id})


def _check_user(call: Call, user: str) -> None:
    if user != call.owner:
        raise ParameterRefusedError(parameter="user", reason=Phrase("it is not the user of the token"))


def _user(call: Call) -> dict[str, Any]:
    return {"username": call.owner, "fullName": call.owner, "role": "org_publisher", "privileges": []}


def _address(call: Call, item: Item) -> str:
    """Returns the image service of an item's result; before there is one, an address that has none yet."""
    job = ItemStore(call.settings.jobs).job_of(item.id, call.owner)
    return call.url(f"/arcgis/rest/services/results/{job or item.id}/ImageServer")


def _document(call: Call, item: Item) -> dict[str, Any]:
    texts, at = item.texts, int(item.created * 1000)
    return {
        "id": item.id,
        "owner": call.owner,
        "created": at,
        "modified": at,
        "name": item.name,
        "title": texts.get("title") or item.name,
        "type": IMAGE_SERVICE,
        "typeKeywords": ["ArcGIS Server", "Data", "Image Service", "Service"],
        "snippet": texts.get("snippet"),
        "description": texts.get("description"),
        "tags": [tag.strip() for tag in texts.get("tags", "").split(",") if tag.strip()],
        "properties": _object(texts.get("properties", "")),
        "url": _address(call, item),
        "access": "private",
    }


def _object(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


BOTH = ("GET", "POST")
ROUTES = (
    (BASE, BOTH, sharing),
    (f"{BASE}/info", BOTH, sharing_info),
    (f"{BASE}/portals/self", BOTH, portal_self),
    (f"{BASE}/portals/self/isServiceNameAvailable", BOTH, is_name_available),
    (f"{BASE}/community/users/<user>", BOTH, community_user),
    (f"{USERS}/createService", BOTH, create_service),
    (ITEM, BOTH, user_item),
    (f"{ITEM}/update", BOTH, update_item),
    (f"{ITEM}/delete", BOTH, delete_item),
    (f"{BASE}/content/items/<item_id>", BOTH, item_description),
    (f"{BASE}/content/items/<item_id>/data", BOTH, item_data),
)
# Routes that change something, and the one that needs no token.
CHANGING = (create_service, update_item, delete_item)
OPEN = ("sharing_info",)
