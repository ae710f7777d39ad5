# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages for people: a form, the jobs, a job with its messages and its map. Without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Response

from . import jobs
from .html import Content, Markup, element, joined
from .jobs import Job
from .submission import ALL_ITEMS, ARGUMENTS, CONTEXT, INPUT, MODEL, OUTPUT, PARAMETERS
from .web import Call, as_time

SECONDS_TO_REFRESH = 3
STYLE = Markup(
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}"
    "a{color:#005a9c}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;"
    "border-bottom:1px solid #ddd;vertical-align:top}td.number,th.number{text-align:right}"
    "label{display:block;margin-top:1rem;font-weight:600}small{display:block;font-weight:400;color:#555}"
    "input[type=text],textarea{width:100%;box-sizing:border-box;font:inherit;padding:.4rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-top:1rem}progress{width:100%;height:1.2rem}"
    ".warning{color:#7a4b00}.error{color:#a40000}"
    ".swatch{display:inline-block;width:1.2rem;height:1.2rem;border:1px solid #666;vertical-align:middle}"
    "img.map{max-width:100%;border:1px solid #999;background:#eee}code{word-break:break-all}"
)
# Nothing of another host, no script, and no frame around the pages.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
SHOWN = {
    jobs.SUBMITTED: "waiting",
    jobs.EXECUTING: "running",
    jobs.CANCELLING: "being cancelled",
    jobs.SUCCEEDED: "succeeded",
    jobs.FAILED: "failed",
    jobs.TIMED_OUT: "out of time",
    jobs.CANCELLED: "cancelled",
}
HELP = {
    INPUT: "A path in a store, such as /rasterStores/NAME/scene.tif, a folder of rasters, or several paths separated "
    "by semicolons.",
    OUTPUT: "The name of the result.",
    MODEL: "A path in a store, such as /fileShares/NAME/model.dlpk, or a model definition as JSON.",
    ARGUMENTS: 'Model arguments, such as {"batch_size": 4}.',
    ALL_ITEMS: "Classify each raster separately.",
    CONTEXT: 'Extent, cell size and further settings, such as {"cellSize": 30, "outSR": {"wkid": 32625}}.',
}
TITLES = {
    INPUT: "Input raster",
    OUTPUT: "Name of the result",
    MODEL: "Model",
    ARGUMENTS: "Model arguments",
    ALL_ITEMS: "Process all raster items",
    CONTEXT: "Context",
}


def as_page(text: str, status: int = 200) -> Response:
    """Returns an HTML answer."""
    return Response(text, status=status, content_type="text/html; charset=utf-8")


def page(title: str, *content: Content, refresh: bool = False) -> str:
    """Returns a whole page, which loads itself again on request."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width"),
        element("meta", http_equiv="refresh", content=SECONDS_TO_REFRESH) if refresh else None,
        element("title", f"{title} - Classify Pixels"),
        element("style", STYLE),
    )
    body = element("body", element("main", element("h1", title), *content))
    return f"<!DOCTYPE html>{element('html', head, body, lang='en')}"


def service_page(call: Call, task: str) -> str:
    """Returns the first page."""
    stores = [element("li", element("code", f"/rasterStores/{name}/")) for name in sorted(call.settings.gate.stores)]
    return page(
        "Classification of rasters",
        element("p", "This service classifies rasters with deep learning models."),
        element("p", element("a", "Classify a raster", href=task), " | ", element("a", "Jobs", href=f"{task}/jobs")),
        element("h2", "Stores"),
        element("ul", *stores),
    )


def form_page(call: Call, action: str) -> str:
    """Returns the form for a new job; the query fills it in."""
    given = call.values
    fields = [_field(name, given.get(name, "")) for name in PARAMETERS]
    form = element(
        "form", *fields, element("input", type="hidden", name="f", value="html"),
        element("button", "Classify", type="submit"), method="post", action=action,
    )  # fmt: skip
    return page("Classify a raster", form)


def jobs_page(call: Call, found: Sequence[Job], task: str) -> str:
    """Returns the list of jobs, which refreshes while one of them runs."""
    rows = [
        element(
            "tr",
            element("td", element("a", job.name, href=f"{task}/jobs/{job.id}")),
            element("td", SHOWN[job.status]),
            element("td", f"{int(100 * job.progress)} %", class_="number"),
            element("td", _time(job.submitted)),
        )
        for job in found
    ]
    head = element(
        "tr", element("th", "Job"), element("th", "State"), element("th", "Progress", class_="number"),
        element("th", "Submitted (UTC)"),
    )  # fmt: skip
    table = element("table", element("thead", head), element("tbody", *rows)) if rows else element("p", "No jobs.")
    refresh = any(not job.has_ended for job in found)
    return page("Jobs", element("p", element("a", "Classify a raster", href=task)), table, refresh=refresh)


def job_page(call: Call, job: Job, task: str) -> str:
    """Returns the page of a job: state, progress, result and messages."""
    messages = [element("li", message.text, class_=message.kind) for message in call.store.messages(job.id)]
    running = job.status in (jobs.EXECUTING, jobs.CANCELLING)
    bar = element("progress", max="100", value=int(100 * job.progress)) if running else None
    cancel = element(
        "form", element("input", type="hidden", name="f", value="html"), element("button", "Cancel", type="submit"),
        method="post", action=f"{task}/jobs/{job.id}/cancel",
    )  # fmt: skip
    inputs = [
        element("tr", element("th", TITLES[name], scope="row"), element("td", element("code", _text(job.inputs[name]))))
        for name in PARAMETERS
        if name in job.inputs
    ]
    return page(
        job.name,
        element("p", element("a", "Jobs", href=f"{task}/jobs")),
        element("p", "State: ", element("strong", SHOWN[job.status]), f", submitted {_time(job.submitted)} UTC"),
        bar,
        None if job.has_ended else cancel,
        _result(job),
        element("h2", "Messages"),
        element("ul", *messages),
        element("h2", "Parameters"),
        element("table", *inputs),
        refresh=not job.has_ended,
    )


def value_page(call: Call, name: str, value: Any) -> str:
    """Returns the page of a parameter."""
    return page(name, element("pre", _text(value)))


def error_page(text: str) -> str:
    """Returns the page of an error."""
    return page("Error", element("p", text, class_="error"), element("p", element("a", "Sign in", href="/sign-in")))


def sign_in_page(message: str = "") -> str:
    """Returns the form for a token."""
    return page(
        "Sign in",
        element("p", message, class_="error") if message else None,
        element(
            "form", element("label", "Token", for_="token"),
            element("input", type="password", name="token", id="token", autocomplete="current-password"),
            element("button", "Sign in", type="submit"), method="post", action="/sign-in",
        ),
    )  # fmt: skip


def _field(name: str, value: str) -> Markup:
    help_text = element("small", HELP[name], id=f"{name}-help")
    if name == ALL_ITEMS:
        box = element("input", type="checkbox", name=name, id=name, value="true", checked=value.lower() == "true")
        return element("label", box, " ", TITLES[name], help_text, for_=name)
    label = element("label", TITLES[name], help_text, for_=name)
    required = name in (INPUT, MODEL)
    if name in (CONTEXT, ARGUMENTS):
        return joined(label, element("textarea", value, name=name, id=name, rows=3))
    return joined(label, element("input", type="text", name=name, id=name, value=value, required=required))


def _result(job: Job) -> Markup | None:
    if job.status != jobs.SUCCEEDED or not job.result:
        return None
    files = [element("li", element("a", file, href=f"/files/{job.id}/{file}")) for file in job.result["files"]]
    picture = f"/arcgis/rest/services/results/{job.id}/ImageServer/thumbnail"
    total = sum(each["pixels"] for each in job.result["classes"]) or 1
    rows = [_class_row(each, total) for each in job.result["classes"]]
    head = element(
        "tr", element("th", ""), element("th", "Value", class_="number"), element("th", "Class"),
        element("th", "Pixels", class_="number"), element("th", "Area (km²)", class_="number"),
        element("th", "Share", class_="number"),
    )  # fmt: skip
    legend = element("table", element("thead", head), element("tbody", *rows)) if rows else None
    return joined(
        element("h2", "Result"),
        element("img", src=picture, alt="The result as a picture", class_="map"),
        legend,
        element("h2", "Files"),
        element("ul", *files),
    )


def _class_row(known: dict[str, Any], total: int) -> Markup:
    red, green, blue = (int(part) for part in known["color"])
    area = "unknown" if known["area"] is None else f"{known['area'] / 1e6:,.3f}"
    return element(
        "tr",
        element("td", element("span", class_="swatch", style=f"background:rgb({red},{green},{blue})")),
        element("td", str(known["value"]), class_="number"),
        element("td", known["name"]),
        element("td", f"{known['pixels']:,}", class_="number"),
        element("td", area, class_="number"),
        element("td", f"{100 * known['pixels'] / total:.1f} %", class_="number"),
    )


def _time(seconds: float | None) -> str:
    return (as_time(seconds) or "")[:19].replace("T", " ")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
