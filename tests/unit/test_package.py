# SPDX-License-Identifier: GPL-2.0-or-later
"""Packages that are taken, and packages that would do harm; a refused one leaves nothing anywhere."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import tempfile
import unicodedata
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Callable, Union

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    ModelUnreadableError,
    PackageCacheError,
    PackageRefusedError,
)
from classify_pixels.inference.models import ModelReference, open_model
from classify_pixels.inference.models import package as module
from classify_pixels.inference.models.package import unpack_package
from tests.networks import class_definition
from tests.unit.runs import names_in

Member = Union[str, zipfile.ZipInfo]

EMD = json.dumps(class_definition(Path("net.onnx"), 3, [1, 2], 64))
GOOD: dict[Member, bytes] = {"model.emd": EMD.encode(), "net.onnx": b"weights"}


def archive(members: dict[Member, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content, compression)
    return buffer.getvalue()


def with_member(name: str, content: bytes = b"x") -> bytes:
    return archive({**GOOD, name: content})


def with_mode(name: str, content: bytes, mode: int) -> bytes:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, mode << 16
    return archive({**GOOD, entry: content})


def encrypted() -> bytes:
    """Sets the flag of encryption in every header: the content needs not be encrypted to be refused."""
    content = bytearray(archive(GOOD))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


def lying_about_sizes() -> bytes:
    """Says in the directory that 30 MB are 7 bytes, and that they were stored in few."""
    bomb = archive({**GOOD, "zeros.bin": bytes(30_000_000)})
    return bomb.replace(struct.pack("<L", 30_000_000), struct.pack("<L", 7))


def duplicate_names() -> bytes:
    content = archive({**GOOD, "net.onnY": b"other"})
    return content.replace(b"net.onnY", b"net.onnx")


def broken_content(compression: int) -> bytes:
    content = bytearray(archive({"numbers.bin": bytes(range(256)) * 8, **GOOD}, compression))
    content[50:120] = b"\x55" * 70
    return bytes(content)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "climbs out": lambda: with_member("../evil.txt"),
    "climbs out of a folder": lambda: with_member("a/../../evil.txt"),
    "climbs out by backslash": lambda: with_member("..\\evil.txt"),
    "absolute": lambda: with_member("/tmp/evil.txt"),
    "absolute by backslash": lambda: with_member("\\evil.txt"),
    "drive": lambda: with_member("C:/evil.txt"),
    "drive without root": lambda: with_member("C:evil.txt"),
    "drive in a folder": lambda: with_member("a/C:evil.txt"),
    "network share": lambda: with_member("\\\\server\\share\\evil.txt"),
    "folder that climbs out": lambda: with_member("../evil/"),
    "device of Windows": lambda: with_member("deep/nul.txt"),
    "device of Windows with a space": lambda: with_member("CON .log"),
    "numbered device of Windows": lambda: with_member("COM\u00b9"),
    "climbs out where dots are dropped": lambda: with_member(".. /evil.txt"),
    "a name of dots": lambda: with_member(".../evil.txt"),
    "symbolic link": lambda: with_mode("link", b"/etc/passwd", stat.S_IFLNK | 0o777),
    "named pipe": lambda: with_mode("pipe", b"", stat.S_IFIFO | 0o644),
    "device": lambda: with_mode("device", b"", stat.S_IFCHR | 0o644),
    "encrypted": encrypted,
    "bomb": lambda: with_member("zeros.bin", bytes(30_000_000)),
    "lies about sizes": lying_about_sizes,
    "duplicate names": duplicate_names,
    "duplicate by backslash": lambda: archive({**GOOD, "a/b": b"1", "a\\b": b"2"}),
    "file in the place of a folder": lambda: archive({**GOOD, "a": b"1", "a/b": b"2"}),
    "name too long for a disk": lambda: with_member("x" * 300),
    "truncated": lambda: archive(GOOD)[:-30],
    "without its beginning": lambda: archive(GOOD)[60:],
    "broken content": lambda: broken_content(zipfile.ZIP_STORED),
    "broken Deflate": lambda: broken_content(zipfile.ZIP_DEFLATED),
    "broken LZMA": lambda: broken_content(zipfile.ZIP_LZMA),
    "broken BZip2": lambda: broken_content(zipfile.ZIP_BZIP2),
    "name that is no text": lambda: with_member("ä").replace("ä".encode(), b"\xff\xfe"),
    "member without a name": lambda: with_member("Zzz").replace(b"Zzz", b"\0zz"),
    "no archive": lambda: b"this is a text",
    "empty file": lambda: b"",
    "two definitions": lambda: archive({**GOOD, "deep/other.EMD": EMD.encode()}),
    "no definition": lambda: archive({"net.onnx": b"weights"}),
    "no member": lambda: archive({}),
}


def write(folder: Path, content: bytes) -> Path:
    path = folder / "model.dlpk"
    path.write_bytes(content)
    return path


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink())


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_package_is_refused_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    cache = tmp_path / "profile" / "cache"
    package = write(tmp_path, HOSTILE[kind]())
    with pytest.raises(PackageRefusedError, match=r"model\.dlpk was refused"):
        open_model(ModelReference(path=package), cache)
    assert everything_in(tmp_path) == ["model.dlpk"]
    assert not cache.exists() or names_in(cache) == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("climbs out", r"\.\./evil\.txt leads out of the package"),
        ("symbolic link", "link is a link or device"),
        ("encrypted", "model.emd is encrypted"),
        ("bomb", "zeros.bin is a decompression bomb"),
        ("duplicate names", "two members of the same name"),
        ("two definitions", "2 .emd files instead of one"),
        ("no definition", "0 .emd files instead of one"),
        ("truncated", "the archive is damaged"),
    ],
)
def test_the_refusal_says_why(kind: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(PackageRefusedError, match=reason):
        open_model(ModelReference(path=write(tmp_path, HOSTILE[kind]())), tmp_path / "cache")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_MEMBERS", 2)
    package = write(tmp_path, with_member("third"))
    with pytest.raises(PackageRefusedError, match="more than 2 members"):
        unpack_package(package, tmp_path / "cache")
    assert unpack_package(write(tmp_path, archive(GOOD)), tmp_path / "cache").folder.is_dir()


def test_too_much_content_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(map(len, GOOD.values()))
    package = write(tmp_path, archive(GOOD))
    monkeypatch.setattr(module, "MAX_UNPACKED", size - 1)
    with pytest.raises(PackageRefusedError, match="larger than 4 GiB"):
        unpack_package(package, tmp_path / "cache")
    monkeypatch.setattr(module, "MAX_UNPACKED", size)
    assert unpack_package(package, tmp_path / "cache").folder.is_dir()


def test_the_caps_are_those_that_users_are_told() -> None:
    assert (module.MAX_MEMBERS, module.MAX_UNPACKED, module.MAX_RATIO) == (10_000, 4 * 2**30, 100)


def test_small_members_may_be_packed_tightly(tmp_path: Path) -> None:
    package = write(tmp_path, with_member("zeros.bin", bytes(5_000_000)))
    assert (unpack_package(package, tmp_path / "cache").folder / "zeros.bin").stat().st_size == 5_000_000


def test_a_good_package_is_opened(tmp_path: Path) -> None:
    cache = tmp_path / "profile" / "cache"
    model = open_model(ModelReference(path=write(tmp_path, archive(GOOD))), cache)
    assert model.weights.read_bytes() == b"weights"
    assert cache in model.weights.parents
    assert model.definition is not None
    assert [c.value for c in model.definition.classes] == [1, 2]


def test_the_second_opening_takes_what_the_first_unpacked(tmp_path: Path) -> None:
    cache, package = tmp_path / "cache", write(tmp_path, archive(GOOD))
    first = open_model(ModelReference(path=package), cache)
    before = first.weights.stat()
    second = open_model(ModelReference(path=package), cache)
    assert second == first
    assert second.weights.stat().st_ino == before.st_ino
    assert len(names_in(cache)) == 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit": lambda weights: weights.write_bytes(b"weightS"),
    "cut": lambda weights: weights.write_bytes(b"weigh"),
    "longer": lambda weights: weights.write_bytes(b"weights and more"),
    "empty": lambda weights: weights.write_bytes(b""),
    "gone": lambda weights: weights.unlink(),
    "all gone": lambda weights: [path.unlink() for path in weights.parent.iterdir()],
    "another file": lambda weights: (weights.parent / "net.onnx.data").write_bytes(b"planted"),
    "another folder with a file": lambda weights: [
        (weights.parent / "numpy").mkdir(),
        (weights.parent / "numpy" / "__init__.py").write_text(""),
    ],
    "a link": lambda weights: [weights.rename(weights.with_name("x")), weights.symlink_to("x")],
    "a link to equal bytes": lambda weights: [
        weights.rename(weights.parents[2] / "elsewhere"),
        weights.symlink_to(weights.parents[2] / "elsewhere"),
    ],
    "a link to a folder": lambda weights: (weights.parent / "linked").symlink_to(weights.parents[2]),
    "the folder is a link": lambda weights: [
        weights.parent.rename(weights.parents[2] / "moved"),
        weights.parent.symlink_to(weights.parents[2] / "moved"),
    ],
    "the folder is a file": lambda weights: [
        weights.parent.rename(weights.parents[2] / "moved"),
        weights.parent.write_text("a file"),
    ],
    "a folder instead": lambda weights: [weights.unlink(), weights.mkdir()],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_differs_in_the_cache_is_made_anew_from_the_package(damage: str, tmp_path: Path) -> None:
    cache, package = tmp_path / "cache", write(tmp_path, archive(GOOD))
    first = open_model(ModelReference(path=package), cache)
    DAMAGES[damage](first.weights)
    second = open_model(ModelReference(path=package), cache)
    assert second == first
    assert not second.weights.is_symlink()
    assert second.weights.read_bytes() == b"weights"
    assert everything_in(cache) == sorted(f"{second.weights.parent.name}/{name}" for name in GOOD)
    assert len(names_in(cache)) == 1


@pytest.mark.parametrize("name", ["net.onnx", "m.onnx.x"])
def test_a_package_that_changes_while_it_is_read_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its SHA-256, by which its code may be allowed, is that of all that is unpacked."""
    package, other = write(tmp_path, archive(GOOD)), archive({**GOOD, name: b"WEIGHTS"})
    find = module.find_definition

    def change_first(*paths: Path) -> Path:
        with package.open("r+b") as file:
            file.write(other)
        return find(*paths)

    monkeypatch.setattr(module, "find_definition", change_first)
    monkeypatch.setattr(module, "_MEMBERS", {})
    with pytest.raises(PackageRefusedError, match=r"changed while being read|damaged"):
        unpack_package(package, tmp_path / "cache")
    package.write_bytes(archive(GOOD))
    monkeypatch.setattr(module, "find_definition", find)
    unpacked = unpack_package(package, tmp_path / "cache")
    assert (unpacked.folder / "net.onnx").read_bytes() == b"weights"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_mended_is_told(tmp_path: Path) -> None:
    cache, package = tmp_path / "cache", write(tmp_path, archive(GOOD))
    open_model(ModelReference(path=package), cache).weights.write_bytes(b"other")
    cache.chmod(0o500)
    with pytest.raises(PackageCacheError):
        open_model(ModelReference(path=package), cache)
    cache.chmod(0o700)


def test_a_changed_package_of_the_same_name_is_unpacked_anew(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = open_model(ModelReference(path=write(tmp_path, archive(GOOD))), cache)
    second = open_model(ModelReference(path=write(tmp_path, archive({**GOOD, "net.onnx": b"new"}))), cache)
    assert (first.weights.read_bytes(), second.weights.read_bytes()) == (b"weights", b"new")


@pytest.mark.parametrize(
    "named", ["weights\\net.onnx", ".\\weights\\net.onnx", "weights/net.onnx", "C:\\training\\net.onnx"]
)
@pytest.mark.parametrize("separator", ["/", "\\"])
def test_weights_in_a_folder_are_found(named: str, separator: str, tmp_path: Path) -> None:
    """A foreign absolute path names the file that lies beside the definition."""
    beside = "C:" in named
    emd = json.dumps(class_definition(Path(named), 3, [1], 64)).encode()
    member = separator.join(["sub", "net.onnx"] if beside else ["sub", "weights", "net.onnx"])
    package = write(tmp_path, archive({f"sub{separator}model.emd": emd, member: b"weights"}))
    assert open_model(ModelReference(path=package), tmp_path / "cache").weights.read_bytes() == b"weights"


@pytest.mark.parametrize("inside", [True, False])
def test_weights_outside_the_package_are_never_taken(inside: bool, tmp_path: Path) -> None:
    outside = tmp_path / "secret.onnx"
    outside.write_bytes(b"secret")
    cache = tmp_path / "cache"
    for named in (str(outside), "../../secret.onnx", "..\\..\\secret.onnx", "\\\\server\\share\\secret.onnx"):
        emd = json.dumps(class_definition(Path(named), 3, [1], 64)).encode()
        members: dict[Member, bytes] = {"model.emd": emd, **({"secret.onnx": b"own"} if inside else {})}
        package = write(tmp_path, archive(members))
        if inside:
            assert open_model(ModelReference(path=package), cache).weights.read_bytes() == b"own"
        else:
            with pytest.raises(ClassifyPixelsError, match=r"secret\.onnx"):
                open_model(ModelReference(path=package), cache)


def test_a_package_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreadableError, match=r"absent\.dlpk"):
        unpack_package(tmp_path / "absent.dlpk", tmp_path / "cache")


SMALL = archive({"a/model.emd": EMD.encode(), "net.onnx": b"weights"})


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_a_damaged_package_is_opened_or_refused_by_name(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SMALL)
    for place, value in changes:
        content[place] = value
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), bytes(content))
        with suppress(ClassifyPixelsError):
            open_model(ModelReference(path=path), Path(folder) / "cache")
        assert {file.split("/")[0] for file in everything_in(Path(folder))} <= {"model.dlpk", "cache"}


@pytest.mark.parametrize(("count", "size"), [(3, 9_000_000), (30, 1_000_000)])
def test_bombs_that_are_small_one_by_one_are_refused(count: int, size: int, tmp_path: Path) -> None:
    package = write(tmp_path, archive({**GOOD, **{f"zeros {number}": bytes(size) for number in range(count)}}))
    with pytest.raises(PackageRefusedError, match="its members together are a decompression bomb"):
        unpack_package(package, tmp_path / "cache")
    assert names_in(tmp_path) == ["model.dlpk"]


@pytest.mark.parametrize("name", ["NET.ONNX", "net.onnx."])
def test_names_that_some_systems_take_for_one_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PackageRefusedError, match="two members of the same name"):
        unpack_package(write(tmp_path, with_member(name)), tmp_path / "cache")


def test_the_files_that_macos_adds_are_no_definitions(tmp_path: Path) -> None:
    members = {**GOOD, "__MACOSX/._model.emd": b"\0\5\x16\7", "._model.emd": b"\0\5\x16\7", "old.emd/": b""}
    package = write(tmp_path, archive(members))
    assert open_model(ModelReference(path=package), tmp_path / "cache").weights.read_bytes() == GOOD["net.onnx"]


def test_accents_are_equal_in_both_of_their_forms(tmp_path: Path) -> None:
    definition = EMD.replace("net.onnx", unicodedata.normalize("NFC", "Wälder.onnx"))
    members: dict[Member, bytes] = {
        "model.emd": definition.encode(), unicodedata.normalize("NFD", "Wälder.onnx"): b"weights"
    }  # fmt: skip
    found = open_model(ModelReference(path=write(tmp_path, archive(members))), tmp_path / "cache")
    assert found.weights.read_bytes() == b"weights"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_definition_in_another_encoding_says_which_one_it_needs(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "model.emd").write_bytes(EMD.replace("{", '{"Description": "Wälder", ', 1).encode(encoding))
    with pytest.raises(ModelUnreadableError, match="UTF-8"):
        open_model(ModelReference(path=tmp_path / "model.emd"), tmp_path / "cache")
