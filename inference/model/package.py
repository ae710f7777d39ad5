# SPDX-License-Identifier: GPL-2.0-or-later
"""Deep learning packages (.dlpk): zip archives that are distrusted member by member."""

from __future__ import annotations

import errno
import hashlib
import lzma
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..archive import open_archive
from ..errors import ModelUnreadableError, PackageCacheError, PackageRefusedError
from ..phrase import Phrase

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


def unpack_package(package: Path, cache: Path) -> Path:
    """Returns the folder of the cache, named by the package's SHA-256, that the package was unpacked into.

    The whole package is refused when one member is absolute, climbs out, is a link, is encrypted, or when
    sizes exceed the caps; nothing is then left in the cache.
    """
    try:
        folder = cache / _sha256(package)
    except OSError as error:
        raise ModelUnreadableError(model=package, reason=error.strerror or error) from error
    if not folder.is_dir():
        _unpack(package, folder)
    return folder


def find_definition(package: Path, folder: Path) -> Path:
    """Returns the .emd of an unpacked package; there must be exactly one, at any depth."""
    definitions = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() == ".emd"]
    if len(definitions) != 1:
        reason = Phrase("it holds {count} .emd files instead of one", {"count": len(definitions)})
        raise PackageRefusedError(package=package, reason=reason)
    return definitions[0]


def _unpack(package: Path, folder: Path) -> None:
    """Fills the folder all at once: under another name first, so that a broken attempt leaves nothing."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PackageCacheError(package=package, folder=folder.parent, reason=error.strerror or error) from error
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unpacking-") as scratch:
            target = Path(scratch) / "package"
            target.mkdir()
            with open_archive(package) as archive:
                _copy_members(package, archive, target)
            # Looked for before the folder gets its name: a package without a definition is not kept.
            find_definition(package, target)
            _publish(target, folder)
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno in FULL_OR_FORBIDDEN:
            raise PackageCacheError(package=package, folder=folder.parent, reason=error.strerror) from error
        reason = Phrase("the archive is damaged ({error})", {"error": error})
        raise PackageRefusedError(package=package, reason=reason) from error


def _publish(target: Path, folder: Path) -> None:
    try:
        target.rename(folder)
    except OSError:
        # Another run unpacked the same package meanwhile: the name is its hash, so the content is equal.
        if not folder.is_dir():
            raise


def _copy_members(package: Path, archive: zipfile.ZipFile, target: Path) -> None:
    members = archive.infolist()
    _check_all(package, members)
    for member in members:
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


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
