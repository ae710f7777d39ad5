# SPDX-License-Identifier: GPL-2.0-or-later
"""Packages that would write elsewhere, fill the disk, or are no archives."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any, Union

from tests.faults.hostile_cases import Cases, damaged, files
from tests.networks import class_definition, pointwise_network

Member = Union[str, zipfile.ZipInfo]
Members = dict[Member, bytes]

KINDS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}
LOCAL, DIRECTORY, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"

# Names of members; {canary} becomes a file outside that must not appear.
BAD_NAMES = (
    "../canary", "a/../../canary", "..\\canary", "a\\..\\..\\canary", "{canary}", "//{canary}", "\\canary",
    "C:\\canary", "C:canary", "a/C:canary", "\\\\server\\share\\canary", "\\\\?\\C:\\canary", "./../canary",
    "../../../../../../../../../../tmp/classify_pixels_canary", "a/./../../canary", "..", "../", "a/..",
    "canary:stream",
)  # fmt: skip
ODD_NAMES = (
    "x" * 300, "a/" * 400 + "deep", "new\nline", "tab\there", "\u202egpj.exe", "\x1b[2J", "CON", "aux.txt", "end. ",
    ".emd", "model.emd/inner", "MODEL.EMD", "net.onnx/inner", "ä", "a\u0308", " ", "<script>", "'; DROP TABLE",
)  # fmt: skip


def package_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` receives their files and the canary."""
    network = pointwise_network(folder / "net.onnx", 3, 2).read_bytes()
    keys: dict[str, Any] = {"ClassifyPixels": {"Stride": 1, "Halo": 0}}
    emd = json.dumps(class_definition(Path("net.onnx"), 3, [1, 2], 32, **keys)).encode()
    good: Members = {"model.emd": emd, "net.onnx": network}
    contents = {
        **_names(good, str(folder / "canary")),
        **_kinds_of_members(good),
        **_bombs(good),
        **_archives(good),
        **_headers(archive(good)),
    }
    for kind, compression in KINDS.items():
        for what, content in damaged(archive(good, compression), flips=25, cuts=8, moves=8):
            contents[f"{kind}, {what}"] = content
    return {f"package: {name}": files("model.dlpk", {"model.dlpk": content}) for name, content in contents.items()}


def archive(members: Members, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Returns a zip archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content, compression)
    return buffer.getvalue()


def _names(good: Members, canary: str) -> dict[str, bytes]:
    named = {f"named {name[:40]!r}": name.format(canary=canary) for name in BAD_NAMES}
    named.update({f"named {name[:40]!r}": name for name in ODD_NAMES})
    found = {title: archive({**good, name: b"x"}) for title, name in named.items()}
    for name in BAD_NAMES[:6]:
        found[f"folder named {name!r}"] = archive({**good, f"{name.format(canary=canary)}/": b""})
    found["a zero in a name"] = archive({**good, "Zcanary": b"x"}).replace(b"Zcanary", b"\0canary")
    found["a name that is no text"] = archive({**good, "ä": b"x"}).replace("ä".encode(), b"\xff\xfe")
    return found


def _kinds_of_members(good: Members) -> dict[str, bytes]:
    modes = {"link": stat.S_IFLNK, "pipe": stat.S_IFIFO, "socket": stat.S_IFSOCK, "disk": stat.S_IFBLK}
    found = {}
    for kind, mode in modes.items():
        for name in ("other", "net.onnx", "model.emd"):
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, (mode | 0o777) << 16
            rest = {key: content for key, content in good.items() if key != name}
            found[f"{name} is a {kind}"] = archive({**rest, entry: b"/etc/passwd"})
    return found


def _bombs(good: Members) -> dict[str, bytes]:
    inner = archive({"zeros": bytes(30_000_000)})
    few = {f"zeros {number}": bytes(9_000_000) for number in range(3)}
    small: Members = {f"zeros {number}": bytes(1_000_000) for number in range(30)}
    bomb = archive({**good, "zeros": bytes(40_000_000)})
    return {
        "bomb": bomb,
        "bomb within a package within": archive({**good, "inner.dlpk": inner}),
        "bombs under the limit of one": archive({**good, **few}),
        "many small bombs": archive({**good, **small}),
        "bomb that says it is small": bomb.replace(struct.pack("<L", 40_000_000), struct.pack("<L", 8)),
        "bomb that says it is stored": _changed(bomb, DIRECTORY, 20, struct.pack("<L", 39_999_999)),
        "sizes beyond any disk": _changed(archive(good), DIRECTORY, 24, struct.pack("<L", 2**32 - 2)),
        "too many members": archive({**good, **{f"n{number}": b"" for number in range(10_001)}}),
        "weights that are a bomb": archive({**good, "net.onnx": bytes(50_000_000)}),
        "a bomb in LZMA": archive({**good, "zeros": bytes(12_000_000)}, zipfile.ZIP_LZMA),
        "a bomb in BZip2": archive({**good, "zeros": bytes(12_000_000)}, zipfile.ZIP_BZIP2),
        "a bomb of members in one place": _with_entries(good, 300),
        "a bomb of a million members": _with_entries(good, 1_200_000),
    }


def _with_entries(good: Members, count: int) -> bytes:
    """Lists the last member repeatedly, which compresses to 1/99 of its size."""
    noise = random.Random(1).randbytes(90_000) + bytes(8_900_000)
    content = archive({**good, "a": noise})
    end = content.rindex(END)
    last, start = content.rindex(DIRECTORY), content.index(DIRECTORY)
    entries = b"".join(content[last:end][:46] + b"abcdefghijklmnopqrstuvwxyz"[k : k + 1] for k in range(26))
    listed = content[start:last] + (entries * (count // 26 + 1))[: 47 * count]
    number = (len(good) + count) & 0xFFFF
    ends = struct.pack("<4s4H2LH", END, 0, 0, number, number, len(listed), start, 0)
    return content[:start] + listed + ends


def _archives(good: Members) -> dict[str, bytes]:
    content, emd = archive(good), good["model.emd"]
    return {
        "doubled name": archive({**good, "net.onnY": b"other"}).replace(b"net.onnY", b"net.onnx"),
        "doubled definition": archive({**good, "model.emD": emd}).replace(b"model.emD", b"model.emd"),
        "doubled by a capital": archive({**good, "NET.onnx": b"other"}),
        "doubled by a dot": archive({**good, "net.onnx.": b"other"}),
        "doubled by an accent": archive({**good, "\u00e4": b"1", "a\u0308": b"2"}),
        "doubled by backslash": archive({**good, "a/b": b"1", "a\\b": b"2"}),
        "a file where a folder is": archive({**good, "a": b"1", "a/b": b"2"}),
        "two definitions": archive({**good, "deep/other.EMD": emd}),
        "no definition": archive({"net.onnx": good["net.onnx"]}),
        "a definition that is a folder": archive({"model.emd/": b"", "net.onnx": good["net.onnx"]}),
        "a definition that is a package": archive({**good, "model.emd": content}),
        "no member": archive({}),
        "two archives": content + content,
        "something before the archive": b"#!/bin/sh\nexit\n" + content,
        "something after the archive": content + bytes(70_000),
        "a package that is a definition": emd,
        "a package that is a network": good["net.onnx"],
        "an empty file": b"",
        "a long comment": content[:-2] + b"\xff\xff" + b"x" * 65_535,
    }


def _headers(content: bytes) -> dict[str, bytes]:
    """Changes fields of the members' headers, in their directory, or in both places."""
    both = {"encrypted": (6, 8, b"\x01"), "strongly encrypted": (6, 8, b"\x41"), "patched": (6, 8, b"\x20")}
    found = {}
    for name, (local, listed, value) in both.items():
        found[name] = _changed(_changed(content, LOCAL, local, value), DIRECTORY, listed, value)
    methods = {"of an unknown method": 99, "imploded": 6, "in LZMA by name": 14, "in BZip2 by name": 12}
    for name, method in methods.items():
        value = struct.pack("<H", method)
        found[name] = _changed(_changed(content, LOCAL, 8, value), DIRECTORY, 10, value)
    places = {"a wrong CRC": 16, "a wrong size": 24, "a wrong packed size": 20, "a wrong place": 42}
    for name, place in places.items():
        for value in (0, 1, 2**31, 2**32 - 1):
            found[f"{name}: {value}"] = _changed(content, DIRECTORY, place, struct.pack("<L", value))
    for name, place in {"a wrong count": 10, "a wrong directory": 16, "a wrong length": 12}.items():
        found[name] = _changed(content, END, place, b"\xff\xff")
    return found


def _changed(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Writes bytes at an offset of every header of a kind."""
    changed = bytearray(content)
    start = changed.find(signature)
    while start >= 0:
        changed[start + offset : start + offset + len(value)] = value
        start = changed.find(signature, start + 4)
    return bytes(changed)
