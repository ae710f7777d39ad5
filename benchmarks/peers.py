# SPDX-License-Identifier: GPL-2.0-or-later
"""GeoDeep and Habitat-Mapper with the same ONNX file and scene.

    python -m benchmarks.peers [FOLDER] [--size 4096]

Each is installed from PyPI into a separate environment in FOLDER, unless GEODEEP_PYTHON and HABITAT_MAPPER_PYTHON
name a Python that has it. All three are timed in separate processes, from the opening of the network to
the finished raster; the start of the processes is not counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.command import main
from benchmarks.engine import Timing, classify_alone
from benchmarks.measure import Finding, NotMeasuredError, Target, compare, cores
from benchmarks.networks import light_networks
from benchmarks.reference import class_map, differing
from benchmarks.scenes import make_scene, read_classes, read_scene

BANDS, CLASSES, TILE, REACH = 3, 4, 256, 16
SCRIPT = Path(__file__).with_name("peer_run.py")


@dataclass(frozen=True)
class Peer:
    """Another program: its name and version on PyPI, and the target ratio of speeds."""

    name: str
    version: str
    title: str
    target: Target

    @property
    def variable(self) -> str:
        """The environment variable for a Python with the program."""
        return f"{self.name.upper().replace('-', '_')}_PYTHON"


PEERS = (
    Peer("geodeep", "0.9.13", "GeoDeep", Target(4.0, at_most=False)),
    Peer("habitat-mapper", "0.16.2", "Habitat-Mapper", Target(7.0, at_most=False)),
)


def measure(folder: Path, size: int = 4096) -> Iterator[Finding]:
    """Compares the pixels a second of all, and all class maps with a known correct one."""
    folder = folder.resolve()
    scene = make_scene(folder / f"bytes{size}x{BANDS}.tif", size, BANDS, np.uint8)
    pixels = read_scene(scene, 1 / 255)
    fixed, free = light_networks(folder, pixels[:, :512, :512], CLASSES, TILE)
    right = class_map(free, pixels)
    del pixels

    def ours() -> Timing:
        return classify_alone(scene, fixed, folder / "peers.tif", cores())

    halo = ours().halo
    wrong = differing(read_classes(folder / "peers.tif"), right, REACH)
    for peer in PEERS:
        try:
            python = _python(peer, folder)
        except NotMeasuredError as error:
            yield Finding(f"throughput against {peer.title}", peer.target, note=str(error))
            continue
        output = folder / f"{peer.name}.tif"
        found = _compare(peer, python, scene, fixed, output, ours)
        theirs = 100 * differing(read_classes(output), right, TILE) / (size - 2 * TILE) ** 2
        yield replace(found, note=f"{found.note}; wrong: ours {wrong} pixels with halo {halo}, theirs {theirs:.3f} %")


def _compare(peer: Peer, python: str, scene: Path, network: Path, output: Path, ours: Callable[[], Timing]) -> Finding:
    subject = f"light network with tiles of {TILE} on a scene, throughput against {peer.title} {peer.version}"
    return compare(
        subject,
        lambda: ours().seconds,
        lambda: _seconds([python, str(SCRIPT), peer.name, str(scene), str(network), str(output)]),
        peer.target,
        inverse=True,
    )


def _seconds(command: list[str]) -> float:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(done.stdout.rsplit("seconds", 1)[1])


def _python(peer: Peer, folder: Path) -> str:
    named = os.environ.get(peer.variable)
    if named:
        return named
    environment = folder / f"{peer.name}-{peer.version}"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        _install(peer, environment, python)
    return str(python)


def _install(peer: Peer, environment: Path, python: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    command = [str(python), "-m", "pip", "install", "--quiet", f"{peer.name}=={peer.version}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason was given"]
        raise NotMeasuredError(f"{peer.title} could not be installed ({reason[0][:120]}); see {peer.variable}")


if __name__ == "__main__":
    main(measure, __doc__, size=4096)
