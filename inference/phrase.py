# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts of ours that are put together: parts of an error's sentence, or of the description of a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """A text of ours, still to be translated, and the values that fill its braces."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)
