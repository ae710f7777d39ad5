# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds for the whole of the sources: size, words, licences, versions, and what the plugin site asks for."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest

from .sources import ROOMS, ROOT, files, nodes, relative, text_of, tree_of

OTHERS = ("tests", "scripts", "benchmarks")
SPDX = "# SPDX-License-Identifier: GPL-2.0-or-later"


def python_files(*folders: str) -> list[Path]:
    return sorted([*ROOT.glob("*.py"), *files(*folders)])


SHIPPED = python_files(*ROOMS)
SOURCES = {path: text_of(path) for path in python_files(*ROOMS, *OTHERS)}
TREES = {path: tree_of(path) for path in SHIPPED}


# --- size ---------------------------------------------------------------------------------------------


def functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for tree in TREES.values():
        yield from (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_no_file_is_long() -> None:
    long = {relative(path): len(text.splitlines()) for path, text in SOURCES.items() if text.count("\n") > 500}
    assert long == {}


def test_no_function_is_long() -> None:
    long = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions()}
    assert {name: size for name, size in long.items() if size > 60} == {}


# --- words --------------------------------------------------------------------------------------------


@cache
def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT and token.string != SPDX]


def undocumented(tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "the module"
    owners = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    for owner in owners:
        for node in owner.body:
            kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
                is_inherited = isinstance(owner, ast.ClassDef) and owner.bases and not owner.name.startswith("_")
                is_private = isinstance(owner, ast.ClassDef) and owner.name.startswith("_")
                if not is_private and not (is_inherited and re.search(r"[a-z][A-Z]", node.name)):
                    yield node.name


def test_public_names_are_described() -> None:
    missing = {relative(path): list(undocumented(tree)) for path, tree in TREES.items()}
    assert {path: names for path, names in missing.items() if names} == {}


def test_docstrings_begin_with_one_sentence() -> None:
    bad = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                first = (ast.get_docstring(node) or ".").split("\n\n")[0]
                if first[-1] not in ".:)?":
                    bad.append(f"{relative(path)}: {first[:60]}")
    assert bad == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "misc"])
def test_no_file_is_named_after_nothing(word: str) -> None:
    assert [relative(path) for path in SHIPPED if path.stem in (word, word.rstrip("s"))] == []


def test_nothing_is_left_to_do_in_comments() -> None:
    left = [f"{relative(path)}: {text}" for path in SHIPPED for text in comments(SOURCES[path])]
    assert [text for text in left if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)] == []


def test_every_suppressed_check_says_which() -> None:
    bare = re.compile(r"#\s*(nosec|noqa|type:\s*ignore)(?!\S*\s*[\[:B])")
    found = [f"{relative(path)}: {text}" for path in SHIPPED for text in comments(SOURCES[path]) if bare.search(text)]
    assert found == []


# --- what code may do -----------------------------------------------------------------------------------


def test_shipped_code_has_no_blanket_except_assert_or_print() -> None:
    found = []
    for place, node in nodes("inference"):
        if isinstance(node, ast.Assert):
            found.append(f"{place}: assert")
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            if caught in ("", "Exception", "BaseException"):
                found.append(f"{place}: blanket except")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "eval", "exec"):
            found.append(f"{place}: {node.func.id}")
    assert found == []


def test_shipped_files_parse_as_python_3_9() -> None:
    shipped = files(*ROOMS)
    assert shipped
    for path in shipped:
        assert isinstance(tree_of(path), ast.Module)


# --- names that others may use ------------------------------------------------------------------------


def packages() -> list[Path]:
    return sorted((ROOT / "inference").rglob("__init__.py"))


@pytest.mark.parametrize("path", packages(), ids=relative)
def test_a_package_with_names_lists_them(path: Path) -> None:
    """What is imported into a package is in its __all__, sorted, and there is nothing else in it."""
    tree = TREES[path]
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    if imported:
        assert listed, "it imports names, and does not say which are for others"
    for names in listed:
        assert len(set(names)) == len(names)
        assert set(names) <= imported | defined


# --- licence and versions -----------------------------------------------------------------------------


def test_first_line_is_the_licence() -> None:
    assert [relative(path) for path, text in SOURCES.items() if not text.startswith(SPDX + "\n")] == []


def test_scripts_name_their_licence() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]
    scripts += [path for path in (ROOT / ".ci").glob("*") if path.is_file()]
    assert [relative(path) for path in scripts if SPDX not in path.read_text(encoding="utf-8")[:200]] == []


def metadata() -> dict[str, str]:
    """Returns the keys of metadata.txt as QGIS and the plugin site read them: with interpolation."""
    parser = ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return dict(parser.items("general"))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_version_is_the_same_everywhere() -> None:
    version = metadata()["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    assert released == sorted(released, key=numbers, reverse=True)
    assert (released and released[0] == version) or f"to become {version}" in changelog
    declared = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is None or declared.group(1) == version


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    dated = re.findall(r"^## \[\d.*$", text, re.MULTILINE)
    assert all(re.fullmatch(r"## \[[\d.]+\] - \d{4}-\d\d-\d\d", line) for line in dated)


# --- metadata.txt -------------------------------------------------------------------------------------

KNOWN = set(
    """
    name description about version qgisMinimumVersion qgisMaximumVersion author email homepage tracker repository
    category tags icon hasProcessingProvider experimental deprecated server changelog plugin_dependencies license
    """.split()
)


def test_metadata_has_known_keys_only() -> None:
    keys = {re.sub(r"\[\w+\]$", "", key) for key in metadata()}
    assert keys <= KNOWN
    assert "supportsQt6" not in keys, "QGIS no longer reads it; the plugin site warns"


def test_metadata_has_no_bare_percent_sign() -> None:
    raw = (ROOT / "metadata.txt").read_text(encoding="utf-8")
    assert not re.search(r"%(?!%|\()", raw.replace("%%", ""))


def test_metadata_keeps_its_texts_within_limits() -> None:
    said = metadata()
    assert 3 <= len(said["name"]) <= 60
    assert 20 <= len(said["description"]) <= 250
    assert "\n" not in said["description"]
    assert 100 <= len(said["about"]) <= 2000
    assert "/" not in said["author"]
    assert said["name"].isascii(), "the folder and the addresses of the plugin site are made of it"
    assert not re.search(r"\bplugin\b", said["name"], re.IGNORECASE)
    tags = said["tags"].split(",")
    assert tags == [tag.strip().lower() for tag in tags]
    assert len(set(tags)) == len(tags) <= 20


def test_metadata_says_what_it_depends_on() -> None:
    about = metadata()["about"]
    assert "onnxruntime" in about
    assert "torch" in about


def test_versions_of_qgis_are_an_honest_range() -> None:
    said = metadata()
    assert numbers(said["qgisMinimumVersion"]) == (3, 22)
    assert numbers(said["qgisMaximumVersion"]) == (4, 99)


@pytest.mark.parametrize("key", ["homepage", "tracker", "repository"])
def test_addresses_are_whole(key: str) -> None:
    address = metadata()[key]
    assert re.fullmatch(r"https://[\w.-]+\.[a-z]+(/[\w./-]*)?", address)
    assert "//" not in address.removeprefix("https://")


def test_the_icon_is_a_small_drawing() -> None:
    icon = ROOT / metadata()["icon"]
    text = icon.read_text(encoding="utf-8")
    assert icon.suffix == ".svg"
    assert "<svg" in text
    assert not re.search(r"<script|href\s*=\s*[\"']https?:", text)
    assert icon.stat().st_size < 20_000


def test_the_licence_is_the_whole_gpl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU GENERAL PUBLIC LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text
