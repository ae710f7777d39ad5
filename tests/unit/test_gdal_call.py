# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from osgeo import gdal

from classify_pixels.inference.raster.gdal_call import GdalError, delete_file, gdal_call


@pytest.mark.usefixtures("gdal_mode")
def test_a_failure_is_an_exception_in_gdals_words() -> None:
    with pytest.raises(GdalError, match="absent"):
        gdal_call(gdal.Open, "/absent.tif")


@pytest.mark.usefixtures("gdal_mode")
def test_an_earlier_failure_is_forgotten() -> None:
    with pytest.raises(GdalError):
        gdal_call(gdal.Open, "/absent.tif")
    assert gdal_call(gdal.GetDriverByName, "GTiff").ShortName == "GTiff"


@pytest.mark.usefixtures("gdal_mode")
def test_a_warning_is_no_failure() -> None:
    gdal_call(gdal.Error, gdal.CE_Warning, 1, "only a warning")


@pytest.mark.usefixtures("gdal_mode")
def test_an_absent_file_is_no_failure() -> None:
    gdal.FileFromMemBuffer("/vsimem/present", b"content")
    assert delete_file("/vsimem/present")
    assert gdal.VSIStatL("/vsimem/present") is None
    assert not delete_file("/vsimem/present")


def test_the_mode_and_the_handler_stay_as_they_were(capfd: pytest.CaptureFixture[str]) -> None:
    before, heard = gdal.GetUseExceptions(), []
    gdal.PushErrorHandler(lambda kind, number, message: heard.append(message))
    with pytest.raises(GdalError):
        gdal_call(gdal.Open, "/absent.tif")
    gdal_call(gdal.GetDriverByName, "GTiff")
    assert heard == []
    gdal.Error(gdal.CE_Warning, 1, "another plugin's")
    gdal.PopErrorHandler()
    assert heard == ["another plugin's"]
    assert gdal.GetUseExceptions() == before
    assert capfd.readouterr().err == ""
