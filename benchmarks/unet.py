# SPDX-License-Identifier: GPL-2.0-or-later
"""A U-Net of any width with random weights, in plain PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LEVELS = 4


def save_unet(path: Path, bands: int, classes: int, width: int) -> Path:
    """Saves a U-Net as TorchScript: two convolutions at each of five scales, with skip connections.

    Tiles are multiples of 16 pixels. The first scale has `width` channels, each further one twice as many.
    """
    import torch

    torch.manual_seed(0)
    network = _unet(torch, bands, classes, width).eval()
    with torch.inference_mode():
        torch.jit.trace(network, torch.rand(1, bands, 64, 64), check_trace=False).save(str(path))
    return path


def _unet(torch: Any, bands: int, classes: int, width: int) -> Any:
    nn = torch.nn
    widths = [width * 2**level for level in range(LEVELS + 1)]

    def block(before: int, after: int) -> Any:
        layers = [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.Conv2d(after, after, 3, padding=1), nn.ReLU()]
        return nn.Sequential(*layers)

    class UNet(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.down = nn.ModuleList(block(a, b) for a, b in zip([bands, *widths], widths))
            self.up = nn.ModuleList(nn.ConvTranspose2d(2 * b, b, 2, stride=2) for b in widths[:-1])
            self.join = nn.ModuleList(block(2 * b, b) for b in widths[:-1])
            self.last = nn.Conv2d(width, classes, 1)

        def forward(self, image: Any) -> Any:
            seen = [self.down[0](image)]
            for step in self.down[1:]:
                seen.append(step(nn.functional.max_pool2d(seen[-1], 2)))
            shown = seen.pop()
            for level in reversed(range(LEVELS)):
                shown = self.join[level](torch.cat([self.up[level](shown), seen[level]], 1))
            return self.last(shown)

    return UNet()
