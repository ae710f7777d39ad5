# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a network takes as many bands as its definition names."""

from __future__ import annotations

from pathlib import Path

from ..errors import NetworkMismatchError
from ..phrase import Phrase


def check_band_count(weights: Path, bands: int | None, named: int | None) -> None:
    """Raises a NetworkMismatchError where the network's bands are not those of the definition; None is any number."""
    if None not in (bands, named) and bands != named:
        reason = Phrase("it takes {bands} bands, the definition names {named}", {"bands": bands, "named": named})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
