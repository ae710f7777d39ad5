# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains the sample model on the sample scene and writes it as ONNX, TorchScript and .dlpk.

    python scripts/train_sample.py [--iterations 400] [--output resources/sample]

Needs torch, onnx, onnxruntime and GDAL's Python bindings; takes about two minutes on two cores.
The labels are thresholds on two spectral indices, not ground truth: the model is a demonstration.
"""

from __future__ import annotations

import argparse
import copy
import io
import time
import zipfile
from pathlib import Path

import onnxruntime
import torch
from dlpk_writer import emd_text, write_dlpk, write_zip
from osgeo import gdal
from torch import Tensor, nn
from torch.nn import functional

SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "sample"
SCENE = SAMPLE / "landsat7_olinda.tif"
NAME = "landsat7_landcover"

BANDS = ["blue", "green", "red", "nir", "swir16", "swir22"]
CLASSES = [
    {"Value": 0, "Name": "Water", "Color": [65, 105, 225]},
    {"Value": 1, "Name": "Dense vegetation", "Color": [0, 100, 0]},
    {"Value": 2, "Name": "Sparse vegetation", "Color": [154, 205, 50]},
    {"Value": 3, "Name": "Built or bare", "Color": [200, 120, 90]},
]
WATER_NDWI = 0.20
DENSE_NDVI = 0.25
SPARSE_NDVI = 0.05

TRAINING_COLUMNS = 256
WINDOW = 128
BATCH = 8
STRIDE = 4
TILE = 256


class LandCoverNet(nn.Module):
    """A small U-Net with two poolings: raw digital numbers in, class probabilities out.

    (n, 6, h, w) float32 -> (n, 4, h, w) float32; h and w are multiples of 4.
    """

    def __init__(self, mean: Tensor, std: Tensor, width: int = 12) -> None:
        super().__init__()
        self.register_buffer("mean", mean.view(1, -1, 1, 1))
        self.register_buffer("std", std.view(1, -1, 1, 1))
        self.fine = double_convolution(len(BANDS), width)
        self.middle = double_convolution(width, 2 * width)
        self.coarse = double_convolution(2 * width, 4 * width)
        self.middle_up = double_convolution(6 * width, 2 * width)
        self.fine_up = double_convolution(3 * width, width)
        self.head = nn.Conv2d(width, len(CLASSES), 1)
        self.shrink = nn.MaxPool2d(2)
        self.enlarge = nn.Upsample(scale_factor=2.0, mode="nearest")

    def forward(self, image: Tensor) -> Tensor:
        """The probability of each class."""
        return torch.softmax(self.scores(image), 1)

    def scores(self, image: Tensor) -> Tensor:
        """The scores before softmax, which the training loss wants."""
        fine = self.fine((image - self.mean) / self.std)
        middle = self.middle(self.shrink(fine))
        coarse = self.coarse(self.shrink(middle))
        middle = self.middle_up(torch.cat([self.enlarge(coarse), middle], 1))
        fine = self.fine_up(torch.cat([self.enlarge(middle), fine], 1))
        return self.head(fine)


def double_convolution(inputs: int, outputs: int) -> nn.Sequential:
    """Two 3x3 convolutions, each with batch normalisation and ReLU."""
    return nn.Sequential(*convolution(inputs, outputs), *convolution(outputs, outputs))


def convolution(inputs: int, outputs: int) -> list[nn.Module]:
    """One 3x3 convolution of the same size, batch normalisation and ReLU."""
    return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def read_scene() -> Tensor:
    """The sample scene as raw digital numbers, (6, rows, columns) float32."""
    dataset = gdal.Open(str(SCENE))
    return torch.from_numpy(dataset.ReadAsArray()).float()


def index_labels(scene: Tensor) -> Tensor:
    """Class values from thresholds on NDWI and NDVI, each smoothed 3x3; (rows, columns) int64."""
    _, green, red, nir, _, _ = scene
    ndwi, ndvi = normalized_difference(green, nir), normalized_difference(nir, red)
    labels = torch.full(ndwi.shape, 3)
    labels[ndvi > SPARSE_NDVI] = 2
    labels[ndvi > DENSE_NDVI] = 1
    labels[ndwi > WATER_NDWI] = 0
    return labels


def normalized_difference(first: Tensor, second: Tensor) -> Tensor:
    """(first - second) / (first + second), averaged over 3x3 pixels."""
    index = ((first - second) / (first + second))[None, None]
    return functional.avg_pool2d(functional.pad(index, (1, 1, 1, 1), mode="replicate"), 3, stride=1)[0, 0]


def random_window(scene: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """A random training window of the training columns, randomly rotated and flipped."""
    row = int(torch.randint(scene.shape[1] - WINDOW + 1, ()))
    column = int(torch.randint(TRAINING_COLUMNS - WINDOW + 1, ()))
    turns, mirrored = int(torch.randint(4, ())), int(torch.randint(2, ()))

    def cut(raster: Tensor) -> Tensor:
        window = raster[..., row : row + WINDOW, column : column + WINDOW]
        turned = torch.rot90(window, turns, (-2, -1))
        return turned.flip(-1) if mirrored else turned

    return cut(scene), cut(labels)


def train(scene: Tensor, labels: Tensor, iterations: int) -> LandCoverNet:
    """Train a network on the columns before TRAINING_COLUMNS and return it ready for use."""
    seen = scene[..., :TRAINING_COLUMNS]
    network = LandCoverNet(seen.mean((1, 2)), seen.std((1, 2)))
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=iterations)
    for _ in range(iterations):
        windows, targets = zip(*(random_window(scene, labels) for _ in range(BATCH)))
        loss = functional.cross_entropy(network.scores(torch.stack(windows)), torch.stack(targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return network.eval()


def whole_strides(scene: Tensor) -> Tensor:
    """The scene as a batch of one, without the last rows and columns that fill no stride."""
    rows, columns = (size - size % STRIDE for size in scene.shape[1:])
    return scene[None, :, :rows, :columns]


def agreement(probabilities: Tensor, labels: Tensor) -> tuple[float, float]:
    """The share of pixels with their label, in the training columns and in the others."""
    rows, columns = probabilities.shape[2:]
    right = (probabilities[0].argmax(0) == labels[:rows, :columns]).double()
    return float(right[:, :TRAINING_COLUMNS].mean()), float(right[:, TRAINING_COLUMNS:].mean())


def receptive_reach(network: LandCoverNet) -> int:
    """The number of pixels around a block of one stride that affect its probabilities.

    Replacing everything beyond by noise changes nothing, in double precision.
    """
    exact = copy.deepcopy(network).double()
    image = noise()
    start, stop = WINDOW // 2, WINDOW // 2 + STRIDE
    expected = exact(image)[..., start:stop, start:stop]
    for reach in range(start):
        changed, seen = noise(), slice(start - reach, stop + reach)
        changed[..., seen, seen] = image[..., seen, seen]
        if torch.equal(exact(changed)[..., start:stop, start:stop], expected):
            return reach
    raise ValueError("The network depends on more than half a window around a pixel.")


def noise() -> Tensor:
    """Windows of random digital numbers in double precision."""
    return 255 * torch.rand(BATCH, len(BANDS), WINDOW, WINDOW, dtype=torch.float64)


def one_tile() -> Tensor:
    """An empty tile, the exporters' example input."""
    return torch.zeros(1, len(BANDS), TILE, TILE)


def onnx_bytes(network: LandCoverNet) -> bytes:
    """The network as ONNX, free in the number, height and width of its tiles."""
    free = {0: "n", 2: "h", 3: "w"}
    buffer = io.BytesIO()
    torch.onnx.export(
        network,
        (one_tile(),),
        buffer,
        dynamo=False,
        opset_version=17,
        input_names=["image"],
        output_names=["probabilities"],
        dynamic_axes={"image": free, "probabilities": free},
    )
    return buffer.getvalue()


def write_torchscript(network: LandCoverNet, path: Path) -> None:
    """Write the network as TorchScript."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.trace(network, one_tile()), buffer)
    with zipfile.ZipFile(buffer) as archive:
        # The debug records contain folder names of the training machine.
        names = [name for name in archive.namelist() if not name.endswith(".debug_pkl")]
        write_zip(path, {name: archive.read(name) for name in names}, zipfile.ZIP_STORED)


def definition(framework: str, model_file: str, reach: int) -> dict[str, object]:
    """The content of the .emd of one of the exported files."""
    return {
        "Framework": framework,
        "ModelType": "ImageClassification",
        "ModelName": "Landsat 7 land cover (sample)",
        "ModelFile": model_file,
        "Description": (
            "Small U-Net for Landsat 7 ETM+ at 28.5 m, trained on one scene (Olinda, Brazil). Raw digital "
            "numbers in, softmax out. The labels are thresholds on NDWI and NDVI, not ground truth."
        ),
        "ImageHeight": TILE,
        "ImageWidth": TILE,
        "ExtractBands": list(range(len(BANDS))),
        "BandNames": BANDS,
        "Classes": CLASSES,
        "ClassifyPixels": {"Stride": STRIDE, "Halo": -(-reach // STRIDE) * STRIDE},
    }


def export(network: LandCoverNet, folder: Path, reach: int) -> None:
    """Write the five files of the sample model."""
    onnx, emd = f"{NAME}.onnx", f"{NAME}.emd"
    script, script_emd = f"{NAME}_torchscript.pt", f"{NAME}_torchscript.emd"
    (folder / onnx).write_bytes(onnx_bytes(network))
    (folder / emd).write_text(emd_text(definition("ONNX", onnx, reach)), encoding="utf-8")
    write_torchscript(network, folder / script)
    (folder / script_emd).write_text(emd_text(definition("PyTorch", script, reach)), encoding="utf-8")
    write_dlpk(folder / f"{NAME}.dlpk", {name: (folder / name).read_bytes() for name in (emd, onnx)})


def run_exports(folder: Path, image: Tensor) -> tuple[Tensor, Tensor]:
    """The probabilities of one image from the ONNX and from the TorchScript file."""
    session = onnxruntime.InferenceSession(str(folder / f"{NAME}.onnx"), providers=["CPUExecutionProvider"])
    script = torch.jit.load(str(folder / f"{NAME}_torchscript.pt"))
    (probabilities,) = session.run(["probabilities"], {"image": image.numpy()})
    return torch.from_numpy(probabilities), script(image)


def parse_arguments() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description="Train and export the sample model.")
    parser.add_argument("--iterations", type=int, default=400, help="training steps (default: 400)")
    parser.add_argument("--output", type=Path, default=SAMPLE, help="folder (default: resources/sample)")
    return parser.parse_args()


def main() -> None:
    """Train, export, compare the exported files and print the results."""
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    gdal.UseExceptions()
    torch.manual_seed(7)
    torch.set_num_threads(2)
    start = time.monotonic()
    scene = read_scene()
    labels = index_labels(scene)
    network = train(scene, labels, arguments.iterations)
    seconds = time.monotonic() - start
    with torch.no_grad():
        reach = receptive_reach(network)
        export(network, arguments.output, reach)
        onnx, script = run_exports(arguments.output, whole_strides(scene))
    trained, unseen = agreement(onnx, labels)
    print(f"accuracy in columns 0-{TRAINING_COLUMNS - 1}: {trained:.4f}")
    print(f"accuracy in columns {TRAINING_COLUMNS} and more: {unseen:.4f}")
    print(f"largest difference between ONNX and TorchScript: {float((onnx - script).abs().max()):.1e}")
    print(f"receptive reach: {reach} pixels")
    print(f"seconds of training: {seconds:.0f}")


if __name__ == "__main__":
    main()
