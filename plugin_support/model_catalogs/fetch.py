# SPDX-License-Identifier: GPL-2.0-or-later
"""Download of an offered model into a folder: with progress, resumed after a break, compared with its digests."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ...inference.errors import DownloadDigestError
from ...inference.new_files import write_whole
from ..http import Access, append_rest, without_query
from ..sources.references import is_address
from .offer import Offer, RemoteFile, Variant

CHUNK = 1024**2
PART = ".part"

# Receives the number of bytes that have arrived so far, of all files of the variant.
Advanced = Callable[[int], object]


def fetch_variant(offer: Offer, variant: Variant, models: Path, access: Access, advanced: Advanced) -> Path:
    """Returns the file to be chosen as the model, in a folder of the offer's key below `models`.

    Complete files are kept. A break leaves the part of a file that has a digest, and the next call downloads the rest.
    Raises AddressError, DownloadDigestError, RunCancelledError or OSError.
    """
    folder = models / offer.key
    arrived = 0
    for file in variant.files:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _is_complete(target, file):
            _fetch(file, target, access, partial(_advance, advanced, arrived))
        arrived += target.stat().st_size
        advanced(arrived)
    for name, text in variant.texts:
        write_whole(folder / name, text)
    return folder / variant.name


def _advance(advanced: Advanced, before: int, length: int) -> None:
    advanced(before + length)


def _is_complete(target: Path, file: RemoteFile) -> bool:
    """Returns True for an equal file; one without a digest is downloaded again."""
    return bool(file.sha256) and target.is_file() and _sha256(target) == file.sha256


def _fetch(file: RemoteFile, target: Path, access: Access, advanced: Advanced) -> None:
    part = target.with_name(f"{target.name}{PART}")
    kept = part.stat().st_size if file.sha256 and file.size and part.is_file() else None
    if kept is None or kept > (file.size or 0):
        part.unlink(missing_ok=True)
    if kept is not None and kept == file.size:
        advanced(kept)
    elif is_address(file.address):
        append_rest(file.address, part, access, lambda _: advanced(part.stat().st_size))
    else:
        shutil.copyfile(file.address, part)
    found, length = _sha256(part), part.stat().st_size
    if file.sha256 and found != file.sha256 or file.size not in (None, length):
        part.unlink()
        expected = file.sha256 or f"{file.size} B"
        raise DownloadDigestError(
            address=without_query(file.address), found=found if file.sha256 else f"{length} B", expected=expected
        )
    part.replace(target)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
