# SPDX-License-Identifier: GPL-2.0-or-later
"""Deep learning packages (.dlpk): zip archives that are distrusted member by member."""

from __future__ import annotations

import errno
import hashlib
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

from ..archive import open_archive, sha256_of
from ..errors import ModelUnreadableError, PackageCacheError, PackageRefusedError
from ..phrase import Phrase
from .raster_function import UnpackedPackage, is_code

# Weights hardly shrink when they are packed: what unpacks to a hundred times its size is none. Short texts may.
MAX_MEMBERS = 10_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 100
RATIO_APPLIES_FROM = 10 * 1024**2
CHUNK = 1024**2
# The bit of a member's flags by which the format says so.
ENCRYPTED = 0x1
# Files of these names are devices, in any folder of Windows (learn.microsoft.com, "Naming Files, Paths").
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?", re.IGNORECASE)
FULL_OR_FORBIDDEN = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)

# What zipfile and its decompressors raise on archives that are no archives.
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

    What is there already is compared with the members, byte by byte, and made anew where it differs. The whole
    package is refused when one member is absolute, climbs out, is a link, is encrypted, or when sizes exceed the
    caps; nothing is then left in the cache.
    """
    try:
        with package.open("rb"):
            pass
    except OSError as error:
        raise ModelUnreadableError(model=package, reason=error.strerror or error) from error
    try:
        with open_archive(package) as archive:
            digest = sha256_of(archive)
            folder = cache / digest
            _check_all(package, archive.infolist())
            members = _files(package, archive)
            if not _holds(folder, archive, members):
                _unpack(package, archive, folder)
            code = {member: info for member, info in members.items() if is_code(member.name)}
            digests = {folder / member: _sha256(archive, info) for member, info in code.items()}
            return UnpackedPackage(folder, digest, digests)
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno in FULL_OR_FORBIDDEN:
            raise PackageCacheError(package=package, folder=cache, reason=error.strerror) from error
        reason = Phrase("the archive is damaged ({error})", {"error": error})
        raise PackageRefusedError(package=package, reason=reason) from error


def find_definition(package: Path, folder: Path) -> Path:
    """Returns the .emd of an unpacked package; there must be exactly one, at any depth."""
    definitions = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() == ".emd"]
    if len(definitions) != 1:
        reason = Phrase("it holds {count} .emd files instead of one", {"count": len(definitions)})
        raise PackageRefusedError(package=package, reason=reason)
    return definitions[0]


def _files(package: Path, archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    return {PurePosixPath(*_safe_parts(package, member)): member for member in members}


def _holds(folder: Path, archive: zipfile.ZipFile, members: Mapping[PurePosixPath, zipfile.ZipInfo]) -> bool:
    """Tells whether a folder holds the files of the archive and no others, which code could import."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    found = set()
    for parent, folders, names in os.walk(folder):
        if any(os.path.islink(os.path.join(parent, name)) for name in (*folders, *names)):
            return False
        found.update(PurePosixPath(Path(parent, name).relative_to(folder).as_posix()) for name in names)
    return found == set(members) and all(_is_equal(folder / path, archive, info) for path, info in members.items())


def _is_equal(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    try:
        file = path.open("rb")
    except OSError:
        return False
    with file, archive.open(member) as source:
        if os.fstat(file.fileno()).st_size != member.file_size:
            return False
        return all(chunk == file.read(len(chunk)) for chunk in iter(lambda: source.read(CHUNK), b""))


def _unpack(package: Path, archive: zipfile.ZipFile, folder: Path) -> None:
    """Fills the folder all at once: under another name first, so that a broken attempt leaves nothing."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PackageCacheError(package=package, folder=folder.parent, reason=error.strerror or error) from error
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unpacking-") as scratch:
        target = Path(scratch) / "package"
        target.mkdir()
        _copy_members(package, archive, target)
        # Looked for before the folder gets its name: a package without a definition is not kept.
        find_definition(package, target)
        _publish(target, folder, archive, _files(package, archive))


def _publish(
    target: Path, folder: Path, archive: zipfile.ZipFile, members: Mapping[PurePosixPath, zipfile.ZipInfo]
) -> None:
    try:
        target.rename(folder)
    except OSError:
        # Another run may have unpacked the same package meanwhile.
        if not os.path.lexists(folder):
            raise
        if not _holds(folder, archive, members):
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
    """Checks what the directory of the archive says, before a byte is unpacked."""
    if len(members) > MAX_MEMBERS:
        reason = Phrase("it has more than {most} members", {"most": MAX_MEMBERS})
        raise PackageRefusedError(package=package, reason=reason)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise PackageRefusedError(package=package, reason="it is larger than 4 GiB when unpacked")
    paths = [_on_any_system(_safe_parts(package, member)) for member in members if not member.is_dir()]
    if len(set(paths)) != len(paths):
        raise PackageRefusedError(package=package, reason="it has two members of the same name")
    for member in members:
        _check_member(package, member)
    # Not what the members say that they were packed to: many of them may lie in the same place.
    if _is_bomb(unpacked, package.stat().st_size):
        raise PackageRefusedError(package=package, reason="its members together are a decompression bomb")


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
        reason = Phrase("the member {member} leaves the package", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)
    return path.parts


def _on_any_system(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Returns what is the same for names that Windows or macOS takes for one."""
    return tuple(unicodedata.normalize("NFC", part.casefold()).rstrip(". ") for part in parts)


def _is_elsewhere(part: str) -> bool:
    """Tells a name that on some system is no file of its own: Windows drops dots and spaces at the end of names.

    There, a colon ends the name of a drive, or begins that of a second stream of the file.
    """
    return not part.rstrip(". ") or ":" in part or "\0" in part or DEVICE.fullmatch(part) is not None


def _copy(package: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, destination: Path) -> None:
    """Copies one member, whose bytes must be those that the directory of the archive promises.

    zipfile checks the sum only where the decompressor saw the end of its stream, so it is checked here.
    """
    written, checksum = 0, 0
    # Never over a file that is there: on some disks names that differ in case are one.
    with archive.open(member) as source, destination.open("xb") as sink:
        for chunk in iter(lambda: source.read(CHUNK), b""):
            written += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
            if written > member.file_size:
                break
            sink.write(chunk)
    if (written, checksum) != (member.file_size, member.CRC):
        reason = Phrase("the member {member} lies about its content", {"member": member.filename})
        raise PackageRefusedError(package=package, reason=reason)


def _sha256(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    digest = hashlib.sha256()
    with archive.open(member) as source:
        for chunk in iter(lambda: source.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
