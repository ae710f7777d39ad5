# SPDX-License-Identifier: GPL-2.0-or-later
"""Resolution of values for rasters and models: file, store, address or portal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Union

from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.errors import PortalItemError, ReferenceFormError
from ...inference.models import is_mlm_item
from ...inference.phrase import Phrase
from ...inference.raster import GdalInput, RasterSource
from ..http import Access, without_query
from .data_stores import data_stores, resolve_store_path
from .downloads import (
    Copy,
    copy_of_item,
    fetch_file,
    fetch_model,
    over_gdal,
    over_http,
    weights_of_item,
    with_local_weights,
)
from .feature_layer import FeatureLayer, is_feature_layer
from .image_service import ImageService, ImageServiceSource
from .portal import PortalItem, item_of_address, portal_in_settings, read_item
from .references import (
    ITEM,
    SERVICE,
    URI,
    URL,
    Reference,
    is_address,
    is_model_definition,
    parse_json_object,
    read_reference,
)
from .service_rules import Rules, is_image_service, refuse_rules, rules_in_address, with_own_names
from .sign_in import gdal_input, split_sign_in

RasterPlace = Union[GdalInput, ImageService]
Place = Union[RasterPlace, FeatureLayer]


def resolve_raster(value: object, cache: Path) -> GdalInput | RasterSource:
    """Returns the raster of a path, a GDAL name, an address or a JSON reference."""
    return open_place(raster_place(read_reference(value), cache))


def open_place(place: RasterPlace) -> GdalInput | RasterSource:
    """Returns the GDAL input, or the opened service."""
    return ImageServiceSource(place) if isinstance(place, ImageService) else place


def resolve_model(value: object, cache: Path) -> object:
    """Returns the local path of a model, or its definition."""
    content = parse_json_object(value)
    if isinstance(content, Mapping) and is_mlm_item(content):
        is_elsewhere = is_address(weights_of_item(content))
        return copy_of_item(content, cache, _over_access) if is_elsewhere else content
    if isinstance(content, Mapping) and is_model_definition(content):
        return _with_weights(content, cache)
    if isinstance(content, Path) or not content:
        return content
    return with_local_weights(_model_place(read_reference(content), cache), cache, _over_access)


def raster_place(reference: Reference, cache: Path) -> RasterPlace:
    """Returns the GDAL input or image service of a raster; files of a portal are downloaded."""
    place = place_of(reference, cache)
    if isinstance(place, FeatureLayer):
        raise ReferenceFormError(reference=without_query(place.url), reason=Phrase("a feature service has no pixels"))
    return place


def place_of(reference: Reference, cache: Path) -> Place:
    """Returns the place of a raster or, for masks, of a feature layer."""
    if reference.kind == ITEM:
        return _place_of_item(read_item(reference.value, portal_in_settings()), reference, cache)
    address, authcfg = split_sign_in(reference.value)
    if reference.kind == URI and not is_address(reference.value):
        refuse_rules(address, reference.rules)
        return gdal_input(resolve_store_path(address, data_stores()), authcfg)
    known = item_of_address(reference.value, portal_in_settings())
    if known is not None:
        return _place_of_item(read_item(*known), reference, cache)
    access = _access(reference)
    access = replace(access, authcfg=authcfg or access.authcfg)
    if is_feature_layer(address):
        return FeatureLayer(*_service_parts(address, access, reference.rules))
    if reference.kind == SERVICE or is_image_service(address):
        return image_service_at(address, access, reference.rules)
    refuse_rules(address, reference.rules)
    return gdal_input("/vsicurl/" + address, access.authcfg, without_query(address))


def image_service_at(address: str, access: Access, rules: Rules = ()) -> ImageService:
    """Returns the image service at an address, whose query may hold further rules and a token."""
    url, signed_in, found = _service_parts(address, access, rules)
    return ImageService(url, signed_in, with_own_names(address, found))


def _service_parts(address: str, access: Access, rules: Rules) -> tuple[str, Access, Rules]:
    token = access.token or QUrlQuery(QUrl(address)).queryItemValue("token")
    return address.split("?")[0].rstrip("/"), replace(access, token=token), (*rules_in_address(address), *rules)


def _place_of_item(item: PortalItem, reference: Reference, cache: Path) -> Place:
    access = item.portal.access_for(item.url)
    if is_image_service(item.url):
        return image_service_at(item.url, access, reference.rules)
    if is_feature_layer(item.url):
        return FeatureLayer(*_service_parts(item.url, access, reference.rules))
    if item.url:
        raise PortalItemError(
            item=item.id, reason=Phrase("it is a {kind}, not an image service or a file", {"kind": item.kind})
        )
    refuse_rules(item.id, reference.rules)
    copied = fetch_file(item.data_url, cache, over_http(item.portal.access), item.name, item.version)
    return GdalInput(str(copied))


def _model_place(reference: Reference, cache: Path) -> str:
    if reference.kind == ITEM:
        return _model_of_item(read_item(reference.value, portal_in_settings()), cache)
    if not is_address(reference.value):
        return _model_path(resolve_store_path(reference.value, data_stores()), cache)
    known = item_of_address(reference.value, portal_in_settings())
    if known is not None:
        return _model_of_item(read_item(*known), cache)
    return str(fetch_model(reference.value, cache, over_http(_access(reference))))


def _with_weights(definition: Mapping[str, Any], cache: Path) -> Mapping[str, Any]:
    """Returns a definition with a local network file, downloaded from a store or address if necessary."""
    named = definition.get("ModelFile")
    if not isinstance(named, str) or not named:
        return definition
    if is_address(named):
        place = str(fetch_file(named, cache, _over_access(named)))
    else:
        place = resolve_store_path(named, data_stores())
        place = str(fetch_file(place, cache, over_gdal)) if place.startswith("/vsi") else place
    return {**definition, "ModelFile": place}


def _model_of_item(item: PortalItem, cache: Path) -> str:
    name = item.name or f"{item.id}.dlpk"
    return str(fetch_model(item.data_url, cache, over_http(item.portal.access), name, item.version))


def _model_path(path: str, cache: Path) -> str:
    """Returns a local path; backslashes, as in the document's examples, separate folders on all systems."""
    if path.startswith("/vsi"):
        return str(fetch_model(path, cache, over_gdal))
    return path if os.path.exists(path) else path.replace("\\", "/")


def _over_access(address: str) -> Copy:
    """Returns a function that copies a file from an address, with the sign-in of the portal on its host."""
    return over_http(_access(Reference(URL, address)))


def _access(reference: Reference) -> Access:
    """Returns the sign-in of the portal on its host, or the token of the reference."""
    portal = portal_in_settings()
    known = portal.access_for(reference.value) if portal else Access()
    # Esri's clients may append the token to the address.
    token = reference.token or QUrlQuery(QUrl(reference.value)).queryItemValue("token")
    return Access(known.authcfg, token or known.token)
