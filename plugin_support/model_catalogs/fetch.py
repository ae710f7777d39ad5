# SPDX-License-Identifier: GPL-2.0-or-later
"""Download of an offered model into a folder: with progress, resumed after a break, compared with its digests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ...inference.errors import AddressError, DownloadDigestError, RunCancelledError
from ...inference.new_files import write_whole
from ...inference.phrase import Phrase
from ...inference.sha256 import file_sha256
from ..http import Access, TooLongError, append_rest, current_cancellation, without_query
from ..sources.references import is_address
from .offer import Offer, RemoteFile, Variant

CHUNK = 1024**2
PART = ".part"

# Receives the number of bytes that have arrived so far, of all files of the variant.
Advanced = Callable[[int], object]

# Returns the sign-in for an address.
AccessTo = Callable[[str], Access]


def fetch_variant(offer: Offer, variant: Variant, models: Path, access_to: AccessTo, advanced: Advanced) -> Path:
    """Returns the file to be chosen as the model, in a folder of the offer's key below `models`.

    Complete files are kept. New files get their names together, after the last one has arrived: weights without their
    description would be another model. A break leaves the part of a file that has a digest, and the next call downloads
    the rest. Raises AddressError, DownloadDigestError, RunCancelledError or OSError.
    """
    folder = models / offer.key
    arrived, new = 0, []
    for file in variant.files:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if _is_complete(target, file):
            arrived += target.stat().st_size
        else:
            part = target.with_name(f"{target.name}{PART}")
            _fetch(file, part, access_to(file.address), partial(_advance, advanced, arrived))
            arrived += part.stat().st_size
            new.append((part, target))
        advanced(arrived)
    for name, text in variant.texts:
        write_whole(folder / name, text)
    for part, target in reversed(new):
        part.replace(target)
    return folder / variant.name


def _advance(advanced: Advanced, before: int, length: int) -> None:
    advanced(before + length)


def _is_complete(target: Path, file: RemoteFile) -> bool:
    """Returns True for an equal file; one without a digest is downloaded again."""
    return bool(file.sha256) and target.is_file() and file_sha256(target) == file.sha256


def _fetch(file: RemoteFile, part: Path, access: Access, advanced: Advanced) -> None:
    kept = part.stat().st_size if file.sha256 and file.size and part.is_file() else None
    if kept is None or kept > (file.size or 0):
        part.unlink(missing_ok=True)
    try:
        if kept is not None and kept == file.size:
            advanced(kept)
        elif is_address(file.address):
            append_rest(file.address, part, access, lambda _: advanced(part.stat().st_size), file.size)
        else:
            _copy(Path(file.address), part, advanced)
    except TooLongError as error:
        part.unlink()
        raise _another(file, f"> {file.size} B", f"{file.size} B") from error
    found, length = file_sha256(part), part.stat().st_size
    if file.sha256 and found != file.sha256:
        part.unlink()
        raise _another(file, found, file.sha256)
    if file.size not in (None, length):
        part.unlink()
        raise _another(file, f"{length} B", f"{file.size} B")


def _another(file: RemoteFile, found: str, expected: str) -> DownloadDigestError:
    return DownloadDigestError(address=without_query(file.address), found=found, expected=expected)


def _copy(source: Path, part: Path, advanced: Advanced) -> None:
    """Copies a file until Cancel; a device would have no end."""
    if source.exists() and not source.is_file():
        raise AddressError(address=source, reason=Phrase("it is not a file"))
    is_cancelled = current_cancellation()
    with source.open("rb") as file, part.open("wb") as target:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            if is_cancelled():
                raise RunCancelledError
            target.write(chunk)
            advanced(target.tell())
