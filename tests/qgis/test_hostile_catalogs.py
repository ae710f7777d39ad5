# SPDX-License-Identifier: GPL-2.0-or-later
"""Catalogs with odd or hostile documents: no traceback, no sign-in for other hosts, no half model."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import AddressError, DownloadDigestError, RunCancelledError
from classify_pixels.plugin_support.http import Access, cancelled_by
from classify_pixels.plugin_support.model_catalogs import repositories, stac_catalog
from classify_pixels.plugin_support.model_catalogs.fetch import fetch_variant
from classify_pixels.plugin_support.model_catalogs.offer import Found, Offer, RemoteFile, Variant, key_of
from classify_pixels.plugin_support.model_catalogs.repositories import search_repositories
from classify_pixels.plugin_support.model_catalogs.saved_catalogs import STAC, SavedCatalog
from classify_pixels.plugin_support.model_catalogs.stac_catalog import search_stac
from classify_pixels.plugin_support.sources.downloads import safe_name
from classify_pixels.ui.panel import catalog_dialog

from ..servers import CatalogServer
from .test_mlm_items import make_item

pytestmark = pytest.mark.usefixtures("plugin")

ODD = [None, True, 5, -1, 10**400, 1.5, "", {"a": 1}, [1], [None], [[]], {}, "https://[", "\ud800", "x" * 5000]
REPOSITORY = {
    "id": "a/b",
    "sha": "abc",
    "tags": ["license:mit"],
    "cardData": {"license": "mit"},
    "gated": False,
    "siblings": [{"rfilename": "m.onnx", "size": 5, "lfs": {"sha256": "a" * 64}}, {"rfilename": "config.json"}],
}


@pytest.fixture
def server() -> Iterator[CatalogServer]:
    with CatalogServer() as server:
        yield server


def item(href: str = "net.onnx") -> dict[str, Any]:
    document = make_item(href)
    document["assets"]["model"].update({"file:size": 5, "file:checksum": "1220" + "a" * 64})
    return {**document, "id": "water", "links": [{"rel": "child", "href": "https://example.org/x"}]}


def places(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = (
        enumerate(document) if isinstance(document, list) else document.items() if isinstance(document, dict) else ()
    )
    for key, value in pairs:
        yield (*above, key)
        yield from places(value, (*above, key))


def altered(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the document with an odd value in each of its places."""
    for place in places(document):
        for value in ODD:
            changed: Any = copy.deepcopy(document)
            inner = changed
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = value
            yield changed


def assert_is_shown(found: Found) -> None:
    for offer in found:
        assert catalog_dialog._description(offer)
        assert all(catalog_dialog.size_text(variant.size) for variant in offer.variants)


def test_items_with_any_value_are_shown_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for document in altered(item()):
        monkeypatch.setattr(stac_catalog, "get_json", lambda place, *_, own=document: own if "/c/" in place else {})
        assert_is_shown(search_stac("https://example.org/c/item.json", [], Access()))


@pytest.mark.parametrize("place", ["https://example.org", "https://example.org/a/b"])
def test_repositories_with_any_value_are_shown_or_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for document in altered(REPOSITORY):
        text = json.dumps(document if place.endswith("/a/b") else [document]).encode()
        monkeypatch.setattr(repositories, "get_bytes", lambda *_, text=text: text)
        try:
            assert_is_shown(search_repositories(place, [], Access()))
        except AddressError:
            # Another name than that of a repository.
            assert not repositories._name(document)


@pytest.mark.parametrize("search", [search_stac, search_repositories])
@pytest.mark.parametrize("place", ["https://[", "https://[/x", "no scheme", "", "https://example.org:99999/x/y"])
def test_an_address_that_is_none_is_refused(search: Any, place: str) -> None:
    with pytest.raises(AddressError):
        search(place, [], Access())


def test_the_sign_in_is_not_sent_to_another_host_that_has_the_weights(server: CatalogServer, tmp_path: Path) -> None:
    class Signed(SavedCatalog):
        @property
        def access(self) -> Access:
            return Access(headers=(("X-Key", "swordfish"),))

    with CatalogServer() as other:
        document = item(f"{other.url}/net.onnx")
        del document["assets"]["model"]["file:checksum"]
        server.add("/item.json", document)
        other.files["/net.onnx"] = b"12345"
        catalog = Signed("Ours", STAC, f"{server.url}/item.json")
        (offer,) = catalog.search("")
        fetch_variant(offer, offer.variants[0], tmp_path, catalog.access_to, lambda _: None)
        assert server.requests[0].headers["X-Key"] == "swordfish"
        assert [request.headers.get("X-Key") for request in other.requests] == [None]


def test_all_items_of_a_wide_catalog_are_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    links = [{"rel": "item", "href": f"https://example.org/c/{number}.json"} for number in range(600)]
    catalog = {"type": "Catalog", "links": links}
    monkeypatch.setattr(stac_catalog, "get_json", lambda place, *_: item() if "/c/" in place else catalog)
    found = search_stac("https://example.org/catalog.json", [], Access())
    assert (len(found), found.is_cut) == (stac_catalog.MOST_DOCUMENTS - 1, True)


def test_parts_that_cannot_be_read_are_counted(server: CatalogServer) -> None:
    links = [{"rel": "item", "href": "gone.json"}, {"rel": "item", "href": "item.json"}]
    server.add("/catalog.json", {"type": "Catalog", "links": links})
    server.add("/item.json", {**item(), "links": []})
    found = search_stac(f"{server.url}/catalog.json", [], Access())
    assert (len(found), found.unread, found.is_cut) == (1, 1, False)
    assert "1 " in catalog_dialog._summary(found).replace("1 models", "")


def of_files(server: CatalogServer, *files: RemoteFile) -> Offer:
    return Offer("net", "Net", variants=(Variant(files[0].name, files),))


def fetched(offer: Offer, folder: Path) -> Path:
    return fetch_variant(offer, offer.variants[0], folder, lambda _: Access(), lambda _: None)


def test_weights_do_not_appear_without_their_description(server: CatalogServer, tmp_path: Path) -> None:
    server.files["/net.onnx"] = b"weights"
    offer = of_files(
        server, RemoteFile("net.onnx", f"{server.url}/net.onnx"), RemoteFile("config.json", f"{server.url}/config.json")
    )
    with pytest.raises(AddressError):
        fetched(offer, tmp_path)
    assert not (tmp_path / "net" / "net.onnx").exists()
    server.files["/config.json"] = b"{}"
    assert fetched(offer, tmp_path).read_bytes() == b"weights"
    assert sorted(path.name for path in (tmp_path / "net").iterdir()) == ["config.json", "net.onnx"]


def test_an_earlier_model_is_kept_if_its_update_fails(server: CatalogServer, tmp_path: Path) -> None:
    server.files.update({"/net.onnx": b"old", "/config.json": b"old"})
    offer = of_files(
        server, RemoteFile("net.onnx", f"{server.url}/net.onnx"), RemoteFile("config.json", f"{server.url}/config.json")
    )
    fetched(offer, tmp_path)
    server.files = {"/net.onnx": b"new"}
    with pytest.raises(AddressError):
        fetched(offer, tmp_path)
    assert (tmp_path / "net" / "net.onnx").read_bytes() == b"old"


def test_more_bytes_than_declared_are_not_stored(server: CatalogServer, tmp_path: Path) -> None:
    server.files["/net.onnx"] = bytes(20 * 1024**2)
    digest = hashlib.sha256(b"abc").hexdigest()
    offer = of_files(server, RemoteFile("net.onnx", f"{server.url}/net.onnx", 3, digest))
    with pytest.raises(DownloadDigestError, match="> 3 B"):
        fetched(offer, tmp_path)
    assert list((tmp_path / "net").iterdir()) == []


def test_a_device_is_not_copied_and_a_copy_ends_with_cancel(server: CatalogServer, tmp_path: Path) -> None:
    with pytest.raises(AddressError):
        fetched(of_files(server, RemoteFile("net.onnx", "/dev/zero")), tmp_path)
    with pytest.raises(AddressError):
        search_stac("/dev/zero", [], Access())
    (tmp_path / "net.onnx").write_bytes(b"weights")
    with pytest.raises(RunCancelledError), cancelled_by(lambda: True):
        fetched(of_files(server, RemoteFile("net.onnx", str(tmp_path / "net.onnx"))), tmp_path / "models")
    assert not (tmp_path / "models" / "net" / "net.onnx").exists()


def test_equal_models_of_two_catalogs_have_two_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stac_catalog, "get_json", lambda *_: item())
    monkeypatch.setattr(repositories, "get_bytes", lambda *_: json.dumps({**REPOSITORY, "sha": None}).encode())
    for search, path in ((search_stac, "item.json"), (search_repositories, "a/b")):
        first, second = (search(f"https://{host}.example/{path}", [], Access()).offers[0] for host in ("a", "b"))
        assert first.key != second.key
    assert key_of("a--b", "x/a/b") != key_of("a--b", "x/a--b")


@pytest.mark.parametrize("name", ["..", "con", "aux.x", "../../x", "ä" * 300, "a\\b", "C:x", ".hidden", "", "a\nb"])
def test_keys_are_names_of_folders(name: str) -> None:
    key = key_of(name, "x")
    assert Path(key).name == key
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert len(key) <= 80


@pytest.mark.parametrize("name", ["con.onnx", "a/AUX.json", "nul", "com1.onnx", "a./b.onnx", "a /b.onnx"])
def test_names_that_windows_does_not_store_are_left_out(name: str) -> None:
    document = {**REPOSITORY, "siblings": [{"rfilename": name}, {"rfilename": "console.onnx"}]}
    assert [found for found, _ in repositories._siblings(document)] == ["console.onnx"]
    assert safe_name("https://example.org/con.onnx") == "_con.onnx"


@pytest.mark.parametrize("href", ["item.json", "ITEM.JSON", "net.part"])
def test_weights_do_not_have_the_name_of_another_file(href: str, server: CatalogServer) -> None:
    server.add("/c.json", item(href))
    (offer,) = search_stac(f"{server.url}/c.json", [], Access())
    (variant,) = offer.variants
    assert variant.files[0].name == f"weights-{href}.bin"
    assert f"./weights-{href}.bin" in variant.texts[0][1]
