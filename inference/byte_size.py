# SPDX-License-Identifier: GPL-2.0-or-later
"""Human-readable numbers of bytes."""

from __future__ import annotations

UNITS = ("MB", "GB", "TB", "PB", "EB")


def described_bytes(count: float) -> str:
    """Returns a number of bytes in the unit with the fewest digits, at least in megabytes."""
    size = count / 1e6
    for unit in UNITS[:-1]:
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} {UNITS[-1]}"
