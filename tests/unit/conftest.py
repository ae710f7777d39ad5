# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from collections.abc import Iterator

import pytest
from osgeo import gdal, osr


@pytest.fixture(params=[True, False], ids=["exceptions", "error codes"])
def gdal_mode(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Both of GDAL's ways to report a failure: any plugin may choose one for the whole process."""
    before = [(module, module.GetUseExceptions()) for module in (gdal, osr)]
    for module, _ in before:
        (module.UseExceptions if request.param else module.DontUseExceptions)()
    yield request.param
    # GDAL keeps its handlers on a stack.
    for module, mode in reversed(before):
        (module.UseExceptions if mode else module.DontUseExceptions)()
