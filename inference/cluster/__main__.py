# SPDX-License-Identifier: GPL-2.0-or-later
"""Work on the strips of a job and finish it, without QGIS.

python -m classify_pixels.inference.cluster work PLACE --part 3 --of 100
python -m classify_pixels.inference.cluster finish PLACE OUTPUT
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import ClassifyPixelsError
from .batch import finish_job, finish_job_as_vrt, make_part
from .console import ConsoleProgress
from .machine_here import machine_here


def main(arguments: Sequence[str]) -> int:
    """Runs a command; returns the exit code: 0, or 1 for a failure, whose sentence goes to standard error."""
    given = _parser().parse_args(arguments)
    try:
        given.command(given)
    except ClassifyPixelsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands that need no QGIS to a parser."""
    work = commands.add_parser("work", help="make the strips of a part that are still missing")
    work.add_argument("place", type=Path, help="the folder, or the prefix of a bucket, that the job was begun in")
    work.add_argument("--part", type=int, default=0, help="number of the part, from 0")
    work.add_argument("--of", type=int, default=1, help="number of parts")
    work.add_argument("--workers", type=_positive, default=1, help="tiles in work at once")
    work.set_defaults(command=_work)
    finish = commands.add_parser("finish", help="make the files of all strips, which are deleted then")
    finish.add_argument("place", type=Path, help="the folder, or the prefix of a bucket, that the job was begun in")
    finish.add_argument("output", help="the class map (.tif), a path or a name in a bucket")
    finish.add_argument("--probability", default="", help="the raster of scores, where the job was begun with one")
    finish.add_argument("--polygons", default="", help="the polygons (.gpkg, .geojson, .shp, .fgb) of the class map")
    finish.add_argument("--vrt", action="store_true", help="keep the strips, and make OUTPUT, a VRT of them, in PLACE")
    finish.add_argument("--workers", type=_positive, default=1, help="threads that GDAL may use")
    finish.set_defaults(command=_finish)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cluster", description="Classifies a raster on many machines.")
    add_commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    return parser


def _work(given: argparse.Namespace) -> None:
    if not 0 <= given.part < given.of:
        raise SystemExit(f"cluster work: --part must be from 0 to {given.of - 1}, not {given.part}.")
    count = make_part(given.place, given.part, given.of, machine_here(given.workers), ConsoleProgress())
    sys.stdout.write(f"Part {given.part} of {given.of}: {count} strips are complete.\n")


def _finish(given: argparse.Namespace) -> None:
    progress, machine = ConsoleProgress(), machine_here(given.workers)
    if given.vrt:
        done = finish_job_as_vrt(given.place, given.output, progress, machine, given.polygons)
    else:
        done = finish_job(given.place, given.output, given.probability, progress, machine, given.polygons)
    for count in done.classes:
        sys.stdout.write(f"{count.legend_class.value}\t{count.pixels}\t{count.legend_class.name}\n")
    sys.stdout.write(f"{done.output.as_posix()}\n")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
