# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by the generators of hostile models: a case writes files into an empty folder and names the model."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Make = Callable[[Path], Path]
Cases = dict[str, Make]


def files(model: str, contents: Mapping[str, bytes]) -> Make:
    """Returns a case that writes these files, of which one is the model."""

    def make(folder: Path) -> Path:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder / model

    return make


def flipped(content: bytes, seed: int, most: int = 8) -> bytes:
    """Returns the bytes with a few of them changed, reproducibly for a seed."""
    chance, damaged = random.Random(seed), bytearray(content)
    for _ in range(chance.randint(1, most)):
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(damaged)


def rearranged(content: bytes, seed: int) -> bytes:
    """Returns the bytes with one piece cut out, doubled, or moved to another place."""
    chance = random.Random(seed)
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, max(1, len(content) // 4))]
    rest = content[:start] + content[start + len(piece) :]
    place = chance.randrange(len(rest) + 1)
    return chance.choice((rest, content[:start] + piece + content[start:], rest[:place] + piece + rest[place:]))


def damaged(content: bytes, flips: int, cuts: int, moves: int) -> Iterator[tuple[str, bytes]]:
    """Yields damaged copies, the given number of each kind, with a word for each."""
    for seed in range(flips):
        yield f"flipped bytes {seed}", flipped(content, seed)
    for number in range(cuts):
        yield f"cut off {number}", content[: len(content) * number // cuts]
    for seed in range(moves):
        yield f"moved bytes {seed}", rearranged(content, seed)
