# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON objects whose keys have one value each."""

from __future__ import annotations

from typing import Any


class TwoValuesError(ValueError):
    """An object has a key with two different values."""

    def __init__(self, key: str, value: Any) -> None:
        super().__init__(f"{key} has two values")
        self.key, self.value = key, value


def object_of_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Returns the object of these pairs; raises a TwoValuesError if a key has two different values."""
    found = dict(reversed(pairs))
    for key, value in pairs:
        if value is not found[key] and value != found[key]:
            raise TwoValuesError(key, value)
    return dict(pairs)
