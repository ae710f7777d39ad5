# SPDX-License-Identifier: GPL-2.0-or-later
"""The summary of a run for QGIS's results viewer: classes, areas, a chart, and the log.

All texts are escaped, because models are untrusted. The page has no scripts and loads no other files.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..inference.phrase import printable
from ..inference.raster import ClassCount
from ..inference.run.result import Classification
from ..plugin_support.translation import tr
from .areas import area_text, color_text, grouped, pixels_of, share_text
from .feedback import duration
from .report import sum_counts

PAGE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: sans-serif; margin: 1.5em; }}
table {{ border-collapse: collapse; }}
td, th {{ padding: 0.2em 0.8em; text-align: left; }}
.number {{ text-align: right; }}
.warning {{ background: #fff3cd; color: #533f03; padding: 0.5em 1em; }}
</style></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
BAR_WIDTH, BAR_HEIGHT, LABEL_WIDTH = 420, 22, 200
LONGEST_TEXT = 10_000

# Limits of the chart; the table has all classes.
MOST_BARS, LONGEST_LABEL = 40, 27


def summary_html(
    title: str, results: Sequence[Classification], messages: Sequence[str], warnings: Sequence[str]
) -> str:
    """Returns the page for one or more results, with their classes summed."""
    outputs = [str(result.output) for result in results] if len(results) > 1 else []
    return report_html(title, sum_counts(results), _facts(results), messages, warnings, outputs)


def report_html(
    title: str,
    counts: Sequence[ClassCount],
    facts: Sequence[tuple[str, str]],
    messages: Sequence[str],
    warnings: Sequence[str],
    outputs: Sequence[str] = (),
) -> str:
    """Returns the page of a run: warnings, classes, a chart, facts by name, the log, and the files of several results.

    Without classes, as for scores, the page has neither table nor chart.
    """
    parts = [
        "".join(f'<p class="warning">{_escaped(warning)}</p>' for warning in dict.fromkeys(warnings)),
        _class_table(counts) if counts else "",
        _chart([count for count in counts if count.pixels]),
        _fact_table(facts),
        _list(tr("Log"), messages),
        _list(tr("Results"), outputs),
    ]
    return PAGE.format(title=escape(title), body="\n".join(parts))


def _class_table(counts: Sequence[ClassCount]) -> str:
    # No column if no area is known.
    area = [tr("Area")] if any(count.area is not None for count in counts) else []
    titles = ("", tr("Value"), tr("Class"), tr("Pixels"), *area, tr("Share"))
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    rows = "".join(_class_row(count, bool(area), pixels_of(counts)) for count in counts)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _class_row(count: ClassCount, with_area: bool, total: int) -> str:
    legend_class = count.legend_class
    numbers = [grouped(count.pixels), *([area_text(count.area)] if with_area else []), share_text(count.pixels, total)]
    cells = "".join(f'<td class="number">{escape(number)}</td>' for number in numbers)
    swatch = f'<td style="background:{color_text(count)}">&nbsp;&nbsp;&nbsp;</td>'
    return f"<tr>{swatch}<td>{legend_class.value}</td><td>{_escaped(legend_class.name)}</td>{cells}</tr>"


def _chart(counts: Sequence[ClassCount]) -> str:
    """Returns horizontal bars, the largest class first."""
    if not counts:
        return ""
    ranked = sorted(counts, key=lambda count: -count.pixels)[:MOST_BARS]
    bars = "".join(_bar(row, count, ranked[0].pixels, pixels_of(counts)) for row, count in enumerate(ranked))
    width, height = LABEL_WIDTH + BAR_WIDTH + 80, BAR_HEIGHT * len(ranked)
    label = escape(tr("Share of each class"), quote=True)
    return (
        f'<p><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{width}" '
        f'height="{height}" font-size="13">{bars}</svg></p>'
    )


def _bar(row: int, count: ClassCount, longest: int, total: int) -> str:
    y, length = row * BAR_HEIGHT, max(1, round(BAR_WIDTH * count.pixels / longest))
    name = printable(count.legend_class.name, LONGEST_LABEL)
    return (
        f'<text x="{LABEL_WIDTH - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LABEL_WIDTH}" y="{y + 3}" width="{length}" height="{BAR_HEIGHT - 6}" fill="{color_text(count)}" '
        f'stroke="#666" stroke-width="0.5"/>'
        f'<text x="{LABEL_WIDTH + length + 6}" y="{y + 15}">{share_text(count.pixels, total)}</text>'
    )


def _facts(results: Sequence[Classification]) -> list[tuple[str, str]]:
    first = results[0]
    peaks = [result.peak_memory for result in results if result.peak_memory is not None]
    return [
        (tr("Device"), first.device),
        (tr("Tiles"), str(sum(result.tiles for result in results))),
        (tr("Time"), duration(sum(result.seconds for result in results))),
        *([(tr("Peak memory"), tr("{size} MB").format(size=round(max(peaks) / 1e6)))] if peaks else []),
    ]


def _fact_table(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{_escaped(text)}</td></tr>" for name, text in facts)
    return f"<table>{rows}</table>"


def _list(title: str, sentences: Sequence[str]) -> str:
    rows = "".join(f"<li>{_escaped(sentence)}</li>" for sentence in sentences)
    return f"<h2>{escape(title)}</h2><ul>{rows}</ul>" if rows else ""


def _escaped(text: str) -> str:
    return escape(printable(text, LONGEST_TEXT))
