# SPDX-License-Identifier: GPL-2.0-or-later
"""Walks over the fields of protobuf messages without reading what they hold.

Source of the encoding: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
# A number of 64 bits, in bytes of which each holds seven.
LONGEST_VARINT = 10
# Other readers drop the bits above, and would see another field than the one that is seen here.
LARGEST_TAG = 2**32 - 1

# The largest networks have some ten thousand nodes; a file made to keep its reader busy has no end.
MAX_FIELDS = 2_000_000

Message = tuple[str, int, int]


class BrokenError(Exception):
    """The bytes are no protobuf message."""


def messages(content: mmap.mmap, outermost: Message, inside: Mapping[str, Mapping[int, str]]) -> Iterator[Message]:
    """Yields a message (kind, first place, place after its last) and all those within it.

    `inside` says for each kind which of its fields hold messages, and of what kind. Messages wait in a list, since a
    hostile file may nest them without end; whoever gets one may walk over its fields, which have been counted.
    """
    waiting, visited = [outermost], 0
    while waiting:
        kind, start, end = waiting.pop()
        within = []
        for number, first, last in fields(content, start, end):
            visited += 1
            if visited > MAX_FIELDS:
                raise BrokenError(f"it has more than {MAX_FIELDS} parts")
            inner = inside[kind].get(number)
            if inner is not None:
                within.append((inner, first, last))
        yield kind, start, end
        waiting += within


def fields(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yields number, first and last place of a message's fields; 0 stands for those that hold no message."""
    place = start
    while place < end:
        tag, place = _varint(content, place, end)
        number, kind = tag >> 3, tag & 7
        if tag > LARGEST_TAG:
            raise BrokenError(f"it is damaged at byte {place}")
        if kind == LENGTH:
            length, place = _varint(content, place, end)
            if place + length > end:
                raise BrokenError("it ends too early")
            yield number, place, place + length
            place += length
            continue
        if kind == VARINT:
            _, place = _varint(content, place, end)
        elif kind in (FIXED32, FIXED64):
            place += 4 if kind == FIXED32 else 8
        else:
            raise BrokenError(f"it is damaged at byte {place}")
        yield 0, place, place


def whole_numbers(content: mmap.mmap, start: int, end: int, wanted: int) -> Iterator[int]:
    """Yields the whole numbers of 64 bits in a message's field of this number, packed or one by one."""
    place = start
    while place < end:
        tag, place = _varint(content, place, end)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, place = _varint(content, place, end)
            if number == wanted:
                yield _signed(value)
        elif kind == LENGTH:
            length, place = _varint(content, place, end)
            last = min(place + length, end)
            packed = place if number == wanted else last
            while packed < last:
                value, packed = _varint(content, packed, last)
                yield _signed(value)
            place = last
        else:
            place += 4 if kind == FIXED32 else 8


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def number_fields(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields number and value of those fields of a message that hold a single whole number."""
    place = start
    while place < end:
        tag, place = _varint(content, place, end)
        if tag & 7 == VARINT:
            value, place = _varint(content, place, end)
            yield tag >> 3, value
        elif tag & 7 == LENGTH:
            length, place = _varint(content, place, end)
            place += length
        else:
            place += 4 if tag & 7 == FIXED32 else 8


def _varint(content: mmap.mmap, place: int, end: int) -> tuple[int, int]:
    value = 0
    for count in range(LONGEST_VARINT):
        if place >= end:
            raise BrokenError("it ends too early")
        byte = content[place]
        value |= (byte & 0x7F) << (7 * count)
        place += 1
        if byte < 0x80:
            return value, place
    raise BrokenError(f"it is damaged at byte {place}")
