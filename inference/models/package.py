# SPDX-License-Identifier: GPL-2.0-or-later
"""Deep learning packages (.dlpk): untrusted zip archives, every member validated."""

from __future__ import annotations

import errno
import lzma
import os
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from ..archive import archive_sha256, open_archive
from ..errors import ModelUnreadableError, PackageCacheError, PackageRefusedError
from ..phrase import Phrase
from ..sha256 import sha256_of
from .function_files import UnpackedPackage, is_code

# Weights hardly compress: a member that unpacks to a hundred times its size is not one. Short texts may.
MAX_MEMBERS = 10_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 100
RATIO_APPLIES_FROM = 10 * 1024**2
CHUNK = 1024**2
# The flag bit of an encrypted member.
ENCRYPTED = 0x1
# Device names in any folder of Windows (learn.microsoft.com, "Naming Files, Paths").
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?", re.IGNORECASE)
FULL_OR_FORBIDDEN = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)

# The SHA-256 of members by their package's.
_MEMBERS: dict[str, Mapping[PurePosixPath, str]] = {}

# Exceptions of zipfile and its decompressors for invalid archives.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def unpack_package(package: Path, cache: Path) -> UnpackedPackage:
    """Returns the package's folder in the cache, which is named by the package's SHA-256.

    An existing folder is compared with the members by SHA-256, and recreated if it differs. The whole package is
    refused if one member is absolute, leaves the folder, is a link, is encrypted, or if sizes exceed the limits;
    nothing then remains in the cache.
    """
    try:
        with package.open("rb"):
            pass
    except OSError as error:
        raise ModelUnreadableError(model=package, reason=error.strerror or error) from error
    try:
        with open_archive(package) as archive:
            digest = archive_sha256(archive)
            folder = cache / digest
            _check_all(package, archive.infolist())
            if not _holds(folder, package, archive, digest):
                _unpack(package, archive, folder, digest)
            digests = _digests(package, archive, digest)
            return UnpackedPackage(folder, digest, {folder / p: d for p, d in digests.items() if is_code(p.name)})
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno in FULL_OR_FORBIDDEN:
            raise PackageCacheError(package=package, folder=cache, reason=error.strerror) from error
        reason = Phrase("the archive is damaged ({error})", {"error": error})
        raise PackageRefusedError(package=package, reason=reason) from error


def find_definition(package: Path, folder: Path) -> Path:
    """Returns the .emd of an unpacked package; there must be exactly one, at any depth.

    macOS adds a file of its own for each one that it packs: `._NAME`.
    """
    files = [path for path in sorted(folder.rglob("*.*")) if path.is_file() and not path.name.startswith("._")]
    definitions = [path for path in files if path.suffix.lower() == ".emd"]
    if len(definitions) != 1:
        reason = Phrase("it contains {count} .emd files instead of one", {"count": len(definitions)})
        raise PackageRefusedError(package=package, reason=reason)
    return definitions[0]


def _digests(package: Path, archive: zipfile.ZipFile, digest: str) -> Mapping[PurePosixPath, str]:
    """Returns the SHA-256 of each member; cached by the package's SHA-256."""
    if digest not in _MEMBERS:
        members = [member for member in archive.infolist() if not member.is_dir()]
        digests = {PurePosixPath(*_safe_parts(package, m)): _sha256(archive.open(m)) for m in members}
        if archive_sha256(archive) != digest:
            raise PackageRefusedError(package=package, reason=Phrase("it changed while being read"))
        _MEMBERS[digest] = digests
    return _MEMBERS[digest]


def _holds(folder: Path, package: Path, archive: zipfile.ZipFile, digest: str) -> bool:
    """True if a folder holds the files of the archive and no others, which code could import."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    found = []
    for parent, folders, names in os.walk(folder):
        if any(os.path.islink(os.path.join(parent, name)) for name in (*folders, *names)):
            return False
        found += [Path(parent, name) for name in names]
    try:
        digests = {PurePosixPath(path.relative_to(folder).as_posix()): _sha256(path.open("rb")) for path in found}
    except OSError:
        return False
    return digests == _digests(package, archive, digest)


def _unpack(package: Path, archive: zipfile.ZipFile, folder: Path, digest: str) -> None:
    """Creates the folder atomically: under another name first, so that a failed attempt leaves nothing."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PackageCacheError(package=package, folder=folder.parent, reason=error.strerror or error) from error
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unpacking-") as scratch:
        target = Path(scratch) / "package"
        target.mkdir()
        _copy_members(package, archive, target)
        # Before the folder is renamed: a package without a definition is not kept.
        find_definition(package, target)
        try:
            target.rename(folder)
        except OSError:
            # Another run may have unpacked the same package in the meantime.
            if not os.path.lexists(folder):
                raise
            if not _holds(folder, package, archive, digest):
                folder.rename(target.with_name("differs"))
                target.rename(folder)


def _copy_members(package: Path, archive: zipfile.ZipFile, target: Path) -> None:
    for member in archive.infolist():
        destination = target.joinpath(*_safe_parts(package, member))
        if member.is_dir():
            destination.mkdir(parents=True, exist_ok=True)
        else:
            destination.parent.mkdir(parents=True, exist_ok=True)
            _copy(package, archive, member, destination)


def _check_all(package: Path, members: list[zipfile.ZipInfo]) -> None:
    """Checks the directory of the archive, before unpacking."""
    if len(members) > MAX_MEMBERS:
        reason = Phrase("it has more than {most} members", {"most": MAX_MEMBERS})
        raise PackageRefusedError(package=package, reason=reason)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise PackageRefusedError(package=package, reason=Phrase("it is larger than 4 GiB when unpacked"))
    paths = [_on_any_system(_safe_parts(package, member)) for member in members if not member.is_dir()]
    if len(set(paths)) != len(paths):
        raise PackageRefusedError(package=package, reason=Phrase("it has two members of the same name"))
    for member in members:
        _check_member(package, member)
    # Not the members' declared compressed sizes: they may overlap.
    if _is_bomb(unpacked, package.stat().st_size):
        raise PackageRefusedError(package=package, reason=Phrase("its members together are a decompression bomb"))


def _check_member(package: Path, member: zipfile.ZipInfo) -> None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        reason = Phrase("the member {member} is a link or device", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)
    if member.flag_bits & ENCRYPTED:
        reason = Phrase("the member {member} is encrypted", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)
    if _is_bomb(member.file_size, member.compress_size):
        reason = Phrase("the member {member} is a decompression bomb", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_APPLIES_FROM and unpacked > MAX_RATIO * max(packed, 1)


def _safe_parts(package: Path, member: zipfile.ZipInfo) -> tuple[str, ...]:
    """Returns the folders and the name of a member; both kinds of separators occur in real packages."""
    name = member.filename.replace("\\", "/")
    path = PurePosixPath(name)
    bad_parts = any(_is_elsewhere(part) for part in path.parts)
    if path.is_absolute() or PureWindowsPath(member.filename).drive or bad_parts or not path.parts:
        reason = Phrase("the member {member} leads out of the package", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)
    return path.parts


def _on_any_system(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Returns one key for names that are equal on Windows or macOS."""
    return tuple(unicodedata.normalize("NFC", part.casefold()).rstrip(". ") for part in parts)


def _is_elsewhere(part: str) -> bool:
    """True for a name that on some system is not a separate file: Windows drops trailing dots and spaces.

    There, a colon ends a drive letter, or begins an alternate stream name.
    """
    return not part.rstrip(". ") or ":" in part or "\0" in part or DEVICE.fullmatch(part) is not None


def _copy(package: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, destination: Path) -> None:
    """Copies one member and verifies it against the directory of the archive.

    zipfile verifies the checksum only if the decompressor reached the end of its stream, so it is verified here.
    """
    written, checksum = 0, 0
    # Never over an existing file: some file systems ignore case.
    with archive.open(member) as source, destination.open("xb") as sink:
        for chunk in iter(lambda: source.read(CHUNK), b""):
            written += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
            if written > member.file_size:
                break
            sink.write(chunk)
    if (written, checksum) != (member.file_size, member.CRC):
        reason = Phrase("the member {member} does not match its header", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)


def _sha256(file: IO[bytes]) -> str:
    with file:
        return sha256_of(file)
