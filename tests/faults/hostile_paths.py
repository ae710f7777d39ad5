# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions and packages that name files elsewhere, or use names that only some systems understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.faults.hostile_cases import Cases, files
from tests.faults.hostile_definitions import MARKUP, mlm_item
from tests.faults.hostile_packages import archive
from tests.networks import class_definition, pointwise_network

# Files that a definition may name; {canary} is one outside the model's folder.
NAMED = (
    "../canary.onnx", "..\\canary.onnx", "{canary}", "file://{canary}", "file:///etc/passwd.onnx",
    "a/../../canary.onnx", "\\\\server\\share\\net2.onnx", "//server/share/net2.onnx", "\\\\?\\C:\\net2.onnx",
    "C:\\Windows\\net2.onnx",
    "https://localhost:9/net2.onnx", "s3://bucket/net2.onnx", "/vsicurl/http://localhost:9/net2.onnx",
    "/dev/zero.onnx", "/dev/stdin", "/proc/self/mem", "NUL", "CON.onnx", "net.onnx::$DATA", "net.onnx:other.onnx",
    "net.onnx ", "net.onnx.", "model.dlpk", "net2.onnx/", "%2e%2e/canary.onnx", "$HOME/net2.onnx", "~/net2.onnx", "..",
)  # fmt: skip

# Member names that Windows reads as devices, shortens, or equates with another member's.
MEMBERS = (
    "CON", "NUL.txt", "com1", "LPT9.log", "deep/AUX/file", "CONIN$", "prn .txt", "COM\u00b9", "...", ".. ", ". .",
    "a/... /b", " /canary", "NET.ONNX", "net.onnx.", "net.onnx ", "net.onnx::$DATA", "NET~1.ONN", "a?b", "a*b", "a|b",
    "a<b>", 'a"b', "\u2215etc\u2215passwd", "\uff0e\uff0e/canary", "n\u0000et",
)  # fmt: skip


def path_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` receives their network, and the canary that must not change."""
    network = pointwise_network(folder / "net.onnx", 3, 2).read_bytes()
    own: dict[str, Any] = {"ClassifyPixels": {"Stride": 1, "Halo": 0}}
    good = class_definition(Path("net.onnx"), 3, [1, 2], 32, **own)
    emd, cases = json.dumps(good).encode(), Cases()
    for named in NAMED:
        weights = named.format(canary=folder / "canary.onnx")
        definition = json.dumps({**good, "ModelFile": weights}).encode()
        item = mlm_item(asset={"href": weights, "roles": ["mlm:model"]}).encode()
        packed = archive({"model.emd": definition, "net.onnx": network})
        title = f"its weights are {named!r}"
        cases[f"definition: {title}"] = files("model.emd", {"model.emd": definition, "net.onnx": network})
        cases[f"STAC item: {title}"] = files("model.json", {"model.json": item, "net.onnx": network})
        cases[f"package: {title}"] = files("model.dlpk", {"model.dlpk": packed})
    for name in MEMBERS:
        packed = archive({"model.emd": emd, "net.onnx": network, name: b"x"})
        cases[f"package: a member {name!r}"] = files("model.dlpk", {"model.dlpk": packed})
    for name, text in {**_classes(good), **_items()}.items():
        kind = name.split(":")[0]
        model = "model.json" if kind == "STAC item" else "model.emd"
        cases[name] = files(model, {model: text.encode(), "net.onnx": network})
    return cases


def _classes(good: Mapping[str, Any]) -> dict[str, str]:
    """Returns definitions with excessive classes, colours and names."""
    found = {}
    for count in (65_535, 65_536, 200_000):
        classes = [{"Value": value, "Name": f"class {value}", "Color": [1, 2, 3]} for value in range(count)]
        found[f"definition: {count} classes"] = json.dumps({**good, "Classes": classes})
    colors: dict[str, Any] = {
        "256": [256, 0, 0], "-1": [-1, 0, 0], "1e9": [1e9] * 3, "NaN": [float("nan")] * 3, "10^400": [10**400] * 3,
        "two": [1, 2], "a text": "#ff0000", "texts": ["1", "2", "3"], "truths": [True] * 3, "lists": [[1], [2], [3]],
        "a hundred thousand": [1] * 100_000, "an object": {"r": 1},
    }  # fmt: skip
    for title, color in colors.items():
        classes = [{"Value": 1, "Name": "a", "Color": color}, {"Value": 2, "Name": "b", "Color": [0, 0, 0]}]
        found[f"definition: a colour of {title}"] = json.dumps({**good, "Classes": classes})
    for key in ("ModelName", "Description", "Version", "ModelVersion", "Framework", "ModelType", MARKUP):
        found[f"definition: markup in {key[:20]}"] = json.dumps({**good, key: MARKUP})
    found["definition: markup in bands"] = json.dumps({**good, "BandNames": [MARKUP] * 3})
    found["definition: markup in ExtractBands"] = json.dumps({**good, "ExtractBands": [MARKUP] * 3})
    return found


def _items() -> dict[str, str]:
    """Returns items with more classes and odder assets than the extension allows."""
    many = [{"value": value, "name": "c"} for value in range(200_000)]
    two = [{"value": 1, "name": MARKUP}, {"value": 2, "name": "b"}]
    colored = {title: [{**two[0], "color_hint": color}, two[1]] for title, color in {
        "digits": "+1+1+1", "other digits": "\u0661\u0661\u0661\u0661\u0661\u0661", "a megabyte": "f" * 10**6,
        "numbers": [256, -1, 10**400], "truths": [True] * 3,
    }.items()}  # fmt: skip
    found = {f"a colour of {title}": mlm_item(classes=classes) for title, classes in colored.items()}
    found["200000 classes"] = mlm_item(classes=many)
    found["markup in a class"] = mlm_item(classes=two)
    found["markup in its name"] = mlm_item(**{"mlm:name": MARKUP, "mlm:architecture": MARKUP})
    found["assets in a list"] = json.dumps({**json.loads(mlm_item()), "assets": [{"href": "net.onnx"}]})
    assets = {str(number): {"href": "../x.pt", "roles": ["mlm:model"]} for number in range(10**5)}
    found["a hundred thousand assets"] = json.dumps({**json.loads(mlm_item()), "assets": assets})
    found["links to elsewhere"] = json.dumps(
        {**json.loads(mlm_item()), "links": [{"rel": "self", "href": "file:///etc/passwd"}] * 1000}
    )
    return {f"STAC item: {name}": text for name, text in found.items()}
