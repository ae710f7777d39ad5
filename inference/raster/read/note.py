# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user should know of how a raster was made."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Note:
    """A sentence for the log, untranslated, and the values for its braces."""

    text: str
    values: dict[str, object] = field(default_factory=dict)
