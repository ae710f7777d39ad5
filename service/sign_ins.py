# SPDX-License-Identifier: GPL-2.0-or-later
"""The owners of tokens, and a limit for those who guess them."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from typing import Callable

from .errors import TokenInvalidError, TokensExceededError
from .settings import Settings, hash_of

LOG = logging.getLogger("classify_pixels.service")

# Maximum number of different wrong tokens of an address, and the period in seconds.
MOST_WRONG, SECONDS = 20, 60.0
# Addresses in memory; further ones replace the oldest.
MOST_ADDRESSES = 10_000
# Characters of one that a proxy gives in a form of its own.
LONGEST_ADDRESS = 64


class SignIns:
    """Finds the owner of a token; thread-safe.

    Once an address has sent `MOST_WRONG` different wrong tokens, its further tokens are not compared until a minute
    has passed since the first. Those that it has used before still are: other users may share the address, and a client
    with an old token guesses nothing. `wrong` and `exceeded` count the refusals of both kinds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.wrong = self.exceeded = 0
        self._settings, self._clock, self._lock = settings, clock, threading.Lock()
        # The begin of the minute and the hashes of wrong tokens by address; addresses and hashes of right tokens.
        self._wrong: dict[str, tuple[float, set[str]]] = {}
        self._right: dict[tuple[str, str], None] = {}

    def owner_of(self, token: str, address: str) -> str:
        """Returns the owner; raises a TokenMissingError, a TokenInvalidError or a TokensExceededError."""
        if not token or not self._settings.owners:
            return self._settings.owner_of(token)
        place, key, now = _network_of(address), hash_of(token), self._clock()
        with self._lock:
            begun, wrong = self._wrong.get(place, (now, set()))
            if now - begun >= SECONDS:
                begun, wrong = now, set()
            if len(wrong) >= MOST_WRONG and key not in wrong and (place, key) not in self._right:
                self.exceeded += 1
                raise TokensExceededError
            try:
                owner = self._settings.owner_of(token)
            except TokenInvalidError:
                self.wrong += 1
                if key not in wrong:
                    wrong.add(key)
                    LOG.warning("Wrong token %s of %s in a minute from %s", len(wrong), MOST_WRONG, place)
                _keep(self._wrong, place, (begun, wrong))
                raise
            _keep(self._right, (place, key), None)
            return owner


def _keep(known: dict, key: object, value: object) -> None:  # type: ignore[type-arg]
    """Sets a value as the newest, and drops the oldest of too many."""
    known.pop(key, None)
    known[key] = value
    if len(known) > MOST_ADDRESSES:
        del known[next(iter(known))]


def _network_of(address: str) -> str:
    """Returns an address, and of version 6 the network, in which a client has any number of addresses."""
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address[:LONGEST_ADDRESS]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
