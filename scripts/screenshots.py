# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the pictures of the user guide: a real QGIS on a virtual screen, driven by screenshots_driver.py.

    python scripts/screenshots.py [--only NAME …]

Each picture is reduced to 256 colours, hardly fewer than screens show, and written into docs/images.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DRIVER = Path(__file__).with_name("screenshots_driver.py")
LIMIT = 240
COLOURS = 256

sys.path.insert(0, str(ROOT))

from tests.qgis.desktop import run_desktop, virtual_screen  # noqa: E402


def main() -> int:
    """Takes the pictures and writes them."""
    parser = argparse.ArgumentParser(description="Make the pictures of the user guide.")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="pictures to write (all)")
    only = parser.parse_args().only
    gdal.UseExceptions()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with plainly_named_folder() as folder, virtual_screen() as display:
        found = run_desktop(display, folder, ROOT / "resources" / "sample", str(DRIVER), LIMIT)
        for name in found["pictures"]:
            if not only or name in only:
                target = IMAGES / f"{name}.png"
                write_small(folder / f"{name}.png", target)
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1000:.0f} kB")
    return 0


@contextmanager
def plainly_named_folder() -> Iterator[Path]:
    """Yields a folder with a name fit for the pictures."""
    folder = Path(tempfile.gettempdir()) / "olinda"
    folder.mkdir()
    # QGIS marks layers in the folder for temporary files.
    os.environ["TMPDIR"] = str(folder / "runtime")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def write_small(source: Path, target: Path) -> None:
    """Writes a picture with its own palette."""
    picture = gdal.Open(str(source))
    height, width = picture.RasterYSize, picture.RasterXSize
    palette = gdal.ColorTable()
    red, green, blue = (picture.GetRasterBand(number) for number in (1, 2, 3))
    gdal.ComputeMedianCutPCT(red, green, blue, COLOURS, palette)
    reduced = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    reduced.GetRasterBand(1).SetColorTable(palette)
    gdal.DitherRGB2PCT(red, green, blue, reduced.GetRasterBand(1), palette)
    gdal.GetDriverByName("PNG").CreateCopy(str(target), reduced, options=["ZLEVEL=9"])
    target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
