# SPDX-License-Identifier: GPL-2.0-or-later
"""The Dask scheduler of a run, and the place of its strips."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import SchedulerAddressError, SchedulerInsecureError
from ..phrase import Phrase
from ..raster.write.object_store import is_object_store
from ..run.resume import strips_folder

INSECURE = "CLASSIFY_PIXELS_SCHEDULER_INSECURE"
PROTOCOLS = ("tcp", "tls")


@dataclass(frozen=True)
class ClusterSettings:
    """A Dask scheduler, by its address or its file, and the place of strips, empty for that beside the output."""

    scheduler: str
    strips: str = ""

    def place_of(self, output: Path) -> Path:
        """Returns the place for the strips of an output: no two outputs share one."""
        if not self.strips:
            return strips_folder(output.absolute())
        digest = hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:16]
        # Workers run in other folders.
        strips = Path(self.strips) if is_object_store(self.strips) else Path(self.strips).absolute()
        return strips / f"{output.stem}-{digest}"


def scheduler_address(scheduler: str) -> str:
    """Returns the address in a text or a scheduler file; raises a SchedulerAddressError or a SchedulerInsecureError."""
    address = scheduler.strip()
    if not address.startswith(tuple(f"{protocol}://" for protocol in PROTOCOLS)):
        address = _address_in(address) if "://" not in address else address
    parts = urlsplit(address)
    try:
        known = parts.scheme in PROTOCOLS and parts.hostname and parts.port
    except ValueError:
        known = False
    if not known:
        raise SchedulerAddressError(scheduler=scheduler, reason=Phrase("it is no address with tcp:// or tls://"))
    trusted = parts.scheme == "tls" or _is_loopback(parts.hostname or "") or os.environ.get(INSECURE) == "1"
    if not trusted:
        raise SchedulerInsecureError(scheduler=address)
    return address


def _address_in(file: str) -> str:
    """Returns the address in a file that a scheduler has written."""
    try:
        return str(json.loads(Path(file).read_text(encoding="utf-8"))["address"])
    except OSError as error:
        raise SchedulerAddressError(scheduler=file, reason=error.strerror or error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SchedulerAddressError(scheduler=file, reason=Phrase("the file holds no address")) from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
