# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line of the service, in its three kinds of processes."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..inference.errors import ClassifyPixelsError
from .dispatcher import Dispatcher
from .gpserver import BASE, TASK
from .job_program import run_job
from .settings import Limits, Settings, check_host, check_portal, read_stores, read_tokens

THREADS = 8
# Seconds until a client that sends nothing loses its connection.
SLOWEST_CLIENT = 60


def main(script: Path, arguments: Sequence[str]) -> int:
    """Runs the service, or one of its processes; `script` starts the others."""
    given = _parser().parse_args(arguments)
    try:
        settings = _settings(given)
    except ClassifyPixelsError as error:
        print(f"serve: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    command = [sys.executable, str(script), *_shared(given)]
    if given.job:
        return run_job(settings, given.job[0], int(given.job[1]))
    if given.only == "dispatcher":
        Dispatcher(settings, [*command, "--job"]).run()
        return 0
    if given.only == "front":
        return _serve(settings, given)
    return _with_dispatcher(settings, given, [*command, "--only", "dispatcher"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="serve", description="Classifies rasters as a service on this machine.")
    parser.add_argument("--stores", type=Path, required=True, help="JSON file with the folders of the stores")
    parser.add_argument("--jobs", type=Path, required=True, help="folder for jobs and their results")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen to; others than loopback need tokens")
    parser.add_argument("--address", default="", help="public address, such as https://maps.example.org")
    parser.add_argument("--tokens", type=Path, help="file with an owner and the SHA-256 of a token in each line")
    parser.add_argument("--slots", type=int, default=1, help="jobs that run at once")
    parser.add_argument("--waiting", type=int, default=100, help="jobs that may wait")
    parser.add_argument("--seconds", type=float, default=24 * 3600.0, help="longest time of a job")
    parser.add_argument("--days", type=float, default=30.0, help="days until a result is removed")
    parser.add_argument("--portal", action="store_true", help="answer as the portal that arcgis.learn needs")
    parser.add_argument("--only", choices=("front", "dispatcher"), help="run one kind of process")
    parser.add_argument("--job", nargs=2, metavar=("ID", "ATTEMPT"), help=argparse.SUPPRESS)
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    owners = read_tokens(given.tokens) if given.tokens else {}
    check_host(given.host, owners)
    limits = Limits(
        waiting=given.waiting, seconds=given.seconds, days=given.days, slots=max(1, given.slots)
    )  # fmt: skip
    shown = f"[{given.host}]" if ":" in given.host else given.host
    address = given.address or f"http://{shown}:{given.port}"
    if given.portal:
        check_portal(address)
    return Settings(read_stores(given.stores), given.jobs.resolve(), address, owners, limits, given.portal)


def _shared(given: argparse.Namespace) -> list[str]:
    """Returns the arguments that all processes share."""
    shared = ["--stores", str(given.stores), "--jobs", str(given.jobs), "--port", str(given.port)]
    shared += ["--host", given.host, "--slots", str(given.slots), "--waiting", str(given.waiting)]
    shared += ["--seconds", str(given.seconds), "--days", str(given.days)]
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
    import waitress

    from .application import Application

    server = waitress.create_server(
        Application(settings), host=given.host, port=given.port, threads=THREADS, ident=None,
        max_request_body_size=settings.limits.body, max_request_header_size=64 * 1024,
        channel_timeout=SLOWEST_CLIENT, clear_untrusted_proxy_headers=True,
    )  # fmt: skip
    print(f"Serving {settings.address}{BASE}", flush=True)
    print(f"Try: {example(settings)}", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        return 0
    finally:
        server.close()
    return 0


def example(settings: Settings) -> str:
    """Returns a curl line that submits a job: of the sample, if its store is there."""
    store = "sample" if "sample" in settings.gate.stores else next(iter(sorted(settings.gate.stores)), "NAME")
    is_sample = store == "sample"
    raster = f"/rasterStores/{store}/{'landsat7_olinda.tif' if is_sample else 'scene.tif'}"
    model = f"/fileShares/{store}/{'landsat7_landcover.dlpk' if is_sample else 'model.dlpk'}"
    values = {"f": "json", "inputRaster": json.dumps({"uri": raster}), "model": json.dumps({"uri": model})}
    token = ' -H "Authorization: Bearer TOKEN"' if settings.owners else ""
    return f"curl{token} '{settings.address}{BASE}/{TASK}/submitJob?{urlencode(values)}'"
