# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages for people: a form, the jobs, a job with its messages and its map. Without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from ..inference.errors import ClassifyPixelsError
from ..plugin_support.sources.references import parse_json_object
from . import jobs
from .html import Content, Markup, element, joined
from .jobs import Job, Message
from .submission import ALL_ITEMS, ARGUMENTS, CONTEXT, DEFAULT_NAME, INPUT, MODEL, OUTPUT, PARAMETERS, REQUIRED
from .web import Call, as_time

SECONDS_TO_REFRESH = 3
# Texts have a contrast of at least 4.5 to 1 with what is behind them.
STYLE = Markup(
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}"
    "header{background:#17324d;padding:.6rem 1rem}header a{color:#fff;font-weight:600;text-decoration:none}"
    "main,header div{max-width:60rem;margin:0 auto}main{padding:0 1rem 2rem}"
    "h1{font-size:1.6rem;margin:1.2rem 0 .6rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:1.6rem 0 .4rem}"
    "a{color:#005a9c}nav{margin:.6rem 0 1rem}nav a{margin-right:1.5rem}"
    ":focus-visible{outline:3px solid #b35900;outline-offset:2px}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;"
    "border-bottom:1px solid #ccc;vertical-align:top;overflow-wrap:break-word}thead th{background:#eef2f6}"
    "div.table{overflow-x:auto}td.path{overflow-wrap:anywhere}td.path,td.class{min-width:7rem}"
    "td.time{white-space:nowrap}td.number,th.number{text-align:right;white-space:nowrap}tfoot td{font-weight:600}"
    "label{display:block;margin-top:1.2rem;font-weight:600}"
    "small{display:block;color:#555}label.box+small{margin-left:1.7rem}"
    "input[type=text],input[type=password],textarea{width:100%;box-sizing:border-box;font:inherit;padding:.45rem;"
    "border:1px solid #767676;border-radius:3px}textarea{font-family:monospace;font-size:.95rem}"
    "button{font:inherit;font-weight:600;padding:.5rem 1.4rem;margin-top:1.2rem;color:#fff;background:#005a9c;"
    "border:1px solid #00406e;border-radius:3px;cursor:pointer}button.quiet{color:#1b1b1b;background:#eee;"
    "border-color:#767676}progress{width:100%;height:1.2rem;accent-color:#005a9c}"
    "ul{padding-left:1.3rem}li,p{overflow-wrap:anywhere}.warning{color:#7a4b00}.error{color:#a40000}"
    "p.error{border-left:4px solid #a40000;background:#fdf0f0;padding:.6rem .8rem}"
    ".swatch{display:inline-block;width:1.1rem;height:1.1rem;border:1px solid #666;vertical-align:-.2rem;"
    "margin-right:.6rem}"
    "img.map{display:block;max-width:100%;height:auto;border:1px solid #999;background:#eee;margin-bottom:1rem}"
    "pre,code{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.95rem}"
    "@media(max-width:40rem){th,td{padding:.3rem;font-size:.9rem}}"
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
BAD = (jobs.FAILED, jobs.TIMED_OUT)
REFRESH = "refresh"
LONGEST_REFERENCE = 200
NUMBERS = ("Value", "Progress", "Pixels", "Area (km²)", "Share")
HELP = {
    INPUT: "A path in a store, such as /rasterStores/NAME/scene.tif, a folder of rasters, or several paths separated "
    "by semicolons.",
    OUTPUT: f"Up to 100 letters, digits, underscores, hyphens and points; {DEFAULT_NAME} if empty.",
    MODEL: "A path in a store, such as /fileShares/NAME/model.dlpk, or a model definition as JSON.",
    ARGUMENTS: 'JSON, such as {"batch_size": 4}; the model has defaults for all of them.',
    ALL_ITEMS: "Classify each raster separately.",
    CONTEXT: 'JSON with extent, cell size and further settings, such as {"cellSize": 30, "outSR": {"wkid": 32625}}.',
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
    # Half a pair of UTF-16, as in JSON's "\\ud800", cannot be encoded; no text of a caller may break a page.
    return Response(text.encode("utf-8", "replace"), status=status, content_type="text/html; charset=utf-8")


def page(title: str, *content: Content, refresh: bool = False, state: str = "") -> str:
    """Returns a whole page, which loads itself again on request; the state is in its title only."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="refresh", content=SECONDS_TO_REFRESH) if refresh else None,
        element("title", " - ".join(part for part in (state, title, "Classify Pixels") if part)),
        element("style", STYLE),
    )
    top = element("header", element("div", element("a", "Classify Pixels", href="/")))
    body = element("body", top, element("main", element("h1", title), *content))
    return f"<!DOCTYPE html>{element('html', head, body, lang='en')}"


def service_page(call: Call, task: str) -> str:
    """Returns the first page."""
    stores = [element("li", element("code", f"/rasterStores/{name}/")) for name in sorted(call.settings.gate.stores)]
    hosts = [element("li", element("code", name)) for name in sorted(call.settings.gate.hosts)]
    return page(
        "Classification of rasters",
        element("p", "This service classifies rasters with deep learning models."),
        _links(("Classify a raster", task), ("Jobs", f"{task}/jobs"), ("OGC API - Processes", "/ogc/")),
        element("h2", "Stores"),
        element("p", "Rasters and models are read from these folders:"),
        element("ul", *stores),
        joined(element("p", "and from these hosts:"), element("ul", *hosts)) if hosts else None,
    )


def form_page(call: Call, action: str) -> str:
    """Returns the form for a new job; the query fills it in."""
    given = call.values
    fields = [_field(name, given.get(name, "")) for name in PARAMETERS]
    form = element(
        "form", *fields, element("input", type="hidden", name="f", value="html"),
        element("button", "Classify", type="submit"), method="post", action=action,
    )  # fmt: skip
    return page("Classify a raster", _links(("Jobs", action.replace("submitJob", "jobs"))), form)


def jobs_page(call: Call, found: Sequence[Job], task: str) -> str:
    """Returns the list of jobs, which refreshes while one of them runs."""
    rows = [
        element(
            "tr",
            element("td", element("a", job.name, href=f"{task}/jobs/{job.id}")),
            element("td", SHOWN[job.status], class_="error" if job.status in BAD else None),
            element("td", _percent(job), class_="number"),
            element("td", _reference(job.inputs.get(INPUT, "…")), class_="path"),
            element("td", _time(job.submitted), class_="time"),
        )
        for job in found
    ]
    head = _head("Job", "State", "Progress", "Input raster", "Submitted (UTC)")
    table = _table(head, element("tbody", *rows)) if rows else element("p", "No jobs.")
    refresh = any(not job.has_ended for job in found)
    return _refreshing(call, "Jobs", _links(("Classify a raster", task)), table, refresh=refresh)


def job_page(call: Call, job: Job, task: str) -> str:
    """Returns the page of a job: state, progress, result and messages."""
    messages = call.store.messages(job.id)
    running = job.status in (jobs.EXECUTING, jobs.CANCELLING)
    bar = element("progress", max="100", value=int(100 * job.progress), aria_label="Progress") if running else None
    cancel = element(
        "form", element("input", type="hidden", name="f", value="html"),
        element("button", "Cancel", type="submit", class_="quiet"),
        method="post", action=f"{task}/jobs/{job.id}/cancel",
    )  # fmt: skip
    errors = [element("p", message.text, class_="error") for message in messages if message.kind == jobs.ERROR]
    given = {name: _text(job.inputs[name]) for name in PARAMETERS if name in job.inputs}
    inputs = [
        element("tr", element("th", TITLES[name], scope="row"), element("td", element("code", value)))
        for name, value in given.items()
    ]
    # A form: the parameters may be too long for an address.
    again = element(
        "form", *(element("input", type="hidden", name=name, value=value) for name, value in given.items()),
        element("button", "Change these parameters", type="submit", class_="quiet"), method="post", action=task,
    )  # fmt: skip
    share = f", {_percent(job)}" if running else ""
    times = f"submitted {_time(job.submitted)}" + (f", ended {_time(job.finished)}" if job.finished else "")
    return _refreshing(
        call,
        f"Job {job.name}",
        _links(("Jobs", f"{task}/jobs"), ("Classify a raster", task)),
        element("p", "State: ", element("strong", SHOWN[job.status]), f"{share}; {times} (UTC)"),
        bar,
        None if job.has_ended or job.status == jobs.CANCELLING else cancel,
        *errors,
        _result(call, job),
        element("h2", "Messages"),
        element("ul", *map(_message, messages)) if messages else element("p", "No messages yet."),
        element("h2", "Parameters"),
        _table(*inputs),
        element("p", "ID of the job: ", element("code", job.id)),
        again,
        refresh=not job.has_ended,
        state=f"{SHOWN[job.status]}{share}",
    )


def value_page(name: str, value: Any) -> str:
    """Returns the page of a parameter."""
    return page(name, element("pre", _text(value)))


def error_page(text: str, sign_in: bool = False) -> str:
    """Returns the page of an error, with the way to a token on request."""
    return page("Error", element("p", text, class_="error"), _links(("Sign in", "/sign-in")) if sign_in else None)


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


def _refreshing(call: Call, title: str, *content: Content, refresh: bool, state: str = "") -> str:
    """Returns a page that refreshes unless the reader has stopped that: a refresh takes the focus away."""
    stopped = call.values.get(REFRESH) == "no"
    note = None
    if refresh and stopped:
        note = element("p", "This page is not refreshed. ", element("a", "Refresh", href=call.request.path))
    elif refresh:
        stop = element("a", "Stop", href=f"{call.request.path}?{REFRESH}=no")
        note = element("p", f"This page is refreshed every {SECONDS_TO_REFRESH} seconds. ", stop)
    return page(title, note, *content, refresh=refresh and not stopped, state=state)


def _links(*links: tuple[str, str]) -> Markup:
    return element("nav", *(element("a", text, href=href) for text, href in links))


def _table(*parts: Markup) -> Markup:
    """Returns a table that scrolls in a narrow window; the keyboard reaches it for that."""
    return element("div", element("table", *parts), class_="table", tabindex=0, role="group", aria_label="Table")


def _head(*names: str) -> Markup:
    cells = (element("th", name, scope="col", class_="number" if name in NUMBERS else None) for name in names)
    return element("thead", element("tr", *cells))


def _field(name: str, value: str) -> Markup:
    help_text = element("small", HELP[name], id=f"{name}-help")
    described = f"{name}-help"
    if name == ALL_ITEMS:
        box = element(
            "input", type="checkbox", name=name, id=name, value="true", checked=value.lower() == "true",
            aria_describedby=described,
        )  # fmt: skip
        return element("div", element("label", box, " ", TITLES[name], for_=name, class_="box"), help_text)
    required = name in REQUIRED
    label = element("label", TITLES[name], " (required)" if required else None, for_=name)
    shared = {"name": name, "id": name, "aria_describedby": described, "spellcheck": "false"}
    if name in (CONTEXT, ARGUMENTS):
        return joined(label, help_text, element("textarea", value, rows=3, **shared))
    return joined(label, help_text, element("input", type="text", value=value, required=required, **shared))


def _message(message: Message) -> Markup:
    kind = {jobs.WARNING: "Warning: ", jobs.ERROR: "Error: "}.get(message.kind)
    return element("li", kind, message.text, class_=message.kind)


def _result(call: Call, job: Job) -> Markup | None:
    if job.status != jobs.SUCCEEDED or not job.result:
        return None
    names = job.result["files"]
    files = [element("li", element("a", file, href=f"/files/{job.id}/{file}")) for file in names]
    picture = f"/arcgis/rest/services/results/{job.id}/ImageServer/thumbnail"
    place = call.url(f"/files/{job.id}/{names[0]}") if names else ""
    return joined(
        element("h2", "Result"),
        element("img", src=picture, alt="Map of the classes in the colours of the table", class_="map"),
        _legend(job.result["classes"]),
        element("h2", "Files"),
        element("ul", *files),
        element("p", "QGIS and GDAL read it in place as ", element("code", f"/vsicurl/{place}")) if names else None,
    )


def _legend(classes: Sequence[dict[str, Any]]) -> Markup | None:
    """Returns the table of the classes, with the sums of their pixels and areas."""
    if not classes:
        return None
    pixels = sum(each["pixels"] for each in classes)
    areas = [each["area"] for each in classes]
    rows = [_class_row(each, pixels or 1) for each in classes]
    total = (f"{pixels:,}", _area(None if None in areas else sum(areas)), "")
    foot = element(
        "tr", element("td", "Sum", colspan=2), *(element("td", text, class_="number") for text in total)
    )  # fmt: skip
    head = _head("Class", "Value", "Pixels", "Area (km²)", "Share")
    return _table(head, element("tbody", *rows), element("tfoot", foot))


def _class_row(known: dict[str, Any], total: int) -> Markup:
    red, green, blue = (int(part) for part in known["color"])
    swatch = element("span", class_="swatch", style=f"background:rgb({red},{green},{blue})")
    return element(
        "tr",
        element("td", swatch, known["name"], class_="class"),
        element("td", str(known["value"]), class_="number"),
        element("td", f"{known['pixels']:,}", class_="number"),
        element("td", _area(known["area"]), class_="number"),
        element("td", f"{100 * known['pixels'] / total:.1f} %", class_="number"),
    )


def _area(square_metres: float | None) -> str:
    return "unknown" if square_metres is None else f"{square_metres / 1e6:,.3f}"


def _percent(job: Job) -> str:
    return f"{int(100 * job.progress)} %"


def _time(seconds: float | None) -> str:
    return (as_time(seconds) or "")[:19].replace("T", " ")


def _reference(value: Any) -> str:
    """Returns the path or address in a reference, for a table, and the text of one that was refused."""
    try:
        content = parse_json_object(value)
    except ClassifyPixelsError:
        content = None
    parts = [content.get(key) for key in ("uri", "url", "itemId")] if isinstance(content, Mapping) else []
    text = next((part for part in parts if isinstance(part, str)), _text(value))
    return text if len(text) <= LONGEST_REFERENCE else f"{text[:LONGEST_REFERENCE]}…"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
