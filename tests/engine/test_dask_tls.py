# SPDX-License-Identifier: GPL-2.0-or-later
"""A Dask scheduler behind TLS, with a certificate that the test makes."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster import dask_executor
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.errors import SchedulerUnreachableError
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import class_definition, pooling_network
from tests.servers.dask_cluster import Cluster
from tests.unit.rasters import random_pixels, write_raster

distributed = pytest.importorskip("distributed", reason="the package distributed is not installed")
SILENT = SilentProgress()


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """A certificate that vouches for itself: Dask takes it for both sides."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    files = {"ca-file": "certificate.pem", "cert": "certificate.pem", "key": "key.pem"}
    given = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    named = ["-keyout", str(tmp_path / files["key"]), "-out", str(tmp_path / files["cert"])]
    subprocess.run(["openssl", "req", "-x509", *given, *named], check=True, capture_output=True)
    return {name: str(tmp_path / file) for name, file in files.items()}


def test_a_scheduler_behind_tls(certificate: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dask

    monkeypatch.setattr(dask_executor, "ANSWER", 5)
    network = pooling_network(tmp_path / "network.onnx")
    model = ModelReference(document=class_definition(network, 2, [4, 5], 64, ClassifyPixels={"Stride": 4, "Halo": 12}))
    scene = GdalInput(str(write_raster(tmp_path / "scene.tif", random_pixels(2, 200, 300))))
    environment = Environment(cache=tmp_path / "cache", workers=1)
    once, other = (tmp_path / name / "map.tif" for name in ("once", "cluster"))
    for output in (once, other):
        output.parent.mkdir()
    classify_pixels(ClassificationRequest(scene, model, once, environment=environment), SILENT)
    request = ClassificationRequest(scene, model, other, environment=environment)
    options = [text for name, file in certificate.items() for text in (f"--tls-{name}", file)]
    with ExitStack() as stack:
        cluster = Cluster(tmp_path, stack, *options)
        assert cluster.address.startswith("tls://")
        cluster.add_worker()
        # Without the certificate no connection comes about, nor one without TLS.
        for address in (cluster.address, cluster.address.replace("tls", "tcp")):
            with pytest.raises(SchedulerUnreachableError):
                dask_executor.classify_on_dask(request, ClusterSettings(address), SILENT)
        own = {"cert": certificate["cert"], "key": certificate["key"]}
        with dask.config.set(
            {"distributed.comm.tls.ca-file": certificate["ca-file"], "distributed.comm.tls.client": own}
        ):
            dask_executor.classify_on_dask(request, ClusterSettings(cluster.address), SILENT)
    for path in once.parent.iterdir():
        assert (other.parent / path.name).read_bytes() == path.read_bytes()
