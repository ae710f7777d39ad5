# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line of the service, in its three kinds of processes."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..inference.cluster.settings import ClusterSettings, scheduler_address
from ..inference.errors import ClassifyPixelsError
from ..inference.phrase import Phrase, printable
from .dispatcher import Dispatcher
from .errors import SettingsError
from .gpserver import BASE, TASK
from .gpus import read_gpus
from .job_program import run_job
from .jobs import JobStore
from .settings import Limits, Settings, check_host, check_portal, read_stores, read_tokens

LONGEST_LINE = 10_000
SCHEDULER, STRIPS = "CLASSIFY_PIXELS_SCHEDULER", "CLASSIFY_PIXELS_STRIPS"


def main(script: Path, arguments: Sequence[str]) -> int:
    """Runs the service, or one of its processes; `script` starts the others."""
    given = _parser().parse_args(arguments)
    try:
        return _run(script, given)
    except ClassifyPixelsError as error:
        print(f"serve: {error}", file=sys.stderr)
        return 2


def _run(script: Path, given: argparse.Namespace) -> int:
    settings = _settings(given)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    command = [sys.executable, str(script), *_shared(given)]
    if given.job:
        return run_job(settings, given.job[0], int(given.job[1]))
    if given.only == "dispatcher":
        Dispatcher(settings, [*command, "--job"]).run()
        return 0
    if given.only == "front":
        return _serve(settings, given)
    return _with_dispatcher(settings, given, [*command, "--only", "dispatcher"])


class _OneLine(logging.Formatter):
    """Writes each message as one line, also those of the libraries, which hold the paths of requests."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Returns the line; a traceback follows it."""
        return printable(super().formatMessage(record), LONGEST_LINE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="serve", description="Classifies rasters as a service on this machine.")
    parser.add_argument("--stores", type=Path, required=True, help="JSON file with the folders of the stores")
    parser.add_argument("--jobs", type=Path, required=True, help="folder for jobs and their results")
    parser.add_argument("--port", type=_port, default=8080)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen to; others than loopback need tokens")
    parser.add_argument("--address", default="", help="public address, such as https://maps.example.org")
    parser.add_argument("--tokens", type=Path, help="file with an owner and the SHA-256 of a token in each line")
    parser.add_argument("--trusted-proxy", type=_number, help="address of a proxy that names its clients")
    slots = parser.add_mutually_exclusive_group()
    slots.add_argument("--slots", type=int, default=1, help="jobs that run at once")
    slots.add_argument("--gpus", default="", help="one job for each of these GPUs instead, as in 0,1, or for all")
    parser.add_argument("--scheduler", default=os.environ.get(SCHEDULER, ""), help="Dask scheduler that jobs run on")
    parser.add_argument("--strips", default=os.environ.get(STRIPS, ""), help="shared folder for strips of a cluster")
    parser.add_argument("--waiting", type=int, default=100, help="jobs that may wait")
    parser.add_argument("--waiting-each", type=int, default=25, help="jobs of one owner that may wait, with --tokens")
    parser.add_argument("--seconds", type=float, default=24 * 3600.0, help="longest time of a job")
    parser.add_argument("--days", type=float, default=30.0, help="days until a result is removed")
    parser.add_argument("--portal", action="store_true", help="answer as the portal that arcgis.learn needs")
    parser.add_argument("--only", choices=("front", "dispatcher"), help="run one kind of process")
    parser.add_argument("--job", nargs=2, metavar=("ID", "ATTEMPT"), help=argparse.SUPPRESS)
    return parser


def _number(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not an IP address") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port from 1 to 65535")
    return int(text)


def _settings(given: argparse.Namespace) -> Settings:
    owners = read_tokens(given.tokens) if given.tokens else {}
    check_host(given.host, owners)
    given.gpus = ",".join(gpus := read_gpus(given.gpus) if given.gpus else ())
    limits = Limits(
        waiting=given.waiting, waiting_each=given.waiting_each, seconds=given.seconds, days=given.days,
        slots=max(1, given.slots), gpus=gpus,
    )  # fmt: skip
    shown = f"[{given.host}]" if ":" in given.host else given.host
    address = given.address or f"http://{shown}:{given.port}"
    gate, cluster, folder = read_stores(given.stores), _cluster(given.scheduler, given.strips), given.jobs.resolve()
    try:
        JobStore(folder)
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(file=folder, reason=error) from error
    if given.portal:
        check_portal(address)
    return Settings(gate, folder, address, owners, limits, given.portal, cluster)


def _cluster(scheduler: str, strips: str) -> ClusterSettings | None:
    """Returns the cluster that computes the strips of jobs; raises for one that no job could use."""
    if not scheduler:
        return None
    scheduler_address(scheduler)
    if strips and not Path(strips).is_dir():
        # GDAL has no network in jobs: no bucket either.
        raise SettingsError(file=strips, reason=Phrase("the place of strips is not a folder"))
    if find_spec("distributed") is None:
        raise SettingsError(file=scheduler, reason=Phrase("a cluster needs the Python package distributed"))
    # Each job reads a scheduler file again, because a scheduler writes it when it starts.
    return ClusterSettings(scheduler, strips and str(Path(strips).resolve()))


def _shared(given: argparse.Namespace) -> list[str]:
    """Returns the arguments that all processes share."""
    shared = ["--stores", str(given.stores), "--jobs", str(given.jobs), "--port", str(given.port)]
    shared += ["--host", given.host, "--waiting", str(given.waiting)]
    shared += ["--waiting-each", str(given.waiting_each)]
    shared += ["--seconds", str(given.seconds), "--days", str(given.days)]
    shared += ["--gpus", given.gpus] if given.gpus else ["--slots", str(given.slots)]
    # The environment alone would name a scheduler again that an empty option has switched off.
    shared += ["--scheduler", given.scheduler, "--strips", given.strips]
    shared += ["--address", given.address] if given.address else []
    return shared + (["--tokens", str(given.tokens)] if given.tokens else [])


def _with_dispatcher(settings: Settings, given: argparse.Namespace, command: list[str]) -> int:
    """Runs the front here, and a dispatcher beside it, which is started again if it ends."""
    ending = threading.Event()
    current: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ending.is_set():
            current[:] = [subprocess.Popen(command, stdin=subprocess.DEVNULL)]
            current[0].wait()
            ending.wait(0.5)

    def stop(*_: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        return _serve(settings, given)
    finally:
        ending.set()
        for process in current:
            process.terminate()
        keeper.join()


def _serve(settings: Settings, given: argparse.Namespace) -> int:
    from .application import Application
    from .front import server_of

    application = Application(settings)
    try:
        server = server_of(application, given.host, given.port, settings.limits.body, given.trusted_proxy or "")
    except OSError as error:
        raise SettingsError(file=f"{given.host}:{given.port}", reason=error.strerror or error) from error
    print(f"Serving {settings.address}{BASE}", flush=True)
    print(f"Try: {example(settings)}", flush=True)
    print(f"Form: {example_form(settings)}", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        return 0
    finally:
        server.close()
    return 0


def example(settings: Settings) -> str:
    """Returns a curl line that submits a job."""
    raster, model = _example_paths(settings)
    values = {"f": "json", "inputRaster": json.dumps({"uri": raster}), "model": json.dumps({"uri": model})}
    token = ' -H "Authorization: Bearer TOKEN"' if settings.owners else ""
    return f"curl{token} '{settings.address}{BASE}/{TASK}/submitJob?{urlencode(values)}'"


def example_form(settings: Settings) -> str:
    """Returns the address of the form for the same job."""
    raster, model = _example_paths(settings)
    return f"{settings.address}{BASE}/{TASK}?{urlencode({'inputRaster': raster, 'model': model}, safe='/')}"


def _example_paths(settings: Settings) -> tuple[str, str]:
    """Returns a raster and a model: those of the sample, if its store is there."""
    store = "sample" if "sample" in settings.gate.stores else next(iter(sorted(settings.gate.stores)), "NAME")
    is_sample = store == "sample"
    raster = f"/rasterStores/{store}/{'landsat7_olinda.tif' if is_sample else 'scene.tif'}"
    model = f"/fileShares/{store}/{'landsat7_landcover.dlpk' if is_sample else 'model.dlpk'}"
    return raster, model
