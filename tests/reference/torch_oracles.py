# SPDX-License-Identifier: GPL-2.0-or-later
"""The networks of other libraries: fastai 1.0.61, torchvision and segmentation_models_pytorch 0.6.

None of them is needed for development. If all can be imported, the tests compare with them directly,
otherwise with the output of `scripts/write_torch_reference.py`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

FOLDER = Path(__file__).parent / "networks"

# Imports of fastai for its charts and tables.
HEAVY = "matplotlib matplotlib.pyplot matplotlib.patches pandas yaml scipy scipy.stats scipy.special requests".split()
HEAVY += ["pkg_resources"]


KINDS = {
    "unet": "U-Net", "deeplab": "DeepLabV3", "pspnet": "PSPNet", "fcn": "FCN", "lraspp": "LRASPP",
    "Unet": "U-Net", "UnetPlusPlus": "U-Net++", "DeepLabV3Plus": "DeepLabV3+", "Segformer": "SegFormer",
}  # fmt: skip
ENCODERS = {
    "mobilenet_v3_large": "MobileNetV3", "mobilenet_v2": "MobileNetV2", "mit_b0": "a Mix Transformer",
    "efficientnet-b0": "an EfficientNet", "efficientnet-b1": "an EfficientNet",
    "timm-efficientnet-b0": "an EfficientNet", "timm-tf_efficientnet_lite0": "an EfficientNet",
    "se_resnet50": "SE-ResNet-50", "se_resnext50_32x4d": "SE-ResNeXt-50", "resnext50_32x4d": "ResNeXt-50",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A network: its kind, encoder, bands, chip, and further arguments of its builder; `run_size` is (height, width).

    A kind of segmentation_models_pytorch is the name of its class.
    """

    kind: str
    encoder: str
    bands: int
    channels: int
    chip: int = 64
    run_size: tuple[int, int] = (64, 96)
    variant: str = ""

    @property
    def name(self) -> str:
        """Its usual name."""
        kind = KINDS.get(self.kind.split("_")[0], self.kind)
        return f"{kind} upon {ENCODERS.get(self.encoder) or 'ResNet-' + self.encoder[len('resnet') :]}"

    @property
    def is_smp(self) -> bool:
        """True for a network of segmentation_models_pytorch."""
        return self.kind[0].isupper()


CASES = {
    "unet-resnet18": Case("unet", "resnet18", 3, 4),
    "unet-resnet34-odd": Case("unet", "resnet34", 7, 5, chip=75, run_size=(75, 75)),
    "unet-resnet50-batch": Case("unet", "resnet50", 3, 3, variant="Batch"),
    "unet-resnet101": Case("unet", "resnet101", 12, 4),
    "unet-resnet34-weight": Case("unet", "resnet34", 3, 4, chip=100, run_size=(100, 100), variant="Weight"),
    "unet-resnet18-default": Case("unet", "resnet18", 4, 2, variant="default"),
    "unet-resnet152": Case("unet", "resnet152", 3, 3, run_size=(64, 64)),
    "deeplab-resnet50": Case("deeplab", "resnet50", 2, 3, run_size=(72, 96)),
    "deeplab-resnet101": Case("deeplab", "resnet101", 3, 5, run_size=(64, 64)),
    "deeplab-resnet34-numbered": Case("deeplab_numbered", "resnet34", 3, 3),
    "deeplab-resnet50-numbered": Case("deeplab_numbered", "resnet50", 4, 3),
    "pspnet-resnet50-unet": Case("pspnet_unet", "resnet50", 3, 4),
    "pspnet-resnet34-unet-odd": Case("pspnet_unet", "resnet34", 6, 3, chip=75, run_size=(75, 75)),
    "pspnet-resnet101-plain": Case("pspnet_plain", "resnet101", 3, 6, run_size=(80, 72)),
    "fcn-resnet50": Case("fcn", "resnet50", 3, 4, run_size=(72, 64)),
    "deeplab-mobilenet": Case("deeplab", "mobilenet_v3_large", 3, 4, run_size=(80, 96)),
    "lraspp-mobilenet": Case("lraspp", "mobilenet_v3_large", 3, 4, run_size=(80, 96)),
    "smp-unet-resnet18": Case("Unet", "resnet18", 4, 5),
    "smp-unet-resnet18-scse": Case("Unet", "resnet18", 3, 4, variant="scse"),
    "smp-unet-resnet18-shallow": Case("Unet", "resnet18", 3, 4, variant="shallow"),
    "smp-unet-efficientnet": Case("Unet", "efficientnet-b0", 3, 4),
    "smp-unet-mobilenet": Case("Unet", "mobilenet_v2", 6, 2),
    "smp-unet-mit": Case("Unet", "mit_b0", 3, 4),
    "smp-unetplusplus-timm-efficientnet": Case("UnetPlusPlus", "timm-efficientnet-b0", 3, 4),
    "smp-fpn-seresnext50": Case("FPN", "se_resnext50_32x4d", 3, 4),
    "smp-fpn-resnet18-joined": Case("FPN", "resnet18", 3, 4, variant="joined"),
    "smp-pan-resnet18": Case("PAN", "resnet18", 3, 4, run_size=(128, 128)),
    "smp-linknet-lite": Case("Linknet", "timm-tf_efficientnet_lite0", 3, 4),
    "smp-manet-seresnet50": Case("MAnet", "se_resnet50", 3, 4),
    "smp-deeplab-resnext50": Case("DeepLabV3", "resnext50_32x4d", 3, 4),
    "smp-deeplabplus-efficientnet-b1": Case("DeepLabV3Plus", "efficientnet-b1", 3, 4),
    "smp-deeplabplus-mobilenet": Case("DeepLabV3Plus", "mobilenet_v2", 3, 4),
    "smp-segformer-mit": Case("Segformer", "mit_b0", 4, 6),
}
VARIANTS: dict[str, dict[str, Any]] = {
    "scse": {"decoder_attention_type": "scse"},
    "shallow": {"encoder_depth": 3, "decoder_channels": (32, 16, 8), "decoder_use_norm": False},
    "joined": {"decoder_merge_policy": "cat"},
}


_operations: Any = None


def why_absent() -> str:
    """Returns the reason why the libraries cannot be used, empty if they can."""
    libraries = ("torch", "torchvision", "fastai", "segmentation_models_pytorch")
    missing = [name for name in libraries if importlib.util.find_spec(name) is None]
    return f"{' and '.join(missing)} cannot be imported" if missing else ""


def build(case: Case) -> Any:
    """Returns the network as a module in evaluation, with its library's initial weights."""
    builders = {
        "unet": _unet, "deeplab": _torchvision_network, "deeplab_numbered": _deeplab_numbered,
        "pspnet_unet": _pspnet_unet, "pspnet_plain": _pspnet_plain, "fcn": _torchvision_network,
        "lraspp": _torchvision_network,
    }  # fmt: skip
    return (_smp if case.is_smp else builders[case.kind])(case).eval()


def _smp(case: Case) -> Any:
    _torchvision()
    network = getattr(importlib.import_module("segmentation_models_pytorch"), case.kind)
    options = VARIANTS.get(case.variant, {})
    return network(case.encoder, encoder_weights=None, in_channels=case.bands, classes=case.channels, **options)


def _torchvision() -> Any:
    # Its box operations may be built for another torch, and no network here needs them.
    import torch

    global _operations
    if _operations is None:
        _operations = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            _operations.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return importlib.import_module("torchvision")


def _fastai(name: str) -> Any:
    """Imports a module of fastai without its packages' own imports, which load all of it."""
    spec = importlib.util.find_spec("fastai")
    root = Path(str(spec.origin)).parent
    for package in ("fastai.callbacks", "fastai.vision", "fastai.vision.models"):
        module = types.ModuleType(package)
        module.__path__ = [str(root.joinpath(*package.split(".")[1:]))]
        sys.modules.setdefault(package, module)
    stand_ins = {heavy: mock.MagicMock() for heavy in HEAVY if heavy not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module(name)
    finally:
        for heavy in stand_ins:
            del sys.modules[heavy]


def _body(case: Case) -> Any:
    """Returns torchvision's ResNet without its head, for the bands of the case."""
    from torch import nn

    children = list(getattr(_torchvision().models, case.encoder)(weights=None).children())[:-2]
    if case.bands != 3:
        children[0] = nn.Conv2d(case.bands, 64, 7, 2, 3, bias=False)
    return nn.Sequential(*children)


def _unet(case: Case) -> Any:
    layers = _fastai("fastai.layers")
    options = {
        "": {"norm_type": None},
        "Batch": {"norm_type": layers.NormType.Batch},
        "Weight": {"norm_type": layers.NormType.Weight},
        "default": {},
    }[case.variant]
    unet = _fastai("fastai.vision.models.unet").DynamicUnet
    size = (case.chip, case.chip)
    return unet(_body(case), case.channels, size, last_cross=True, bottle=True, **options)


def _torchvision_network(case: Case) -> Any:
    from torch import nn

    kind = {"deeplab": "deeplabv3"}.get(case.kind, case.kind)
    build = getattr(_torchvision().models.segmentation, f"{kind}_{case.encoder}")
    options = {} if kind == "lraspp" else {"aux_loss": True}
    network = build(weights=None, weights_backbone=None, num_classes=case.channels, **options)
    if case.bands != 3:
        network.backbone.conv1 = nn.Conv2d(case.bands, 64, 7, 2, 3, bias=False)
    return network


def _dilated(body: Any) -> Any:
    """Dilates the last two stages instead of halving: 2 and 4 in all of their kernels."""
    from torch import nn

    for number, stage in enumerate((body[6], body[7])):
        for layer in stage.modules():
            if isinstance(layer, nn.Conv2d):
                layer.stride = (1, 1)
                if layer.kernel_size[0] > 1:
                    layer.dilation = layer.padding = (2 * (number + 1),) * 2
    return body


def _deeplab_numbered(case: Case) -> Any:
    import torch
    from torch import nn

    heads = importlib.import_module("torchvision.models.segmentation.deeplabv3") if _torchvision() else None
    fcn = importlib.import_module("torchvision.models.segmentation.fcn")

    class Numbered(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = _dilated(_body(case))
            width = {"resnet34": 512}.get(case.encoder, 2048)
            self.classifier = heads.DeepLabHead(width, case.channels)
            self.aux_classifier = fcn.FCNHead(width // 2, case.channels)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            scores = self.classifier(self.backbone(image))
            return nn.functional.interpolate(scores, image.shape[-2:], mode="bilinear", align_corners=False)

    return Numbered()


def _pooling(width: int) -> Any:
    import torch
    from torch import nn

    class Pooling(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            sizes = (1, 2, 3, 6)
            self.features = nn.ModuleList(
                nn.Sequential(
                    nn.AdaptiveAvgPool2d(size), nn.Conv2d(width, width // len(sizes), 1, bias=False),
                    nn.BatchNorm2d(width // len(sizes)), nn.ReLU(),
                )
                for size in sizes
            )  # fmt: skip

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            resize = nn.Upsample(image.shape[-2:], mode="bilinear", align_corners=True)
            return torch.cat([image] + [resize(feature(image)) for feature in self.features], 1)

    return Pooling()


def _pspnet_unet(case: Case) -> Any:
    import torch
    from torch import nn

    unet = _fastai("fastai.vision.models.unet").DynamicUnet
    body = _dilated(_body(case))
    width = {"resnet34": 512}.get(case.encoder, 2048)
    body = nn.Sequential(*body, _pooling(width), nn.Conv2d(2 * width, 512, 3, padding=1))

    class Wrapped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = unet(body, case.channels, (case.chip, case.chip), last_cross=False)
            self.aux_logits = nn.Conv2d(8, case.channels, 1)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            size = image.shape[-2:]
            return nn.functional.interpolate(self.model(image), size, mode="bilinear", align_corners=True)

    return Wrapped()


def _pspnet_plain(case: Case) -> Any:
    import torch
    from torch import nn

    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = _dilated(_body(case))
            self.ppm = _pooling(2048)
            self.final = nn.Sequential(
                nn.Conv2d(4096, 512, 3, padding=1, bias=False), nn.BatchNorm2d(512), nn.ReLU(),
                nn.Dropout(0.1), nn.Conv2d(512, case.channels, 1),
            )  # fmt: skip
            self.aux_logits = nn.Conv2d(1024, case.channels, 1)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            scores = self.final(self.ppm(self.backbone(image)))
            return nn.functional.interpolate(scores, image.shape[-2:], mode="bilinear", align_corners=True)

    return Plain()
