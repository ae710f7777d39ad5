# SPDX-License-Identifier: GPL-2.0-or-later
"""Class maps in every form that networks give them, from every runtime: as PyTorch has them for the whole scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is optional")

from classify_pixels.inference.errors import FunctionError, FunctionNotAllowedError, UnlistedClassError  # noqa: E402
from classify_pixels.inference.models import ModelReference, open_model  # noqa: E402
from tests.networks import class_definition  # noqa: E402
from tests.raster_functions import write_model  # noqa: E402
from tests.runs import read  # noqa: E402
from tests.unit.rasters import random_pixels, write_raster  # noqa: E402
from tests.unit.runs import classify  # noqa: E402

HEIGHT, WIDTH, CLASSES = 70, 90, 4
PIXELS = random_pixels(2, HEIGHT, WIDTH)
OWN = {"Stride": 1, "Halo": 1}

FORMS: dict[str, Callable[[Any], Any]] = {
    "scores": lambda s: s,
    "scores CHW": lambda s: s[0],
    "half scores": lambda s: s.half(),
    "NHW": lambda s: s.argmax(1),
    "NHW floats": lambda s: s.argmax(1).float(),
    "NHW bytes": lambda s: s.argmax(1).to(torch.uint8),
    "NHW int16": lambda s: s.argmax(1).to(torch.int16),
    "NHW half": lambda s: s.argmax(1).half(),
    "N1HW": lambda s: s.argmax(1, keepdim=True),
    "N1HW floats": lambda s: s.argmax(1, keepdim=True).float(),
    "HW": lambda s: s.argmax(1)[0],
    "HW floats": lambda s: s.argmax(1)[0].float(),
    "1HW of no batch": lambda s: s[0].argmax(0, keepdim=True),
    "max": lambda s: tuple(torch.max(s, 1)),
    "max kept": lambda s: tuple(torch.max(s, 1, keepdim=True)),
    "max of no batch": lambda s: tuple(torch.max(s[0], 0)),
    "max of probabilities": lambda s: tuple(torch.max(torch.softmax(s, 1), 1)),
    "max, floats": lambda s: (torch.max(s, 1)[0], torch.max(s, 1)[1].float()),
    "indices and values": lambda s: (torch.max(s, 1)[1], torch.max(s, 1)[0]),
}
# Of two outputs of floats nothing tells which one holds the classes.
UNCLEAR = ("max, floats",)


class Network(torch.nn.Module):  # type: ignore[misc]
    """A 3 x 3 convolution whose scores take a form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.conv = torch.nn.Conv2d(2, CLASSES, 3, padding=1)
        self._form = form

    def forward(self, image: Any) -> Any:
        return FORMS[self._form](self.conv(image))


def saved(path: Path, form: str) -> np.ndarray:
    """Saves a network as the file's name says; returns PyTorch's classes of the whole scene."""
    network, example = Network(form).eval(), torch.zeros(1, 2, 32, 32)
    if path.suffix == ".pt":
        torch.jit.trace(network, example, strict=False).save(str(path))
    elif path.suffix == ".pt2":
        pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
        sizes = ({2: torch.export.Dim("h"), 3: torch.export.Dim("w")},)
        torch.export.save(torch.export.export(network, (example,), dynamic_shapes=sizes), str(path))
    else:
        pytest.importorskip("onnx")
        torch.onnx.export(
            network, example, str(path), input_names=["image"], dynamic_axes={"image": {2: "h", 3: "w"}}, dynamo=False
        )
    with torch.no_grad():
        scores = network.conv(torch.from_numpy(PIXELS[np.newaxis]).float())[0].numpy()
    return scores.argmax(0)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", PIXELS)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".onnx", ".pt", ".pt2"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_from_every_runtime(form: str, suffix: str, scene: Path, tmp_path: Path) -> None:
    network = tmp_path / f"net{suffix}"
    expected = saved(network, form)
    arguments = {"output": "1"} if form in UNCLEAR else {}
    for model in (network, class_definition(network, 2, range(CLASSES), 40, ClassifyPixels=OWN)):
        classify(scene, model, tmp_path / "map.tif", arguments)
        wrong = read(tmp_path / "map.tif") != expected
        # Halves are rounded: there two scores may be equal.
        assert wrong.mean() <= (0.01 if form == "half scores" else 0)
    # Scores stand for the classes in their order; numbers in a map are the values of classes themselves.
    model = class_definition(network, 2, [3, 5, 7, 9], 40, ClassifyPixels=OWN)
    if "scores" in form:
        classify(scene, model, tmp_path / "map.tif", arguments)
        assert (read(tmp_path / "map.tif") == 2 * expected + 3).mean() >= (0.99 if form == "half scores" else 1)
    else:
        with pytest.raises(UnlistedClassError):
            classify(scene, model, tmp_path / "map.tif", arguments)


# --- raster functions -------------------------------------------------------------------------------------------

FUNCTION = """
import numpy as np


class Maps:
    def getParameterInfo(self):
        return [{{"name": "raster", "dataType": "raster"}}]

    def getConfiguration(self, **scalars):
        return {{"padding": 0, "tx": 32, "ty": 32}}

    def updateRasterInfo(self, **kwargs):
        kwargs["output_info"].update(bandCount=1, pixelType="{kind}")
        return kwargs

    def updatePixels(self, tlc, shape, props, **pixelBlocks):
        low = pixelBlocks["raster_pixels"].sum(axis=0) < {level}
        pixelBlocks["output_pixels"] = np.where(low, {low}, 7){form}
        return pixelBlocks
"""


def run_function(scene: Path, tmp_path: Path, **parts: Any) -> np.ndarray:
    level = float(np.median(PIXELS.sum(axis=0)))
    code = FUNCTION.format(**{"kind": "u1", "low": 3, "form": "", "level": level, **parts})
    emd = write_model(tmp_path / "model", code, "Maps", tile=32)
    with pytest.raises(FunctionNotAllowedError) as caught:
        open_model(ModelReference(path=emd), tmp_path / "cache")
    allowed = frozenset([str(caught.value.values["fingerprint"])])
    classify(scene, emd, tmp_path / "map.tif", allowed_functions=allowed)
    return read(tmp_path / "map.tif")


@pytest.mark.parametrize("kind", ["u1", "i4", "f4", "f8"])
@pytest.mark.parametrize(
    "form", ["", ".astype('f4')", ".astype('f8')[np.newaxis]", ".astype('u1')[np.newaxis, np.newaxis]", ".tolist()"]
)
def test_every_form_from_a_raster_function(form: str, kind: str, scene: Path, tmp_path: Path) -> None:
    found = run_function(scene, tmp_path, form=form, kind=kind)
    sums = PIXELS.sum(axis=0)
    assert (found == np.where(sums < float(np.median(sums)), 3, 7)).all()


@pytest.mark.parametrize(
    ("kind", "low"), [("u1", "259"), ("u1", "-253"), ("u1", "3.5"), ("i2", "65539"), ("u1", "1e300")]
)
def test_values_that_its_type_does_not_hold_are_no_classes(kind: str, low: str, scene: Path, tmp_path: Path) -> None:
    """Cut to the type they would be classes that nobody meant."""
    with pytest.raises(FunctionError, match="pixelType"):
        run_function(scene, tmp_path, kind=kind, low=low)
    assert not (tmp_path / "map.tif").exists()
