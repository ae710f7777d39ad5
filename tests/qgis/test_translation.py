# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in another language, and the pages that its Help buttons open."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator, QUrl

from ..unit.scripts import load_script
from .command import ALGORITHM, ROOT, classify_plainly, needs_qgis_process, qgis_process

FOLDER = ROOT / "i18n"
GERMAN = {"LC_ALL": "de_DE.UTF-8"}


@pytest.fixture
def german(plugin: Any) -> Iterator[QTranslator]:
    """German, for a test only."""
    translator = QTranslator()
    assert translator.load(QLocale("de_AT"), "classify_pixels", "_", str(FOLDER))
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def test_what_is_loaded_is_what_the_catalogue_says(german: QTranslator) -> None:
    """If this fails, run: make translations."""
    known = load_script("write_translations").read_catalogue(FOLDER / "classify_pixels_de.ts")
    assert known
    stale = [text for text, said in known.items() if QCoreApplication.translate("ClassifyPixels", text) != said]
    assert stale == []


def test_an_error_is_told_in_the_users_language_with_its_reason(german: QTranslator) -> None:
    from classify_pixels.inference.errors import ModelUnreadableError
    from classify_pixels.inference.phrase import Phrase
    from classify_pixels.plugin_support.translation import sentence_of

    error = ModelUnreadableError(model="a.emd", reason=Phrase("the file does not exist"))
    assert sentence_of(error).startswith("Das Modell a.emd kann nicht gelesen werden: die Datei existiert nicht.")


def test_a_reason_with_values_is_told_in_the_users_language(german: QTranslator) -> None:
    from classify_pixels.inference.bands import read_band_mapping
    from classify_pixels.inference.errors import ClassifyPixelsError
    from classify_pixels.plugin_support.translation import sentence_of

    with pytest.raises(ClassifyPixelsError) as told:
        read_band_mapping("[true]")
    assert "True ist weder eine Kanalnummer ab 1 noch ein Kanalname" in sentence_of(told.value)
    assert "True is neither a band number from 1 nor a band name" in str(told.value)


def test_why_the_padding_is_what_it_is_is_told_in_the_users_language(german: QTranslator) -> None:
    from classify_pixels.inference.notices import HaloReason, Note, StrideReason
    from classify_pixels.inference.phrase import Phrase
    from classify_pixels.plugin_support.translation import shown

    reason = Phrase(HaloReason.TILE_TOO_SMALL, {"found": 90})
    values = {"padding": 64, "padding_reason": reason, "stride": 1, "stride_reason": Phrase(StrideReason.ASSUMED)}
    sentence = shown(Phrase(Note.TILE_REASONS, values))
    assert sentence.startswith("Rand 64 (ein Viertel der Kachel): das rezeptive Feld braucht 90 Pixel")


def test_what_a_member_lacks_is_told_in_the_users_language(german: QTranslator, tmp_path: Path) -> None:
    from classify_pixels.inference.errors import PackageRefusedError
    from classify_pixels.inference.models.package import unpack_package
    from classify_pixels.plugin_support.translation import sentence_of

    with zipfile.ZipFile(tmp_path / "a.dlpk", "w") as archive:
        archive.writestr("../Name.emd", "{}")
    with pytest.raises(PackageRefusedError) as told:
        unpack_package(tmp_path / "a.dlpk", tmp_path / "cache")
    assert "das Mitglied ../Name.emd verlässt das Paket" in sentence_of(told.value)
    assert "the member ../Name.emd leads out of the package" in str(told.value)


def test_what_a_stranger_wrote_within_a_reason_is_not_translated_and_stays_on_one_line(german: QTranslator) -> None:
    from classify_pixels.inference.errors import BandMappingError
    from classify_pixels.inference.phrase import Phrase
    from classify_pixels.plugin_support.translation import sentence_of

    for known in ("Name", "a\nb", "x" * 5000):
        values = {"raster": "Value", "known": known}
        reason = Phrase("it does not identify one band of {raster}; bands: {known}", values)
        shown = sentence_of(BandMappingError(value="q", reason=reason))
        assert "Value" in shown
        assert "\n" not in shown
        assert len(shown) < 1500


def test_an_error_within_an_error_is_told_in_the_users_language(german: QTranslator) -> None:
    from classify_pixels.inference.errors import ItemFailuresError, ScoresError
    from classify_pixels.plugin_support.translation import sentence_of

    error = ItemFailuresError(failed=1, count=2, items="a", reason=ScoresError(), folder="out")
    assert "Das Netz lieferte Scores, die nicht endlich sind" in sentence_of(error)


def test_what_a_user_wrote_is_not_translated(german: QTranslator) -> None:
    from classify_pixels.inference.errors import ProcessorTypeError
    from classify_pixels.plugin_support.translation import sentence_of

    assert "Name" in sentence_of(ProcessorTypeError(value="Name"))
    assert "Value" in sentence_of(ProcessorTypeError(value="Value"))


def test_a_language_that_is_not_there_is_english(plugin: Any) -> None:
    assert not QTranslator().load(QLocale("fr"), "classify_pixels", "_", str(FOLDER))


@needs_qgis_process
def test_the_command_line_speaks_german_where_the_system_does(tmp_path: Path) -> None:
    shown = qgis_process("help", ALGORITHM, folder=tmp_path, **GERMAN)
    shown.assert_done()
    assert "Pixel mit Deep Learning klassifizieren" in shown.stdout
    assert "Eingaberaster" in shown.stdout


@needs_qgis_process
def test_a_run_speaks_german_where_the_system_does(sample: Path, tmp_path: Path) -> None:
    failed = qgis_process(
        "run", ALGORITHM, "--", f"INPUT={sample / 'landsat7_olinda.tif'}", "MODEL=gone.emd", "OUTPUT=out.tif",
        folder=tmp_path, **GERMAN,
    )  # fmt: skip
    assert failed.code == 1
    assert "Das Modell gone.emd kann nicht gelesen werden" in failed.stderr
    english = classify_plainly(tmp_path, INPUT=sample / "landsat7_olinda.tif", MODEL="gone.emd", OUTPUT="out.tif")
    assert "The model gone.emd cannot be read" in english.stderr


def test_each_algorithm_has_a_help_page_that_is_there(plugin: Any) -> None:
    algorithms = QgsApplication.processingRegistry().providerById("deeplearning").algorithms()
    assert algorithms
    for algorithm in algorithms:
        page = Path(QUrl(algorithm.helpUrl()).toLocalFile())
        assert page.is_file()
        assert algorithm.id() in page.read_text(encoding="utf-8")
