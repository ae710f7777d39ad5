# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of a host with the API of Hugging Face: search, card, licence, files with sizes and digests.

https://huggingface.co/docs/hub/api: /api/models, /api/models/OWNER/NAME and /OWNER/NAME/resolve/REVISION/FILE.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from ...inference.errors import AddressError
from ...inference.phrase import Phrase
from ..http import Access, get_bytes, without_query
from ..sources.downloads import is_device
from ..translation import tr
from .offer import Found, Offer, RemoteFile, Variant, key_of, plain, plain_lines, size_of

MOST_FOUND = 100
TASK = "image-segmentation"
REPOSITORY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*(/[0-9A-Za-z][0-9A-Za-z._-]*)?")
# A path within a repository; one that not every system can store is refused by `_siblings`.
SAFE_PATH = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._ -]*(/[0-9A-Za-z_-][0-9A-Za-z._ -]*)*")
COMMIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
WEIGHTS = (".dlpk", ".emd", ".onnx", ".safetensors", ".pt2", ".pt", ".pth")
# Files that describe a network beside it, and the rest of the weights of an ONNX file.
BESIDE = (".json", ".yaml", ".yml", ".onnx_data", ".onnx.data", ".data", ".bin")
MOST_BESIDE = 16 * 1024**2
ONNX_REST = (".onnx_data", ".onnx.data", ".data")
CARD = "README.md"


def search_repositories(place: str, words: Sequence[str], access: Access) -> Found:
    """Returns the repositories that the host finds, at most 100; `complete` adds their files.

    An address with a path names one repository. Raises AddressError.
    """
    host, repository = _split(place)
    if repository:
        return Found((_offer(host, _document(f"{host}/api/models/{repository}", {"blobs": "true"}, access)),))
    params = {"search": " ".join(words), "pipeline_tag": TASK, "limit": str(MOST_FOUND), "full": "true"}
    found = _json(f"{host}/api/models", params, access)
    if not isinstance(found, list):
        raise AddressError(address=without_query(place), reason=Phrase("its response is not a list of models"))
    known = [entry for entry in found if isinstance(entry, dict) and _name(entry)]
    offers = (replace(_offer(host, entry), is_complete=False, variants=()) for entry in known[:MOST_FOUND])
    return Found(tuple(offers), is_cut=len(found) >= MOST_FOUND)


def complete(offer: Offer, access: Access) -> Offer:
    """Returns a repository with its files and its card."""
    host, repository = _split(offer.page)
    document = _document(f"{host}/api/models/{repository}", {"blobs": "true"}, access)
    full = _offer(host, document)
    if CARD not in {name for name, _ in _siblings(document)}:
        return full
    card = get_bytes(_file(host, document, CARD), {}, access).decode("utf-8", "replace")
    # The first lines are metadata between two rules.
    text = re.sub(r"\A---\r?\n.*?\r?\n---\r?\n", "", card, flags=re.DOTALL)
    return replace(full, summary=plain_lines(text.strip()) or full.summary)


def _split(place: str) -> tuple[str, str]:
    """Returns the address of the host, and the name of a repository, empty if there is none."""
    try:
        parts = urlsplit(place)
    except ValueError as error:
        raise AddressError(address=place, reason=Phrase("it is neither a host nor a repository")) from error
    name = parts.path.strip("/")
    if name and not REPOSITORY.fullmatch(name):
        raise AddressError(address=without_query(place), reason=Phrase("it is neither a host nor a repository"))
    return f"{parts.scheme}://{parts.netloc}", name


def _json(address: str, params: Mapping[str, str], access: Access) -> Any:
    try:
        return json.loads(get_bytes(address, params, access))
    except (ValueError, RecursionError) as error:
        raise AddressError(address=without_query(address), reason=Phrase("its response is not JSON")) from error


def _document(address: str, params: Mapping[str, str], access: Access) -> dict[str, Any]:
    document = _json(address, params, access)
    if not isinstance(document, dict) or not _name(document):
        raise AddressError(address=without_query(address), reason=Phrase("its response is not a model"))
    return document


def _name(document: Mapping[str, Any]) -> str:
    name = document.get("id") or document.get("modelId")
    return name if isinstance(name, str) and REPOSITORY.fullmatch(name) else ""


def _offer(host: str, document: Mapping[str, Any]) -> Offer:
    name, card, tags = _name(document), document.get("cardData"), document.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    licence = card.get("license") if isinstance(card, dict) else None
    marked = next((tag.partition(":")[2] for tag in tags if tag.startswith("license:")), "")
    variants = _variants(host, document)
    problem = "" if variants else tr("It has no weights that this plugin reads (ONNX, PyTorch or .dlpk).")
    if document.get("gated") or document.get("private"):
        problem = problem or tr("Its owner grants access on request: sign in with an account that has it.")
    return Offer(
        key=key_of(name.replace("/", "--"), f"{host}/{name}", _revision(document)),
        title=name,
        summary=plain(", ".join(tags)),
        licence=plain(licence) or plain(marked),
        page=f"{host}/{name}",
        variants=variants,
        problem=problem,
    )


def _variants(host: str, document: Mapping[str, Any]) -> tuple[Variant, ...]:
    """Returns a variant for each file of weights, packages and ONNX first, with the files that belong to it."""
    files = dict(_siblings(document))
    weights = sorted(
        (name for name in files if name.lower().endswith(WEIGHTS)),
        key=lambda name: (WEIGHTS.index(PurePosixPath(name).suffix.lower()), name),
    )
    return tuple(
        Variant(name, tuple(_remote(host, document, part, files[part]) for part in (name, *_beside(name, files))))
        for name in weights
    )


def _beside(weights: str, files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Returns the files that belong to weights: descriptions in its folder and above, and the rest of its constants."""
    path = PurePosixPath(weights)
    folders = (path.parent, path.parent.parent)
    rest = [weights + end for end in (".data", "_data")] + [str(path.with_suffix("")) + end for end in ONNX_REST]
    described = [
        name
        for name, facts in files.items()
        if name.lower().endswith((".json", ".yaml", ".yml"))
        and PurePosixPath(name).parent in folders
        and (_size(facts) or 0) <= MOST_BESIDE
    ]
    constants = [name for name in dict.fromkeys(rest) if name in files]
    named = [name for name in files if weights.endswith(".emd") and PurePosixPath(name).parent == path.parent]
    return [name for name in dict.fromkeys((*constants, *described, *named)) if name != weights]


def _siblings(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Returns the files of a repository whose names are safe paths."""
    entries = document.get("siblings")
    found = []
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("rfilename") if isinstance(entry, dict) else None
        if isinstance(name, str) and SAFE_PATH.fullmatch(name) and not any(map(_is_odd, name.split("/"))):
            found.append((name, entry))
    return found


def _is_odd(part: str) -> bool:
    """True for a part of a path that Windows stores under another name or not at all."""
    return is_device(part) or part.endswith((".", " "))


def _remote(host: str, document: Mapping[str, Any], name: str, facts: Mapping[str, Any]) -> RemoteFile:
    stored = facts.get("lfs")
    digest = stored.get("sha256") or stored.get("oid") if isinstance(stored, dict) else ""
    digest = str(digest or "").removeprefix("sha256:").lower()
    known = digest if re.fullmatch("[0-9a-f]{64}", digest) else ""
    return RemoteFile(name, _file(host, document, name), _size(facts), known)


def _size(facts: Mapping[str, Any]) -> int | None:
    return size_of(facts.get("size"))


def _file(host: str, document: Mapping[str, Any], name: str) -> str:
    """Returns the address of a file in the revision that the document describes."""
    return f"{host}/{_name(document)}/resolve/{quote(_revision(document), safe='')}/{quote(name)}"


def _revision(document: Mapping[str, Any]) -> str:
    """Returns the commit of a repository, its main branch if none is stated."""
    commit = document.get("sha")
    return commit if isinstance(commit, str) and COMMIT.fullmatch(commit) else "main"
