# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs of several clients under random kills; benchmarks/service.py does the same with ten times as many."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("waitress", reason="scripts/serve needs waitress")

from benchmarks import service


@pytest.mark.slow
def test_each_job_ends_once_and_right_under_random_kills(tmp_path: Path) -> None:
    findings = [*service.measure(tmp_path, count=20, clients=4, kills=6)]
    assert len(findings) == 3
    assert "each ended once" in findings[0].note
