# SPDX-License-Identifier: GPL-2.0-or-later
"""The accuracy of a map as an HTML page, with the error matrices as heat maps.

Every text is escaped: names of maps may be hostile. The page has no scripts and loads nothing.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import Callable

import numpy as np

from ..phrase import Phrase, printable
from .assess import Assessment
from .classes import named
from .estimates import Estimate
from .matrix import Float64
from .report import area_estimate, at, hectares

Translate = Callable[[str], str]

PAGE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: sans-serif; margin: 1.5em; color: #1a1a1a; background: #ffffff; }}
table {{ border-collapse: collapse; margin-bottom: 1.5em; }}
td, th {{ padding: 0.25em 0.7em; text-align: left; }}
.matrix td, .numbers td {{ text-align: right; border: 1px solid #d0d0d0; }}
.matrix th, .numbers th {{ border: 1px solid #d0d0d0; background: #f3f3f3; }}
.warning {{ background: #fff3cd; color: #533f03; padding: 0.5em 1em; }}
</style></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""

# Colours of the heat map for the share 0 and 1 of a row; the text is white on the darker half.
LIGHT, DARK = np.array([247, 251, 255]), np.array([8, 69, 148])
WHITE_FROM = 0.55

# Larger matrices cannot be read in a page; JSON and CSV have all classes.
MOST_COLUMNS, LONGEST_NAME = 60, 40
UNDEFINED = "–"

USERS, PRODUCERS, TOTAL = Phrase("User's accuracy"), Phrase("Producer's accuracy"), Phrase("Total")


def html_of(assessment: Assessment, warnings: Sequence[str], translate: Translate = str) -> str:
    """Returns the page; the warnings are translated sentences."""
    write = _Writer(assessment, translate)
    body = "\n".join(
        [
            *(f'<p class="warning">{html.escape(printable(warning))}</p>' for warning in dict.fromkeys(warnings)),
            write.facts(),
            *write.matrices(),
            write.classes(),
            write.explanation(),
        ]
    )
    return PAGE.format(title=write.text(Phrase("Accuracy of {map}", {"map": assessment.raster})), body=body)


class _Writer:
    """Tables of an assessment in the user's language."""

    def __init__(self, assessment: Assessment, translate: Translate) -> None:
        self._assessment, self._translate = assessment, translate

    def text(self, phrase: Phrase | str) -> str:
        """Returns a text of the plugin in the user's language, or another text, escaped."""
        if isinstance(phrase, str):
            return html.escape(printable(phrase))
        return html.escape(printable(self._translate(str(phrase.text)).format(**phrase.values)))

    def facts(self) -> str:
        """Returns the table of the whole map."""
        assessment = self._assessment
        area = hectares(assessment.area)
        rows: list[tuple[Phrase, str]] = [
            (Phrase("Map"), self.text(assessment.raster)),
            (Phrase("Reference"), self.text(assessment.reference)),
            (Phrase("Samples"), _whole(assessment.samples)),
            (Phrase("Sampling design"), self.text(assessment.design)),
            *([(Phrase("Area"), self.text(Phrase("{number} ha", {"number": _area(area)})))] if area else []),
            (Phrase("Overall accuracy of the samples"), _share(assessment.measures.overall)),
            (Phrase("Kappa of the samples"), _share(assessment.measures.kappa)),
            (Phrase("Overall accuracy of the area"), _interval(assessment.estimates.overall)),
        ]
        cells = "".join(f"<tr><th>{self.text(name)}</th><td>{value}</td></tr>" for name, value in rows)
        return f"<table>{cells}</table>"

    def matrices(self) -> list[str]:
        """Returns the confusion matrix and the error matrix of area proportions."""
        assessment = self._assessment
        if len(assessment.classes) > MOST_COLUMNS:
            values = {"count": len(assessment.classes)}
            note = self.text(Phrase("The matrices of {count} classes are in the JSON and CSV files.", values))
            return [f"<p>{note}</p>"]
        counts = assessment.counts.astype(np.float64)
        return [
            self._matrix(Phrase("Confusion matrix: numbers of samples"), counts, _whole, assessment.measures.users,
                         assessment.measures.producers),
            self._matrix(Phrase("Error matrix: shares of the area"), assessment.estimates.proportions, _proportion,
                         assessment.estimates.users.value, assessment.estimates.producers.value),
        ]  # fmt: skip

    def classes(self) -> str:
        """Returns the table of the classes."""
        head = self._head(
            [
                Phrase("Class"), Phrase("Samples"), USERS, PRODUCERS,
                Phrase("F1"), Phrase("IoU"), Phrase("User's accuracy (area)"), Phrase("Producer's accuracy (area)"),
                Phrase("Mapped area (ha)"), Phrase("Estimated area (ha)"), Phrase("Estimated share"),
            ]
        )  # fmt: skip
        rows = "".join(self._class_row(place) for place in range(len(self._assessment.classes)))
        title = self.text(Phrase("Classes"))
        return f'<h2>{title}</h2><table class="numbers"><tr>{head}</tr>{rows}</table>'

    def explanation(self) -> str:
        """Returns the meaning of the columns, and the source of the estimates."""
        sentences = [
            Phrase("User's accuracy: the share of a mapped class that is right on the ground."),
            Phrase("Producer's accuracy: the share of a class on the ground that the map shows."),
            Phrase(
                "Numbers of the area weight each stratum by its true area; ± is half the width of the 95 % confidence "
                "interval (1.96 standard errors), – an undefined number."
            ),
            Phrase("Method: Olofsson et al. 2014, Remote Sensing of Environment 148; Stehman 2014 for other strata."),
        ]
        return "".join(f"<p>{self.text(sentence)}</p>" for sentence in sentences)

    def _class_row(self, place: int) -> str:
        known, measures = self._assessment.classes[place], self._assessment.measures
        estimates, mapped = self._assessment.estimates, hectares(known.area)
        area = area_estimate(self._assessment, place)
        cells = [
            _whole(int(self._assessment.counts[place].sum())),
            *(_share(each[place]) for each in (measures.users, measures.producers, measures.f1, measures.iou)),
            _interval(at(estimates.users, place)),
            _interval(at(estimates.producers, place)),
            UNDEFINED if mapped is None else _area(mapped),
            UNDEFINED if area is None else _interval(area, _area),
            _interval(at(estimates.shares, place)),
        ]
        return f"<tr>{self._class_head(place)}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    def _matrix(
        self, title: Phrase, cells: Float64, shown: Callable[[float], str], users: Float64, producers: Float64
    ) -> str:
        places = range(len(self._assessment.classes))
        heads = "".join(self._class_head(place) for place in places)
        corner = self.text(Phrase("Map \\ Reference"))
        head = f"<tr><th>{corner}</th>{heads}{self._head([TOTAL, USERS])}</tr>"
        lines = [
            f"<tr>{self._class_head(place)}{''.join(_heat(cell, row.sum(), shown) for cell in row.tolist())}"
            f"<td>{shown(float(row.sum()))}</td><td>{_share(users[place])}</td></tr>"
            for place, row in zip(places, cells)
        ]
        totals = "".join(f"<td>{shown(total)}</td>" for total in cells.sum(axis=0).tolist())
        shares = "".join(f"<td>{_share(share)}</td>" for share in producers)
        lines.append(f"<tr>{self._head([TOTAL])}{totals}<td>{shown(float(cells.sum()))}</td><td></td></tr>")
        lines.append(f"<tr>{self._head([PRODUCERS])}{shares}<td></td><td></td></tr>")
        return f'<h2>{self.text(title)}</h2><table class="matrix">{head}{"".join(lines)}</table>'

    def _class_head(self, place: int) -> str:
        known = self._assessment.classes[place].legend_class
        color = "#{:02x}{:02x}{:02x}".format(*known.color)
        name = html.escape(printable(named(known), LONGEST_NAME))
        return f'<th><span style="background-color:{color}">&nbsp;&nbsp;&nbsp;</span>&nbsp;{name}</th>'

    def _head(self, phrases: Iterable[Phrase]) -> str:
        return "".join(f"<th>{self.text(phrase)}</th>" for phrase in phrases)


def _heat(cell: float, row: float, shown: Callable[[float], str]) -> str:
    share = cell / row if row else math.nan
    if math.isnan(share):
        return f"<td>{shown(cell)}</td>"
    color = "#{:02x}{:02x}{:02x}".format(*np.rint(LIGHT + share * (DARK - LIGHT)).astype(int).tolist())
    text = "#ffffff" if share >= WHITE_FROM else "#1a1a1a"
    return f'<td style="background-color:{color};color:{text}">{shown(cell)}</td>'


def _interval(estimate: Estimate, shown: Callable[[float], str] | None = None) -> str:
    shown = shown or _share
    return f"{shown(float(estimate.value))} ± {shown(float(estimate.margin))}"


def _share(number: float) -> str:
    return UNDEFINED if math.isnan(number) else f"{number:.3f}"


def _proportion(number: float) -> str:
    return UNDEFINED if math.isnan(number) else f"{number:.4f}"


def _area(number: float) -> str:
    return UNDEFINED if math.isnan(number) else _grouped(f"{number:,.2f}" if abs(number) < 1000 else f"{number:,.0f}")


def _whole(number: float) -> str:
    return UNDEFINED if math.isnan(number) else _grouped(f"{number:,.0f}")


def _grouped(text: str) -> str:
    # A narrow no-break space: many readers take a comma for the decimal sign.
    return text.replace(",", "\u202f")
