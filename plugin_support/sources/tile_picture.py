# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of servers as arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, Qt, QUrl
from qgis.PyQt.QtGui import QImage, QImageReader

from ...inference.errors import AddressError
from ...inference.phrase import Phrase
from ...inference.raster.web import Picture, PictureError
from ...inference.raster.web.tiles import MOST
from ..http import TIMEOUT, AbsentError, Access, get_bytes, without_query
from .layer_pixels import split_words
from .service_refusal import refusal

# Pixel formats only: an SVG could refer to other files.
FORMATS = frozenset(("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"))
# Cells along an edge: a small file may declare an image that fills the memory.
LARGEST = 4096
SMOOTH, NEAREST = Qt.TransformationMode.SmoothTransformation, Qt.TransformationMode.FastTransformation
JPEG, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def fetch_picture(address: str, size: tuple[int, int], access: Access, timeout: float = TIMEOUT) -> Picture:
    """Returns the image of an address; raises an AddressError for anything but an image of this width and height."""
    return _picture(address, get_bytes(address, {}, access, timeout, MOST), size, None)


def fetch_tile_picture(
    address: str, size: tuple[int, int], access: Access, timeout: float = TIMEOUT, smooth: bool = True
) -> Picture | None:
    """Returns the image of an address, resampled to this width and height if necessary, None if missing or empty.

    Raises an AddressError for any other failure.
    """
    try:
        content = _local(address) if is_local(address) else get_bytes(address, {}, access, timeout, MOST)
    except AbsentError:
        return None
    return _picture(address, content, size, SMOOTH if smooth else NEAREST) if content else None


def is_local(address: str) -> bool:
    """Returns True for the address of a file."""
    return address.startswith("file://")


def _local(address: str) -> bytes:
    path = Path(QUrl(address).toLocalFile())
    try:
        with path.open("rb") as file:
            return file.read(MOST)
    except FileNotFoundError as error:
        # A folder may lack tiles, columns and levels, but must be there itself.
        kind = AbsentError if path.parents[min(2, len(path.parents) - 1)].is_dir() else AddressError
        raise kind(address=without_query(address), reason=error.strerror) from error
    except (OSError, ValueError) as error:
        raise AddressError(address=without_query(address), reason=str(error)) from error


def _picture(address: str, content: bytes, size: tuple[int, int], resampling: Qt.TransformationMode | None) -> Picture:
    try:
        return read_picture(content, size, resampling)
    except PictureError as error:
        raise AddressError(address=without_query(address), reason=refusal(content) or error.reason) from error


def read_picture(content: bytes, size: tuple[int, int], resampling: Qt.TransformationMode | None = SMOOTH) -> Picture:
    """Returns the decoded image, resampled to this width and height if necessary; None allows no other size.

    Raises a PictureError for anything but a complete image.
    """
    image = _decoded(content)
    if (image.width(), image.height()) != size:
        if resampling is None:
            sizes = {"width": image.width(), "height": image.height(), "size": f"{size[0]} x {size[1]}"}
            raise PictureError(Phrase("its image has {width} x {height} pixels instead of {size}", sizes))
        image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied).scaled(
            *size, Qt.AspectRatioMode.IgnoreAspectRatio, resampling
        )
    # Rows of four bytes a pixel have no padding.
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    words = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint32)
    colours, alpha = split_words(words.reshape(image.height(), image.width()))
    return Picture(colours, alpha > 0)


def _decoded(content: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    # The declared type may be wrong.
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format()).decode().lower() not in FORMATS:
        raise PictureError(Phrase("its response is not an image"))
    claimed = reader.size()
    if claimed.isEmpty():
        raise PictureError(Phrase("its response is an image without a size"))
    if max(claimed.width(), claimed.height()) > LARGEST:
        size = {"width": claimed.width(), "height": claimed.height()}
        raise PictureError(Phrase("its image of {width} x {height} pixels is too large", size))
    image = reader.read()
    # Qt fills the missing part of a JPEG with grey.
    if image.isNull() or (content.startswith(JPEG) and JPEG_END not in content):
        raise PictureError(Phrase("its response is a damaged image"))
    return image
