# SPDX-License-Identifier: GPL-2.0-or-later
"""Check of the disk space for a result, before the run."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..byte_size import described_bytes
from ..errors import DiskSpaceError
from ..notices import Caution, Note
from ..progress import Progress
from ..raster import Scene, described_cell_size
from .outputs import Outputs


def check_disk(outputs: Outputs, missing: int, scene: Scene, folder: Path, progress: Progress) -> None:
    """Reports the disk space that the results may need; raises if they cannot fit even at best compression.

    Their strips need space too until the end; `missing` of them are yet to be written.
    """
    least = outputs.least_bytes(missing)
    size, free = outputs.largest_bytes, shutil.disk_usage(folder).free
    megabytes = max(1, round(size / 1e6))
    progress.note(Note.DISK, size=megabytes)
    area = scene.area
    if least > free:
        raise DiskSpaceError(
            columns=area.width, rows=area.height, count=area.width * area.height, bytes=described_bytes(size),
            least=described_bytes(least), folder=folder, free=described_bytes(free),
            size=described_cell_size(scene.source.grid.crop(area)), raster=scene.source.name,
            own=described_cell_size(scene.own or scene.source.grid),
        )  # fmt: skip
    if outputs.has_polygons:
        progress.note(Note.POLYGONS_DISK)
    if size > free:
        progress.warn(Caution.DISK_MAY_FILL, folder=folder, free=described_bytes(free))
