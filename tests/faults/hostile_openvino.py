# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile models in the formats that only OpenVINO reads: its own, TensorFlow's, TensorFlow Lite's and Paddle's."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from openvino import opset11 as operations

from tests.faults.hostile_cases import Cases, Make, damaged
from tests.faults.hostile_onnx import with_definition
from tests.networks import pointwise_weights
from tests.paddle_networks import save_scaling_network
from tests.tensorflow_graphs import (
    FLOAT,
    INT32,
    constant,
    deeplab_graph,
    field,
    lite_network,
    node,
    placeholder,
    save_saved_model,
    shape_of,
    type_attribute,
    unary,
)

BANDS, CLASSES, SIDE = 3, 2, 32
IMAGE = (1, BANDS, SIDE, SIDE)
HUGE = 2**40

# The only tensor of the network, in the .bin: as many numbers as the image has bands.
PLACE = f'shape="1, {BANDS}, 1, 1" offset="0" size="{4 * BANDS}"'


def openvino_cases(folder: Path) -> Cases:
    """Returns the cases; files outside a model are canaries in `folder`."""
    canary = folder / "canary"
    canary.write_bytes(struct.pack("<3f", 1, 2, 3))
    cases = {f".xml: {name}": _own(text) for name, text in {**_places(), **_markup(canary), **_graphs()}.items()}
    cases.update({f".xml: tensors {name}": make for name, make in _tensors_elsewhere(canary).items()})
    cases.update({f".xml: {name}": make for name, make in _damaged(folder)})
    cases.update({f".xml: {name}": _built(build) for name, build in _hungry().items()})
    cases.update({f".pb: {name}": with_definition(content, "net.pb") for name, content in _frozen().items()})
    cases.update({f"SavedModel: {name}": make for name, make in _saved_models(canary).items()})
    cases.update({f"Paddle: {name}": make for name, make in _paddle(canary).items()})
    cases.update({f".tflite: {name}": make for name, make in _lite().items()})
    return cases


def scaled(image: Any) -> Any:
    """Returns the image times its bands' factors, which are in the .bin."""
    return operations.multiply(image, operations.constant(np.array([2, -1, 0.5], np.float32).reshape(1, BANDS, 1, 1)))


def save_built(path: Path, build: Callable[[Any], Any], shape: Sequence[int] = IMAGE) -> Path:
    """Saves a network in OpenVINO's own format: an .xml, and a .bin beside it."""
    image = operations.parameter(list(shape), np.float32, name="image")
    openvino.serialize(openvino.Model([build(image)], [image], "network"), path, path.with_suffix(".bin"))
    return path


def hundreds_of_gigabytes(image: Any) -> Any:
    """Returns the image plus the largest of 400 GB of ones, whose number follows from the sizes of the image."""
    factors = operations.constant(np.array([1, 1, 32_000_000, 1]))
    return _and_largest(image, operations.multiply(operations.shape_of(image), factors))


def long_chain(image: Any, steps: int) -> Any:
    """Returns the image after many steps, which OpenVINO joins two by two."""
    for _ in range(steps // 2):
        image = operations.abs(operations.negative(image))
    return image


def never_compiled(image: Any) -> Any:
    """Returns the image plus a number from a loop that is evaluated during compilation, and does not end."""
    number, step = operations.parameter([], np.int64), operations.parameter([1], np.float32)
    following = operations.add(step, operations.constant(np.ones(1, np.float32)))
    body = openvino.Model([operations.constant(np.array(True)), following], [number, step], "body")
    loop = operations.loop(operations.constant(np.array(HUGE)), operations.constant(np.array(True)))
    loop.set_function(body)
    sizes = operations.convert(operations.shape_of(image), np.float32)
    first = operations.strided_slice(sizes, *(operations.constant(np.array([n])) for n in (0, 1, 1)), [0], [0])
    loop.set_merged_input(step, first.output(0), following.output(0))
    found = loop.get_iter_value(following.output(0), -1)
    loop.set_special_body_ports([0, 0])
    return operations.add(image, operations.reshape(found, operations.constant(np.ones(4, np.int64)), False))


def _own(change: Callable[[str], str] | tuple[str, str]) -> Make:
    """Returns a network in OpenVINO's own format with a changed .xml."""

    def make(folder: Path) -> Path:
        path = save_built(folder / "net.xml", scaled)
        text = path.read_text()
        if isinstance(change, tuple):
            assert change[0] in text, text
            text = text.replace(*change)
        else:
            text = change(text)
        return with_definition(text.encode(), "net.xml")(folder)  # type: ignore[no-any-return]

    return make


def _built(build: Callable[[Any], Any]) -> Make:
    def make(folder: Path) -> Path:
        content = save_built(folder / "net.xml", build).read_bytes()
        return with_definition(content, "net.xml")(folder)  # type: ignore[no-any-return]

    return make


def _places() -> dict[str, tuple[str, str]]:
    """Tensors at other places of the .bin, which has one of three numbers."""

    def at(shape: str = f"1, {BANDS}, 1, 1", offset: object = 0, size: object = 4 * BANDS) -> tuple[str, str]:
        return PLACE, f'shape="{shape}" offset="{offset}" size="{size}"'

    return {
        "a tensor beyond the end": at(offset=10**6), "a tensor at 2^62": at(offset=2**62),
        "a tensor at 2^64 - 4": at(offset=2**64 - 4), "a tensor before the start": at(offset=-8),
        "a tensor over the end": at(offset=4), "a tensor nowhere": at(offset="here"),
        "a tensor of no place": (PLACE, f'shape="1, {BANDS}, 1, 1"'),
        "a tensor longer than its file": at(size=10**6), "a tensor of 2^62 bytes": at(size=2**62),
        "a tensor of -4 bytes": at(size=-4), "a tensor of fewer bytes": at(size=4),
        "a tensor of more numbers than bytes": at(shape="1000000, 3, 1000, 1"),
        "a tensor of sizes that wrap around": at(shape=f"{2**62}, {2**2}, 1, 1"),
        "a tensor of 300 dimensions": at(shape=", ".join(["1"] * 300)),
        "a tensor of negative sizes": at(shape="-1, 3, -1, 1"), "a tensor of no size": at(shape=""),
        "texts as numbers": (f'element_type="f32" {PLACE}', f'element_type="string" {PLACE}'),
        "numbers of 4 bits": (f'element_type="f32" {PLACE}', f'element_type="u4" {PLACE}'),
        "numbers of no type": (f'element_type="f32" {PLACE}', f'element_type="x" {PLACE}'),
        "a dynamic type": (f'element_type="f32" {PLACE}', f'element_type="dynamic" {PLACE}'),
    }  # fmt: skip


def _markup(canary: Path) -> dict[str, Any]:
    """Documents that would read other files, or grow when they are read."""
    head = '<?xml version="1.0"?>\n'

    def declared(entities: str, used: str) -> Callable[[str], str]:
        def change(text: str) -> str:
            return text.replace(head, f"{head}<!DOCTYPE net [{entities}]>").replace('"network"', f'"{used}"')

        return change

    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{k + 1} "{f"&a{k};" * 10}">' for k in range(12)
    )  # fmt: skip
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}"/>'
    return {
        "an external entity": declared(f'<!ENTITY x SYSTEM "file://{canary}">', "&x;"),
        "an external document type": (head, f'{head}<!DOCTYPE net SYSTEM "http://localhost:9/x.dtd">'),
        "an entity in a number": lambda text: declared('<!ENTITY x "0">', "n")(text).replace(
            'offset="0"', 'offset="&x;"'),
        "laughs in laughs": declared(laughs, "&a12;"),
        "an included file": ("<layers>", "<layers>" + include.format(canary)),
        "another encoding": (head, '<?xml version="1.0" encoding="UTF-7"?>\n'),
        "elements in elements": ("<layers>", "<layers>" + "<a>" * 100_000 + "</a>" * 100_000),
        "a name of ten megabytes": ('"network"', '"' + "x" * 10**7 + '"'),
        "names of markup": ('"network"', '"&lt;script&gt;{0}%s"'),
        "a second network": ("</net>", '</net><net name="b" version="11"><layers/><edges/></net>'),
    }  # fmt: skip


def _graphs() -> dict[str, Any]:
    """Layers and edges that contradict each other, and operations that would load code."""
    multiply = 'type="Multiply" version="opset1"'
    return {
        "an operation of an extension": (multiply, 'type="Template" version="extension"'),
        "an operation of another library": (multiply, 'type="Multiply" version="./libother.so"'),
        "an operation that is none": (multiply, 'type="Nonsense" version="opset1"'),
        "opset 999": (multiply, 'type="Multiply" version="opset999"'),
        "an old format": ('version="11"', 'version="7"'), "a format of the future": ('version="11"', 'version="9999"'),
        "a format that is no number": ('version="11"', 'version="x"'),
        "no edges": lambda text: text[: text.index("<edges>")] + text[text.index("</edges>") + 8 :],
        "no layers": lambda text: text[: text.index("<layers>")] + text[text.index("</layers>") + 9 :],
        "edges in a circle": ('from-layer="0"', 'from-layer="2"'),
        "edges from nowhere": ('from-layer="0"', 'from-layer="99"'),
        "edges from ports that are not there": ('from-port="0"', 'from-port="4000000000"'),
        "layers of one number": ('<layer id="1"', '<layer id="0"'),
        "a number beyond all": ('<layer id="1"', f'<layer id="{2**63}"'),
        "images of 2^40 rows": (f'shape="1,{BANDS},{SIDE},{SIDE}"', f'shape="1,{BANDS},{HUGE},{SIDE}"'),
        "images of negative rows": (f'shape="1,{BANDS},{SIDE},{SIDE}"', f'shape="1,{BANDS},-7,{SIDE}"'),
        "images of a range of rows": (f'shape="1,{BANDS},{SIDE},{SIDE}"', f'shape="1,{BANDS},9..3,{SIDE}"'),
    }  # fmt: skip


def _damaged(folder: Path) -> Iterator[tuple[str, Make]]:
    content = save_built(folder / "plain.xml", scaled).read_bytes()
    for what, each in damaged(content, flips=12, cuts=4, moves=6):
        yield what, _own(lambda _, each=each: each.decode("latin-1"))  # type: ignore[misc]


def _hungry() -> dict[str, Callable[[Any], Any]]:
    """Networks of a few kilobytes that take a hundred gigabytes or years."""

    def of_constants(*sizes: int) -> Callable[[Any], Any]:
        return lambda image: _and_largest(image, operations.constant(np.array(sizes)))

    def chain(steps: int) -> Callable[[Any], Any]:
        return lambda image: long_chain(image, steps)

    return {
        "100 GB of a constant": of_constants(1, 1, 10**6, 25_000), "2^70 bytes": of_constants(HUGE, HUGE, 1, 1),
        "hundreds of GB": hundreds_of_gigabytes, "a chain of 400 steps": chain(400),
        "a chain without end": chain(20_000),
    }  # fmt: skip


def _and_largest(image: Any, sizes: Any) -> Any:
    """Returns the image plus the largest of as many ones as the sizes say."""
    ones = operations.broadcast(operations.constant(np.float32(1)), sizes)
    axes = operations.constant(np.arange(4))
    return operations.add(image, operations.reduce_max(ones, axes, True))


# --- files and links out of the folder of a model ---------------------------------------------------------------------


def link(path: Path, target: Path | str) -> None:
    """Puts a link in the place of a file or a folder, which is moved away."""
    if path.exists():
        path.rename(path.with_name(f"{path.name}.old"))
    path.symlink_to(target)


def _linked(made: Make, name: str, target: Path | str) -> Make:
    """Returns a model of which one file is a link."""

    def make(folder: Path) -> Path:
        path = made(folder)
        link(folder / name, target)
        return path

    return make


def _tensors_elsewhere(canary: Path) -> dict[str, Make]:
    plain = _built(scaled)

    def twice_linked(folder: Path) -> Path:
        path = _linked(plain, "net.bin", "other.bin")(folder)
        (folder / "other.bin").symlink_to(canary)
        return path

    return {
        "behind a link": _linked(plain, "net.bin", canary), "behind two links": twice_linked,
        "behind a link upwards": _linked(plain, "net.bin", os.path.join("..", "..", *canary.parts[-3:])),
        "in a secret file": _linked(plain, "net.bin", "/etc/passwd"),
        "in a link to itself": _linked(plain, "net.bin", "net.bin"),
        "in a link to nothing": _linked(plain, "net.bin", "absent"), "in a folder": _linked(plain, "net.bin", "."),
        "of a process": _linked(plain, "net.bin", "/proc/self/environ"),
    }  # fmt: skip


def _saved_models(canary: Path) -> dict[str, Make]:
    variables = canary.with_name("variables")
    variables.mkdir()
    (variables / "variables.index").write_bytes(b"x")

    def plain(folder: Path) -> Path:
        graph = deeplab_graph(*pointwise_weights(BANDS, CLASSES), dtype="float32")
        with_definition(b"", "net/saved_model.pb")(_with_folder(folder))
        (folder / "net" / "saved_model.pb").unlink()
        (folder / "net").rmdir()
        save_saved_model(folder / "net", graph, "ImageTensor", "SemanticPredictions")
        return folder / "model.emd"

    def with_index(content: bytes) -> Make:
        def make(folder: Path) -> Path:
            path = plain(folder)
            (folder / "net" / "variables" / "variables.index").write_bytes(content)
            return path

        return make

    chance = np.random.default_rng(7)
    magic = struct.pack("<Q", 0xDB4775248B80FB57)
    return {
        "plain": plain, "variables behind a link": _linked(plain, "net/variables/variables.index", canary),
        "values behind a link": _linked(plain, "net/variables/variables.data-00000-of-00001", canary),
        "a folder behind a link": _linked(plain, "net/variables", variables),
        "a folder behind a link upwards": _linked(plain, "net/variables", os.path.join("..", "..", "..", "parts")),
        "a graph behind a link": _linked(plain, "net/saved_model.pb", canary),
        "an empty index": with_index(b""), "noise as an index": with_index(chance.bytes(4000)),
        "an index without contents": with_index(bytes(40) + magic),
        "an index beyond its end": with_index(b"\xff\xff\xff\xff\x0f" * 8 + magic),
    }  # fmt: skip


def _with_folder(folder: Path) -> Path:
    (folder / "net").mkdir()
    return folder


def _paddle(canary: Path) -> dict[str, Make]:
    def plain(folder: Path) -> Path:
        path = save_scaling_network(folder / "net.pdmodel", np.array([2, -1, 0.5]))
        return with_definition(path.read_bytes(), path.name)(folder)  # type: ignore[no-any-return]

    def named(name: str) -> Make:
        def make(folder: Path) -> Path:
            path = save_scaling_network(folder / "net.pdmodel", np.array([2, -1, 0.5]), name)
            path.with_suffix(".pdiparams").unlink()
            return with_definition(path.read_bytes(), path.name)(folder)  # type: ignore[no-any-return]

        return make

    def with_tensors(content: Callable[[bytes], bytes]) -> Make:
        def make(folder: Path) -> Path:
            path, tensors = plain(folder), folder / "net.pdiparams"
            tensors.write_bytes(content(tensors.read_bytes()))
            return path

        return make

    far = struct.pack("<IQIi", 0, 0, 0, 2**31 - 1)
    return {
        "plain": plain, "tensors behind a link": _linked(plain, "net.pdiparams", canary),
        "tensors in a secret file": _linked(plain, "net.pdiparams", "/etc/passwd"),
        "tensors by a path": named(str(canary)), "tensors by a path upwards": named("../../parts/canary"),
        "cut tensors": with_tensors(lambda content: content[:20]), "no tensors": with_tensors(lambda _: b""),
        "a header of 2 GB": with_tensors(lambda content: far + content[20:]),
        "dates beyond number": with_tensors(lambda content: content[:4] + b"\xff" * 8 + content[12:]),
    }  # fmt: skip


# --- TensorFlow's graphs ----------------------------------------------------------------------------------------------


def _frozen() -> dict[str, bytes]:
    shape = (1, None, None, BANDS)

    def with_constant(tensor: bytes) -> bytes:
        made = node("c", "Const", dtype=type_attribute(FLOAT), value=field(8, tensor))
        axes = constant("axes", np.arange(2, dtype=np.int32))
        largest = node("m", "Max", ["c", "axes"], T=type_attribute(FLOAT), Tidx=type_attribute(INT32))
        return placeholder("x", shape) + made + axes + largest + node("y", "Add", ["x", "m"], T=type_attribute(FLOAT))

    def filled(*sizes: int, value: bytes = field(5, struct.pack("<f", 1))) -> bytes:
        return with_constant(field(1, FLOAT) + field(2, shape_of(sizes)) + value)

    def called(kind: str, *arguments: bytes) -> bytes:
        given = [f"a{number}" for number in range(len(arguments))]
        made = node("c", kind, given, T=type_attribute(FLOAT), Tidx=type_attribute(INT32), index_type=type_attribute(3))
        axes = constant("axes", np.zeros(1, np.int32))
        largest = node("m", "Max", ["c", "axes"], T=type_attribute(FLOAT), Tidx=type_attribute(INT32))
        total = node("y", "Add", ["x", "m"], T=type_attribute(FLOAT))
        return placeholder("x", shape) + b"".join(arguments) + made + axes + largest + total

    whole = deeplab_graph(*pointwise_weights(BANDS, CLASSES), dtype="float32")
    chain = "".join(f"v{k} " for k in range(400)).split()
    found = {
        "a constant of 200 GB in one number": filled(50_000, 1_000_000), "a constant of 2^70": filled(HUGE, 2**28),
        "a constant of 200 GB without a number": filled(50_000, 1_000_000, value=b""),
        "a constant of a negative size": filled(-5, 2), "a constant shorter than its shape": filled(
            3, 1, value=field(4, bytes(4))),
        "a constant longer than its shape": filled(3, 1, value=field(4, bytes(400))),
        "a filled tensor of 200 GB": called(
            "Fill", constant("a0", np.array([50_000, 1_000_000], np.int32)), constant("a1", np.float32(1))),
        "a tile of 200 GB": called(
            "Tile", constant("a0", np.ones((1, 1), np.float32)),
            constant("a1", np.array([50_000, 1_000_000], np.int32))),
        "a chain": placeholder("v0", shape) + b"".join(
            unary(after, "Neg", before) for before, after in zip(chain, chain[1:])),
        "a node of itself": placeholder("x", shape) + unary("y", "Neg", "y"),
        "two nodes in a circle": placeholder("x", shape) + unary("y", "Neg", "z") + unary("z", "Neg", "y"),
    }  # fmt: skip
    found.update(damaged(whole, flips=10, cuts=4, moves=6))
    return found


def _lite() -> dict[str, Make]:
    def lite(size: int, content: bytes | None = None) -> Make:
        whole = content or lite_network(*pointwise_weights(BANDS, CLASSES), size)
        return with_definition(whole, "net.tflite")  # type: ignore[no-any-return]

    plain = lite_network(*pointwise_weights(BANDS, CLASSES), SIDE)
    sizes: Mapping[str, int] = {"plain": SIDE, "images of 2^31 - 1 rows": 2**31 - 1, "images of no rows": 0}
    return {
        **{name: lite(size) for name, size in sizes.items()},
        **{what: lite(SIDE, content) for what, content in damaged(plain, flips=16, cuts=4, moves=6)},
    }
