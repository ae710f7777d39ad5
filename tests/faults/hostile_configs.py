# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations in YAML beside a network that would run programs, fill the memory, or contain unexpected values."""

from __future__ import annotations

from pathlib import Path

from tests.faults.hostile_cases import Cases, damaged, files
from tests.networks import pointwise_network

GOOD = """\
model:
  class_path: terratorch.tasks.SemanticSegmentationTask
  init_args:
    model_args: {num_classes: 2, backbone_bands: [RED, GREEN, BLUE]}
    class_names: [a, b]
data:
  class_path: terratorch.datamodules.GenericNonGeoSegmentationDataModule
  init_args: {constant_scale: 1e-4, means: [1, 2, 3], stds: [4, 5, 6], img_size: 32}
"""
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number + 1}: &a{number + 1} [{', '.join([f'*a{number}'] * 9)}]\n" for number in range(30)
)
MERGES = "m0: &m0 {x: 1}\n" + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}\n" for n in range(1, 40))
TEXTS = {
    "aliases that multiply": GOOD + ALIASES,
    "class names of aliases": ALIASES + GOOD.replace("[a, b]", "*a9"),
    "an alias of itself": GOOD.replace("[a, b]", "&x [*x, *x]"),
    "a Python object": GOOD.replace("[a, b]", "!!python/object/apply:os.mkdir [canary]"),
    "a Python object as a key": GOOD + "? !!python/object/apply:os.mkdir [canary]\n: 1\n",
    "a Python name": GOOD.replace("[a, b]", "!!python/name:os.mkdir"),
    "deep lists": GOOD.replace("[a, b]", "[" * 100_000),
    "deep mappings": GOOD + "{x: " * 50_000,
    "merges that multiply": GOOD + MERGES,
    "a long number": GOOD.replace("1e-4", "9" * 100_000),
    "sixty": GOOD.replace("1e-4", ":".join(["59"] * 10_000)),
    "256 KB of spaces": GOOD + " " * 250_000,
    "many names": GOOD.replace("[a, b]", f"[{', '.join(['a'] * 19_000)}]"),
    "names beyond all sense": GOOD.replace("[a, b]", '["\\u202e\\x1b[2J{0}%s<script>", "\\ud800"]'),
    "a key of each kind": GOOD + "1: a\n2.5: b\ntrue: c\n~: d\n2020-01-01: e\n.nan: f\n",
}  # fmt: skip
VALUES = ("~", "true", "-1", ".nan", ".inf", "1.0e+308", "x", '""', "[]", "{}", "[[[[]]]]", "[~, {}, x]", "2147483648")
KEYS = (
    "[1, 2, 3]", "[4, 5, 6]", "1e-4", "32", "[a, b]", "2", "[RED, GREEN, BLUE]",
    "terratorch.tasks.SemanticSegmentationTask",
)  # fmt: skip


def config_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` receives the network that they describe."""
    network = pointwise_network(folder / "net.onnx", 3, 2).read_bytes()
    texts = {name: text.encode("utf-8", "surrogatepass") for name, text in TEXTS.items()}
    for number, key in enumerate(KEYS):
        for value in VALUES[number % 2 :: 2]:
            texts[f"{key} is {value}"] = GOOD.replace(key, value, 1).encode()
    texts.update(damaged(GOOD.encode(), 12, 6, 8))
    return {f"YAML: {name}": files("net.onnx", {"net.onnx": network, "net.yaml": text}) for name, text in texts.items()}
