# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC items of models with weights beside them, at an address, or in a remote item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import AddressError, WeightsMissingError
from classify_pixels.inference.models import Model, open_model, read_model_reference
from classify_pixels.plugin_support.sources.resolve import resolve_model

from ..networks import pointwise_network
from ..servers.loopback import Answer, LoopbackServer, Request

pytestmark = pytest.mark.usefixtures("plugin")


class FileServer(LoopbackServer):
    """Serves texts and bytes by their paths."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}

    def answer(self, request: Request) -> Answer:
        body = self.files.get(request.path)
        return Answer(status=404) if body is None else Answer(body)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    with FileServer() as server:
        server.files["/models/weights/net.onnx"] = pointwise_network(tmp_path / "net.onnx", 3, 2).read_bytes()
        yield server


def make_item(href: str) -> dict[str, Any]:
    structure = {"shape": [-1, 3, 64, 64], "dim_order": ["batch", "channel", "height", "width"]}
    classes = [{"value": 1, "name": "water"}, {"value": 2, "name": "land"}]
    return {
        "type": "Feature",
        "id": "item",
        "properties": {
            "mlm:name": "Water",
            "mlm:input": [{"name": "image", "bands": [], "input": structure}],
            "mlm:output": [{"name": "classes", "classification:classes": classes}],
        },
        "assets": {"model": {"href": href, "roles": ["mlm:model"]}},
    }


def opened(value: object, tmp_path: Path) -> Model:
    model = open_model(read_model_reference(resolve_model(value, tmp_path / "cache")), tmp_path / "packages")
    assert model.weights.read_bytes() == (tmp_path / "net.onnx").read_bytes()
    assert model.name == "Water"
    return model


def written(item: dict[str, Any], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(item))
    return path


def test_an_item_beside_its_weights_is_used_where_it_is(tmp_path: Path, server: FileServer) -> None:
    path = written(make_item("./net.onnx"), tmp_path / "item.json")
    assert opened(str(path), tmp_path).weights == tmp_path / "net.onnx"
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("query", ["", "?token=secret"])
@pytest.mark.parametrize("form", ["path", "uri", "text", "mapping"])
def test_weights_at_an_address_are_copied(form: str, query: str, tmp_path: Path, server: FileServer) -> None:
    item = make_item(f"{server.url}/models/weights/net.onnx{query}")
    path = str(written(item, tmp_path / "items" / "item.json"))
    value = {"path": path, "uri": {"uri": path}, "text": json.dumps(item), "mapping": item}[form]
    opened(value, tmp_path)
    assert [request.path for request in server.requests] == ["/models/weights/net.onnx"]
    assert [file.name for file in (tmp_path / "items").iterdir()] == ["item.json"]


@pytest.mark.parametrize("href", ["./weights/net.onnx", "weights/net.onnx", "ABSOLUTE"])
def test_an_item_at_an_address_brings_its_weights(href: str, tmp_path: Path, server: FileServer) -> None:
    href = f"{server.url}/models/weights/net.onnx" if href == "ABSOLUTE" else href
    server.files["/models/item.json"] = json.dumps(make_item(href)).encode()
    opened({"url": f"{server.url}/models/item.json"}, tmp_path)


def test_weights_that_the_server_has_not_are_named(tmp_path: Path, server: FileServer) -> None:
    with pytest.raises(AddressError, match="absent.onnx"):
        resolve_model(make_item(f"{server.url}/absent.onnx"), tmp_path / "cache")


def test_other_places_need_the_file_beside_the_item(tmp_path: Path, server: FileServer) -> None:
    path = written(make_item("s3://bucket/other.onnx"), tmp_path / "item.json")
    with pytest.raises(WeightsMissingError, match="s3://bucket/other.onnx"):
        opened(str(path), tmp_path)
