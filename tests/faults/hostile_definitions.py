# SPDX-License-Identifier: GPL-2.0-or-later
"""Model definitions that are no JSON, endless, or have keys with unexpected values."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.faults.hostile_cases import Cases, damaged, files
from tests.networks import class_definition, pointwise_network

MARKUP = "<script>alert(1)</script>\u202e\x1b[2J{0}%s"

VALUES: dict[str, Any] = {
    "null": None, "true": True, "NaN": float("nan"), "infinite": float("inf"), "minus infinite": float("-inf"),
    "-1": -1, "0": 0, "0.5": 0.5, "2^31": 2**31, "2^63": 2**63, "10^400": 10**400, "1e308": 1e308, "5e-324": 5e-324,
    "100000": 100_000, "empty text": "", "markup": MARKUP, "zero byte": "\0", "a lone surrogate": "\ud800",
    "a megabyte of text": "x" * 10**6, "no items": [], "no keys": {}, "nested": [[[[[[]]]]]],
    "an item of each kind": [None, True, -1, 2**70, 1.5, "x", [], {}], "100000 items": [7] * 100_000,
    "keys": {"Name": {"Name": []}, "": None},
}  # fmt: skip

KEYS = (
    "Framework", "ModelType", "ModelFile", "ModelName", "ModelFormat", "ImageHeight", "ImageWidth", "ExtractBands",
    "Bands", "BandNames", "Classes", "NormalizationStats", "BatchSize", "Padding", "ModelPadding", "Threshold",
    "Description", "Version", "ModelParameters", "ImageSpaceUsed", "test_time_augmentation", "ClassifyPixels",
    "MinCellSize", "ignore_mapped_class", "Preprocessing", "InferenceFunction", "SupportsVariableTileSize", "",
)  # fmt: skip

# An item of the Machine Learning Model extension: its network's input and its file.
SHAPE = {"shape": [-1, 3, 32, 32], "dim_order": ["batch", "channel", "height", "width"], "data_type": "float32"}
ASSET = {"href": "net.onnx", "roles": ["mlm:model"]}

# Random values per key.
DRAWN = 5


def definition_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` receives their network."""
    network = pointwise_network(folder / "net.onnx", 3, 2).read_bytes()
    own: dict[str, Any] = {"ClassifyPixels": {"Stride": 1, "Halo": 0}}
    good = class_definition(Path("net.onnx"), 3, [1, 2], 32, **own)
    texts = {**_keys(good), **_classes(good), **_inner(good), **_texts(good)}
    cases = {f"definition: {name}": _case(text, network) for name, text in texts.items()}
    for name, text in _items().items():
        cases[f"STAC item: {name}"] = _case(text, network, "model.json")
    return cases


def _case(text: str | bytes, network: bytes, name: str = "model.emd") -> Any:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return files(name, {name: content, "net.onnx": network})


def _keys(good: Mapping[str, Any]) -> dict[str, str]:
    chance, found = random.Random(5), {}
    for key in KEYS:
        for title in chance.sample(sorted(VALUES), DRAWN):
            found[f"{key} is {title}"] = json.dumps({**good, key: VALUES[title]})
    for key in ("ImageHeight", "BatchSize", "Padding", "ModelPadding"):
        for number in (2**31 - 1, 50_000, 4_000):
            side = {"ImageWidth": number} if key == "ImageHeight" else {}
            found[f"{key} is {number}"] = json.dumps({**good, key: number, **side})
    return found


def _classes(good: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, list[Any]] = {
        "repeated": [1, 1], "negative": [-5, -1], "above 2^31": [1, 2**31], "below -2^31": [-(2**31) - 5, 1],
        "beyond a float": [1, 10**400], "not whole": [1, 1.5], "texts": ["1", "2"], "not there": [None, 1],
        "not finite": [float("nan"), float("inf")], "truths": [True, False], "one": [1], "three": [1, 2, 3],
        "as many as bytes": list(range(70_000)), "far apart": [0, 2**31 - 2],
    }  # fmt: skip
    found = {
        f"classes {name}": json.dumps({**good, "Classes": [{"Value": value, "Name": "c"} for value in numbers]})
        for name, numbers in values.items()
    }
    for title in ("markup", "a megabyte of text", "an item of each kind", "null", "10^400", "a lone surrogate"):
        for key in ("Name", "Color", "Value"):
            entry = {"Value": 1, "Name": "a", "Color": [1, 2, 3], key: VALUES[title]}
            found[f"the {key} of a class is {title}"] = json.dumps(
                {**good, "Classes": [entry, {"Value": 2, "Name": "b"}]}
            )
    return found


def _inner(good: Mapping[str, Any]) -> dict[str, str]:
    chance, found = random.Random(6), {}
    arrays = ("band_min_values", "band_max_values", "scaled_mean_values", "scaled_std_values")
    plain: dict[str, Any] = dict(zip(arrays, ([0, 0, 0], [255, 255, 255], [0.5] * 3, [0.2] * 3)))
    for name in arrays:
        for title in chance.sample(sorted(VALUES), 3):
            stats = {**plain, name: [VALUES[title]] * 3}
            found[f"{name} are {title}"] = json.dumps({**good, "NormalizationStats": stats})
    for key in ("Stride", "Halo", "Output", "MinCellSize"):
        for title in chance.sample(sorted(VALUES), 3):
            found[f"own {key} is {title}"] = json.dumps(
                {**good, "ClassifyPixels": {"Stride": 1, "Halo": 0, key: VALUES[title]}}
            )
    named = ("/etc/passwd.onnx", "../../net.onnx", "", ".", "model.emd", "net.onnx\0.txt", "x" * 5000 + ".onnx", "~.pt")
    found.update({f"weights named {name[:20]!r}": json.dumps({**good, "ModelFile": name}) for name in named})
    for number in (900, 930, 950, 960, 970, 975, 980, 985, 990):
        found[f"classes {number} deep"] = (
            json.dumps({**good, "Classes": 0})[:-1] + ', "Classes": ' + "[" * number + "]" * number + "}"
        )
    return found


def _texts(good: Mapping[str, Any]) -> dict[str, str | bytes]:
    text, ten = json.dumps(good), 10 * 1024**2
    start = text[:-1] + ', "Other": '
    found: dict[str, str | bytes] = {
        "10 MB of lists in lists": "[" * (ten // 2) + "]" * (ten // 2),
        "10 MB of objects in objects": '{"a":' * (ten // 6) + "1" + "}" * (ten // 6),
        "10 MB of lists in a key": f"{start}{'[' * (ten // 2)}{']' * (ten // 2)}}}",
        "10 MB of empty lists": f"{start}[{'[],' * (ten // 3)}0]}}",
        "10 MB of objects": f"{start}[{'{},' * (ten // 3)}0]}}",
        "10 MB of keys": "{" + ",".join(f'"k{number}":0' for number in range(ten // 12)) + ", " + text[1:],
        "10 MB of one text": f'{start}"{"x" * ten}"}}',
        "10 MB of one number": f"{start}{'9' * ten}}}",
        "10 MB of bands": text.replace("[0, 1, 2]", "[" + "0," * (ten // 2) + "0]", 1),
        "10 MB of spaces": " " * ten + text,
        "100 MB": f'{start}"{"x" * 100 * 1024**2}"}}',
        "doubled keys": text[:-1] + ", " + text[1:],
        "UTF-16": text.encode("utf-16"), "Latin-1": text.encode() + b"\xe9",
        "with a mark": b"\xef\xbb\xbf" + text.encode(),
        "a comment": f"// {text}", "single quotes": str(dict(good)), "a list": "[]", "a number": "1", "nothing": "",
        "null": "null", "spaces": "   \n", "zero bytes": bytes(1000), "a pickle": b"\x80\x04\x95cos\nsystem\n.",
    }  # fmt: skip
    for what, content in damaged(text.encode(), flips=15, cuts=5, moves=5):
        found[what] = content
    return found


def _items() -> dict[str, str]:
    """Returns items of the Machine Learning Model extension, each with one wrong key."""
    shape, properties = SHAPE, _properties()
    asset = ASSET
    chance, found = random.Random(7), {}
    for key in properties:
        for title in chance.sample(sorted(VALUES), 3):
            found[f"{key} is {title}"] = _item({**properties, key: VALUES[title]}, {"model": asset})
    for key in shape:
        for title in chance.sample(sorted(VALUES), 3):
            inputs = [{**properties["mlm:input"][0], "input": {**shape, key: VALUES[title]}}]
            found[f"{key} is {title}"] = _item({**properties, "mlm:input": inputs}, {"model": asset})
    for title in ("markup", "zero byte", "keys", "2^63"):
        found[f"href is {title}"] = _item(properties, {"model": {**asset, "href": VALUES[title]}})
    large = [{**properties["mlm:input"][0], "input": {**shape, "shape": [-1, 3, 2**31, 2**31]}}]
    found["tiles beyond measure"] = _item({**properties, "mlm:input": large}, {"model": asset})
    return found


def mlm_item(asset: Mapping[str, Any] = ASSET, classes: Sequence[Any] = (), **properties: Any) -> str:
    """Returns an item for three bands and two classes, with some properties replaced."""
    own = {"mlm:output": [{"classification:classes": list(classes)}]} if classes else {}
    return _item({**_properties(), **own, **properties}, {"model": asset})


def _properties() -> dict[str, Any]:
    return {
        "mlm:name": "m", "mlm:tasks": ["semantic-segmentation"], "mlm:framework": "ONNX",
        "mlm:input": [{"name": "i", "bands": ["a", "b", "c"], "input": SHAPE}],
        "mlm:output": [{"classification:classes": [{"value": 1, "name": "a"}, {"value": 2, "name": "b"}]}],
    }  # fmt: skip


def _item(properties: Mapping[str, Any], assets: Mapping[str, Any]) -> str:
    return json.dumps({"type": "Feature", "id": "m", "properties": properties, "assets": assets})
