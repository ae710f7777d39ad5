# SPDX-License-Identifier: GPL-2.0-or-later
"""Selection and order of a STAC item's raster assets."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from ...errors import CollectionError
from ...phrase import Phrase
from .band_stack import Layer

RASTER_TYPES = (
    "image/tiff", "image/vnd.stac.geotiff", "image/x.geotiff", "application/x-geotiff", "image/jp2", "image/jpx",
)  # fmt: skip
NO_RASTER_TYPES = ("text/", "application/json", "application/geo+json", "application/xml")
PICTURES = {"thumbnail", "overview", "metadata"}
REMOTE = "/vsicurl/"
CLOUDS = {"s3://": "/vsis3/", "gs://": "/vsigs/", "az://": "/vsiaz/", "file://": ""}

Json = Mapping[str, Any]


def layers_of(item: Json, title: str, name: str) -> list[Layer]:
    """Returns the one raster of an item, or its single bands in their order."""
    assets = _raster_assets(item["assets"])
    if not assets:
        reason = Phrase("the item {title} has no raster among its assets", {"title": title})
        raise CollectionError(collection=name, reason=reason)
    described = {key: asset for key, asset in assets.items() if _bands(asset)}
    if len(described) > 1:
        single = {key: asset for key, asset in described.items() if len(_bands(asset)) == 1}
        if not single:
            named = {"title": title, "names": ", ".join(described)}
            reason = Phrase("the item {title} has several rasters: {names}", named)
            raise CollectionError(collection=name, reason=reason)
        assets = single
    elif described:
        assets = described
    layers = {key: _layer(key, asset, name) for key, asset in assets.items()}
    return _ordered(list(layers.values()), _bands(item.get("properties") or {}))


def _raster_assets(assets: Any) -> dict[str, Json]:
    """Returns the assets with the role data; if there are none, those of a raster media type."""
    if not isinstance(assets, Mapping):
        return {}
    known = {key: asset for key, asset in assets.items() if isinstance(asset, Mapping) and asset.get("href")}
    rasters = {key: asset for key, asset in known.items() if not PICTURES & _roles(asset)}
    data = {key: asset for key, asset in rasters.items() if "data" in _roles(asset) and _may_be_raster(asset)}
    return data or {key: asset for key, asset in rasters.items() if _media_type(asset) in RASTER_TYPES}


def _roles(asset: Json) -> set[str]:
    roles = asset.get("roles")
    return {str(role) for role in roles} if isinstance(roles, list) else set()


def _media_type(asset: Json) -> str:
    return str(asset.get("type") or "").split(";")[0].strip().lower()


def _may_be_raster(asset: Json) -> bool:
    return not _media_type(asset).startswith(NO_RASTER_TYPES)


def _bands(owner: Json) -> Sequence[Json]:
    bands = owner.get("eo:bands") or owner.get("bands") or ()
    return [band for band in bands if isinstance(band, Mapping)] if isinstance(bands, list) else []


def _layer(key: str, asset: Json, name: str) -> Layer:
    band: Json = next(iter(_bands(asset)), {})
    wavelength = band.get("center_wavelength", band.get("eo:center_wavelength"))
    number = float(wavelength) if isinstance(wavelength, (int, float)) else None
    return Layer(gdal_location(str(asset["href"]), os.path.dirname(name)), str(band.get("name") or key), number)


def _ordered(layers: Sequence[Layer], bands: Sequence[Json]) -> list[Layer]:
    """Returns a layer per band, in the order of the item's bands if listed, otherwise of its assets."""
    by_name: dict[str, Layer] = {}
    for layer in layers:
        by_name.setdefault(layer.name, layer)
    listed = [by_name[str(band.get("name"))] for band in bands if str(band.get("name")) in by_name]
    return listed or list(by_name.values())


def gdal_location(href: str, folder: str) -> str:
    """Returns GDAL's name of a link, which may be relative to the folder of its file."""
    if href.startswith(("http://", "https://")):
        return REMOTE + href
    for prefix, place in CLOUDS.items():
        if href.startswith(prefix):
            return place + href[len(prefix) :]
    if href.startswith("/vsi") or os.path.isabs(href) or not folder:
        return href
    address = folder[len(REMOTE) :] if folder.startswith(REMOTE) else folder
    if address.startswith(("http://", "https://")):
        return REMOTE + urljoin(address + "/", href)
    return os.path.normpath(os.path.join(folder, href))
