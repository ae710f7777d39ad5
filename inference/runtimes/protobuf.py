# SPDX-License-Identifier: GPL-2.0-or-later
"""Walks over the fields of protobuf messages without reading their content.

Source of the encoding: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
# A number of 64 bits, in bytes of seven bits each.
LONGEST_VARINT = 10
# Other readers drop higher bits, and would see a different field.
LARGEST_TAG = 2**32 - 1

# The largest networks have some ten thousand nodes; a malicious file could be endless.
MAX_FIELDS = 2_000_000

Message = tuple[str, int, int]


class BrokenError(Exception):
    """The bytes are not a protobuf message."""


def messages(content: mmap.mmap, outermost: Message, inside: Mapping[str, Mapping[int, str]]) -> Iterator[Message]:
    """Yields a message (kind, start, end) and all those within it.

    `inside` maps each kind to its fields with messages, and their kinds. Iterative, since a hostile file may nest
    messages without end; callers may walk over a message's fields, which have been counted.
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
    """Yields number, start and end of a message's fields; 0 for fields without a message."""
    for number, kind, first, last in _walk(content, start, end):
        yield (number if kind == LENGTH else 0), (first if kind == LENGTH else last), last


def number_fields(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields number and value of a message's fields with a single whole number."""
    for number, kind, first, last in _walk(content, start, end):
        if kind == VARINT:
            yield number, _varint(content, first, last)[0]


def whole_numbers(content: mmap.mmap, start: int, end: int, wanted: int) -> Iterator[int]:
    """Yields the whole numbers of 64 bits in a message's field of this number, packed or one by one."""
    for number, kind, first, last in _walk(content, start, end):
        place = first if number == wanted and kind in (VARINT, LENGTH) else last
        while place < last:
            value, place = _varint(content, place, last)
            yield value - 2**64 if value >= 2**63 else value


def _walk(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yields number, kind, start and end of the content of each field of a message."""
    place = start
    while place < end:
        tag, place = _varint(content, place, end)
        number, kind, first = tag >> 3, tag & 7, place
        if tag > LARGEST_TAG or kind not in (VARINT, LENGTH, FIXED32, FIXED64):
            raise BrokenError(f"it is damaged at byte {place}")
        if kind == LENGTH:
            length, first = _varint(content, place, end)
            place = first + length
        elif kind == VARINT:
            _, place = _varint(content, place, end)
        else:
            place += 4 if kind == FIXED32 else 8
        if place > end:
            raise BrokenError("it ends too early")
        yield number, kind, first, place


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
