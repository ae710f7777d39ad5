# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of STAC catalogs and of repositories: search, card, download with resume and digest, and the dialog."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import AddressError, CatalogListError, DownloadDigestError, RunCancelledError
from classify_pixels.inference.models import open_model, read_model_reference
from classify_pixels.plugin_support.http import Access, cancelled_by
from classify_pixels.plugin_support.locations import catalog_list
from classify_pixels.plugin_support.model_catalogs import fetch as fetching
from classify_pixels.plugin_support.model_catalogs.fetch import fetch_variant
from classify_pixels.plugin_support.model_catalogs.offer import Found, Offer, RemoteFile, Variant
from classify_pixels.plugin_support.model_catalogs.repositories import complete, search_repositories
from classify_pixels.plugin_support.model_catalogs.saved_catalogs import (
    REPOSITORIES,
    STAC,
    SavedCatalog,
    read_catalogs,
    write_catalogs,
)
from classify_pixels.plugin_support.model_catalogs.stac_catalog import search_stac
from classify_pixels.ui.panel import catalog_dialog
from classify_pixels.ui.panel.catalog_dialog import CatalogDialog

from ..networks import pointwise_network
from ..servers import CatalogServer
from .command import ROOT
from .event_loop import wait_until
from .test_mlm_items import make_item

pytestmark = pytest.mark.usefixtures("plugin")

NAME = "our/water-net"


@pytest.fixture
def server() -> Iterator[CatalogServer]:
    with CatalogServer() as server:
        yield server


@pytest.fixture
def network(tmp_path: Path) -> bytes:
    return pointwise_network(tmp_path / "net.onnx", 3, 2).read_bytes()


def item(href: str, title: str = "Water", **properties: Any) -> dict[str, Any]:
    document = make_item(href)
    document["properties"].update({"title": title, "license": "CC-BY-4.0", **properties})
    return {**document, "id": title.lower(), "links": []}


def link(rel: str, href: str, **facts: str) -> dict[str, str]:
    return {"rel": rel, "href": href, **facts}


def static_catalog(server: CatalogServer, network: bytes) -> str:
    server.add(
        "/c/catalog.json", {"type": "Catalog", "links": [link("child", "deep/collection.json"), link("root", ".")]}
    )
    links = [link("item", "./water.json"), link("parent", "../catalog.json"), link("item", "./image.json")]
    server.add("/c/deep/collection.json", {"type": "Collection", "links": links})
    server.add("/c/deep/image.json", {"type": "Feature", "properties": {"datetime": None}, "assets": {}, "links": []})
    document = item("net.onnx", description="Rivers and lakes")
    digest = "1220" + hashlib.sha256(network).hexdigest()
    document["assets"]["model"].update({"file:size": len(network), "file:checksum": digest})
    server.add("/c/deep/water.json", document)
    server.files["/c/deep/net.onnx"] = network
    return f"{server.url}/c/catalog.json"


def no_access(_: str) -> Access:
    return Access()


def fetched(offer: Offer, folder: Path) -> Path:
    return fetch_variant(offer, offer.variants[0], folder, no_access, lambda _: None)


def test_models_of_a_static_catalog_are_found_and_open(server: CatalogServer, network: bytes, tmp_path: Path) -> None:
    (offer,) = search_stac(static_catalog(server, network), [], Access())
    assert (offer.title, offer.licence, offer.summary, offer.problem) == ("Water", "CC-BY-4.0", "Rivers and lakes", "")
    assert offer.variants[0].size == len(network)
    path = fetched(offer, tmp_path / "models")
    model = open_model(read_model_reference(str(path)), tmp_path / "packages")
    assert model.weights.read_bytes() == network
    assert [found.name for found in model.definition.classes] == ["water", "land"]


@pytest.mark.parametrize(("words", "count"), [("water", 1), ("LAKES rivers", 1), ("water forest", 0)])
def test_all_words_are_searched_for(words: str, count: int, server: CatalogServer, network: bytes) -> None:
    assert len(search_stac(static_catalog(server, network), words.split(), Access())) == count


def test_an_api_is_followed_from_page_to_page(server: CatalogServer, network: bytes) -> None:
    server.add("/api", {"type": "Catalog", "links": [link("data", "/api/collections"), link("search", "/api/search")]})
    collection = {"type": "Collection", "links": [link("items", f"{server.url}/api/collections/m/items")]}
    server.add("/api/collections", {"collections": [collection], "links": []})
    first = {"type": "FeatureCollection", "features": [item(f"{server.url}/net.onnx", "One")]}
    server.add(
        "/api/collections/m/items", {**first, "links": [link("next", "/api/second"), link("next", "/x", method="POST")]}
    )
    server.add("/api/second", {"type": "FeatureCollection", "features": [item(f"{server.url}/net.onnx", "Two")]})
    assert [offer.title for offer in search_stac(f"{server.url}/api", [], Access())] == ["One", "Two"]


def test_a_catalog_in_files_is_read_and_copied(network: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "net.onnx").write_bytes(network)
    (folder / "deep" / "water.json").write_text(json.dumps(item("./net.onnx")))
    (folder / "catalog.json").write_text(json.dumps({"type": "Catalog", "links": [link("item", "deep/water.json")]}))
    (offer,) = search_stac(str(folder / "catalog.json"), [], Access())
    path = fetched(offer, tmp_path / "models")
    assert open_model(read_model_reference(str(path)), tmp_path / "packages").weights.read_bytes() == network


def test_models_for_other_tasks_are_shown_with_the_reason(server: CatalogServer) -> None:
    server.add("/item.json", item("net.onnx", **{"mlm:tasks": ["object-detection"]}))
    (offer,) = search_stac(f"{server.url}/item.json", [], Access())
    assert offer.problem
    assert not offer.variants


@pytest.mark.parametrize("href", ["file:///etc/passwd", "/vsizip/x.zip/net.onnx", "s3://bucket/net.onnx"])
def test_weights_of_a_server_are_never_files_of_this_machine(href: str, server: CatalogServer) -> None:
    server.add("/item.json", item(href))
    (offer,) = search_stac(f"{server.url}/item.json", [], Access())
    if offer.variants:
        assert offer.variants[0].files[0].address.startswith(server.url)
    else:
        assert offer.problem


def test_a_catalog_without_end_ends(server: CatalogServer) -> None:
    class Endless(dict):  # type: ignore[type-arg]
        def __contains__(self, path: object) -> bool:
            return True

        def __getitem__(self, path: str) -> bytes:
            number = int(path.strip("/") or 0)
            return json.dumps({"type": "Catalog", "links": [link("child", f"/{number + 1}")]}).encode()

    server.files = Endless()
    assert search_stac(f"{server.url}/0", [], Access()) == Found((), is_cut=True)
    assert len(server.requests) <= 501


def test_a_sign_in_stays_with_the_host_of_the_catalog(server: CatalogServer) -> None:
    with CatalogServer() as other:
        other.add("/item.json", item("net.onnx"))
        server.add("/catalog.json", {"type": "Catalog", "links": [link("item", f"{other.url}/item.json")]})
        search_stac(f"{server.url}/catalog.json", [], Access(headers=(("X-Key", "swordfish"),)))
        assert server.requests[0].headers["X-Key"] == "swordfish"
        assert "X-Key" not in other.requests[0].headers


def test_a_catalog_that_is_absent_is_an_error_and_a_part_of_it_is_not(server: CatalogServer) -> None:
    with pytest.raises(AddressError):
        search_stac(f"{server.url}/gone.json", [], Access())
    server.add("/catalog.json", {"type": "Catalog", "links": [link("item", "gone.json"), link("item", "item.json")]})
    server.add("/item.json", item("net.onnx"))
    assert len(search_stac(f"{server.url}/catalog.json", [], Access())) == 1


def repository(server: CatalogServer, network: bytes) -> None:
    card = "---\nlicense: mit\n---\n# Water\nFinds <b>water</b>."
    config = json.dumps({"id2label": {"0": "land", "1": "water"}, "num_channels": 3}).encode()
    files = {
        "README.md": card.encode(),
        "onnx/model.onnx": network,
        "config.json": config,
        "../evil.onnx": b"x",
        "a.txt": b"",
    }
    server.add_repository(NAME, files, cardData={"license": "mit"}, tags=["onnx"])


def test_repositories_are_found_with_card_licence_size_and_files(
    server: CatalogServer, network: bytes, tmp_path: Path
) -> None:
    repository(server, network)
    (found,) = search_repositories(server.url, ["water"], Access())
    assert not found.is_complete
    offer = complete(found, Access())
    assert (offer.title, offer.licence, offer.summary) == (NAME, "mit", "# Water\nFinds <b>water</b>.")
    assert [variant.name for variant in offer.variants] == ["onnx/model.onnx"]
    assert [file.name for file in offer.variants[0].files] == ["onnx/model.onnx", "config.json"]
    path = fetched(offer, tmp_path / "models")
    described = describe_model(read_model_reference(str(path)), tmp_path / "packages")
    assert [known.name for known in described.classes] == ["land", "water"]
    assert not list(tmp_path.rglob("evil*"))


def test_an_address_names_one_repository(server: CatalogServer, network: bytes) -> None:
    repository(server, network)
    (offer,) = search_repositories(f"{server.url}/{NAME}", [], Access())
    assert offer.is_complete
    assert offer.variants
    assert search_repositories(server.url, ["forest"], Access()) == Found(())
    with pytest.raises(AddressError):
        search_repositories(f"{server.url}/a/b/c", [], Access())


def test_a_gated_repository_says_so(server: CatalogServer, network: bytes) -> None:
    server.add_repository(NAME, {"model.onnx": network}, gated="manual")
    (offer,) = search_repositories(f"{server.url}/{NAME}", [], Access())
    assert offer.problem


def single(server: CatalogServer, content: bytes, **facts: Any) -> Offer:
    server.files["/net.onnx"] = content
    known = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **facts}
    return Offer(
        "net-1", "Net", variants=(Variant("net.onnx", (RemoteFile("net.onnx", f"{server.url}/net.onnx", **known),)),)
    )


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_download_goes_on_where_it_ended(ranges: bool, server: CatalogServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    offer, server.ranges = single(server, content), ranges
    server.broken["/net.onnx"] = 300_000
    lengths: list[int] = []
    path = fetch_variant(offer, offer.variants[0], tmp_path, no_access, lengths.append)
    assert path.read_bytes() == content
    assert lengths[-1] == len(content)
    starts = [request.headers.get("Range") for request in server.requests]
    assert starts == [None, "bytes=300000-"]


def test_a_cancelled_download_goes_on_in_the_next_attempt(server: CatalogServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    offer = single(server, content)
    (tmp_path / "net-1").mkdir()
    (tmp_path / "net-1" / f"net.onnx{fetching.PART}").write_bytes(content[:1000])
    with pytest.raises(RunCancelledError), cancelled_by(lambda: True):
        fetched(offer, tmp_path)
    assert not (tmp_path / "net-1" / "net.onnx").exists()
    assert fetched(offer, tmp_path).read_bytes() == content
    assert all(request.headers["Range"].startswith("bytes=") for request in server.requests)
    server.requests.clear()
    fetched(offer, tmp_path)
    assert server.requests == []


def test_the_rest_is_also_requested_from_another_host(server: CatalogServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 64
    offer = single(server, content)
    with CatalogServer() as other:
        other.files["/blob"] = content
        server.redirects["/net.onnx"] = f"{other.url}/blob"
        other.broken["/blob"] = 100
        access = Access(headers=(("X-Key", "swordfish"),))
        path = fetch_variant(offer, offer.variants[0], tmp_path, lambda _: access, lambda _: None)
        assert path.read_bytes() == content
        assert other.requests[1].headers["Range"] == "bytes=100-"
        assert "X-Key" not in other.requests[1].headers


@pytest.mark.parametrize("facts", [{"sha256": "0" * 64}, {"sha256": "", "size": 3}])
def test_another_file_than_described_is_refused(facts: dict[str, Any], server: CatalogServer, tmp_path: Path) -> None:
    offer = single(server, b"abcd", **facts)
    with pytest.raises(DownloadDigestError):
        fetched(offer, tmp_path)
    assert list((tmp_path / "net-1").iterdir()) == []


def test_the_part_of_another_file_is_not_continued(server: CatalogServer, tmp_path: Path) -> None:
    content = b"right" * 1000
    offer = single(server, content)
    (tmp_path / "net-1").mkdir()
    (tmp_path / "net-1" / f"net.onnx{fetching.PART}").write_bytes(b"wrong" * 100)
    with pytest.raises(DownloadDigestError):
        fetched(offer, tmp_path)
    assert fetched(offer, tmp_path).read_bytes() == content


def test_the_list_is_empty_at_first_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "profile" / "model_catalogs.json"
    assert read_catalogs(file) == []
    catalogs = [
        SavedCatalog("Ours", STAC, "https://example.org/c.json", "a1b2c3d"),
        SavedCatalog("Hub", REPOSITORIES, "x"),
    ]
    write_catalogs(file, catalogs)
    assert read_catalogs(file) == catalogs
    assert len(read_catalogs(ROOT / "resources" / "model_catalogs.json")) == 3


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"catalogs": [{"name": "x"}]}', '{"catalogs": [{"name": "x", "kind": "ftp", "address": "y"}]}']
)
def test_an_unreadable_list_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(CatalogListError):
        read_catalogs(tmp_path / "list.json")


@pytest.fixture
def dialog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CatalogDialog]:
    monkeypatch.setattr(catalog_dialog, "model_folder", lambda: tmp_path / "models")
    catalog_list().unlink(missing_ok=True)
    dialog = CatalogDialog()
    dialog.show()
    yield dialog
    dialog.reject()
    dialog.deleteLater()
    catalog_list().unlink(missing_ok=True)


def click(button: Any) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("kind", [STAC, REPOSITORIES])
def test_clicks_lead_from_an_empty_list_to_a_model(
    kind: str, dialog: CatalogDialog, server: CatalogServer, network: bytes
) -> None:
    assert not dialog.search.isEnabled()
    assert dialog.outcome.text()
    repository(server, network)
    address = static_catalog(server, network) if kind == STAC else server.url
    dialog.add_catalog(SavedCatalog("Ours", kind, address))
    paths: list[str] = []
    dialog.fetched.connect(paths.append)
    click(dialog.search)
    wait_until(lambda: dialog.list.topLevelItemCount() == 1)
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    wait_until(lambda: dialog.download.isEnabled())
    assert "SHA-256" in dialog.text.toPlainText()
    click(dialog.download)
    wait_until(lambda: bool(paths))
    assert Path(paths[0]).is_file()
    assert read_catalogs(catalog_list()) == [SavedCatalog("Ours", kind, address)]


def test_a_failure_is_told_and_cancel_ends_a_search(dialog: CatalogDialog, server: CatalogServer) -> None:
    dialog.add_catalog(SavedCatalog("Ours", STAC, f"{server.url}/gone.json"))
    click(dialog.search)
    wait_until(lambda: "gone.json" in dialog.outcome.text())


def test_a_catalog_is_removed_from_the_list(dialog: CatalogDialog) -> None:
    dialog.add_catalog(SavedCatalog("Ours", STAC, "https://example.org"))
    click(dialog.remove)
    assert read_catalogs(catalog_list()) == []
    assert not dialog.search.isEnabled()


@pytest.mark.parametrize(("name", "is_offered"), [("net.tflite", True), ("net.h5", False)])
def test_weights_are_offered_by_their_kind(name: str, is_offered: bool, server: CatalogServer) -> None:
    server.add_repository(NAME, {name: b"weights"})
    (offer,) = search_repositories(f"{server.url}/{NAME}", [], Access())
    assert bool(offer.variants) is is_offered
    assert bool(offer.problem) is not is_offered
