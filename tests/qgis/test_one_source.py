# SPDX-License-Identifier: GPL-2.0-or-later
"""One source for QGIS 3.22 to 4, for Qt 5 and Qt 6: checked in the syntax trees of all shipped sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from .sources import NOT_SHIPPED, OF_QGIS_OR_QT, Trees, class_named, dotted, found, parsed, shipped, shipped_trees


@pytest.fixture(scope="module")
def trees() -> Trees:
    """The shipped sources, parsed."""
    return shipped_trees()


def test_all_rooms_are_searched(trees: Trees) -> None:
    assert {"plugin.py", "ui/options/options_page.py", "processing_provider/provider.py"} <= set(trees)
    assert not [name for name in trees if name.startswith(NOT_SHIPPED)]


# --- imports ------------------------------------------------------------------------------------------


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def _imports(pattern: str) -> Any:
    return lambda node: any(re.match(pattern, name) for name in _modules(node))


def test_qt_is_imported_through_qgis_only(trees: Trees) -> None:
    assert found(trees, _imports(r"(PyQt\d|PySide\d?|sip)\b")) == []


def test_private_and_given_up_modules_are_not_imported(trees: Trees) -> None:
    assert (
        found(trees, _imports(r"(qgis\._\w+|qgis\.PyQt\.(Qt|QtWebKit\w*|QtScript)|resources_rc|imp|distutils)$")) == []
    )


def test_processings_own_widgets_are_named_in_one_place(trees: Trees) -> None:
    """QGIS 4.4 removes its Python wrappers: there the parameters keep plain widgets, as this file is not imported."""
    places = {place.partition(":")[0] for place in found(trees, _imports(r"processing\."))}
    assert places == {"ui/dialog/parameter_widgets.py"}
    importers = found(trees, lambda node: isinstance(node, ast.ImportFrom) and node.module == "parameter_widgets")
    assert importers == []


def _starred(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def test_nothing_is_imported_by_a_star(trees: Trees) -> None:
    assert found(trees, _starred) == []


def _absent_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and re.match(r"qgis\.(core|gui|PyQt\.Qt)", node.module or ""):
            yield from (alias.name for alias in node.names if class_named(alias.name) is None)


def test_every_import_exists_in_this_qgis(trees: Trees) -> None:
    known = {"pyqtSignal", "pyqtSlot"}
    absent = {name: sorted(set(_absent_imports(tree)) - known) for name, tree in trees.items()}
    assert {name: names for name, names in absent.items() if names} == {}


# --- enums --------------------------------------------------------------------------------------------


def _is_class(owner: str, name: str) -> bool:
    return isinstance(getattr(class_named(owner), name, None), type)


def _unscoped(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Finds QgsThing.Value, for which Qt 6 requires QgsThing.Kind.Value; the kind itself and nested classes pass."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        chain = dotted(node) if isinstance(node, ast.Attribute) else ()
        if (
            len(chain) == 2
            and OF_QGIS_OR_QT.match(chain[0])
            and re.match(r"[A-Z]\w*[a-z]", chain[1])
            and id(node) not in inner
            and not _is_class(*chain)
        ):
            yield node


def _inherited(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Finds self.Value in classes that derive from one of QGIS or Qt which has such a value."""
    for owner in ast.walk(tree):
        bases = [class_named(ast.unparse(base)) for base in owner.bases] if isinstance(owner, ast.ClassDef) else []
        for node in ast.walk(owner) if any(bases) else ():
            chain = dotted(node) if isinstance(node, ast.Attribute) else ()
            if len(chain) == 2 and chain[0] in ("self", "cls", owner.name) and chain[1][0].isupper():
                values = [getattr(base, chain[1], None) for base in bases]
                if any(value is not None and not isinstance(value, type) for value in values):
                    yield node


def test_enums_are_scoped(trees: Trees) -> None:
    bad = [(name, node) for name, tree in trees.items() for node in (*_unscoped(tree), *_inherited(tree))]
    assert [f"{name}:{node.lineno}: {ast.unparse(node)}" for name, node in bad] == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("Qgis.Warning", 1),
        ("x = QgsProcessing.TypeRaster", 1),
        ("box.setStandardButtons(QMessageBox.Ok | QMessageBox.Cancel)", 2),
        ("Qt.AlignLeft", 1),
        ("kinds = QgsTask\nflags = kinds.CanCancel", 1),
        ("from qgis.core import QgsTask as Task\nTask.CanCancel", 1),
        ("from qgis.core import QgsTask as Task\nTask.Flag.CanCancel", 0),
        ("flags = QgsTask.Flag\nflags.CanCancel", 0),
        ("QVariant.Int", 1),
        ("class A(QDialog):\n    def f(self):\n        return self.Accepted", 1),
        ("class A(QDialog):\n    def f(self):\n        return self.DialogCode.Accepted", 0),
        ("class A(QDialog):\n    Own = 1\n    def f(self):\n        return self.Own", 0),
        ("Qt.AlignmentFlag.AlignLeft", 0),
        ("def f(kind: Qgis.DataType, error: QNetworkReply.NetworkError): ...", 0),
        ("QgsPalettedRasterRenderer.Class(1)", 0),
        ("QgsProject.instance()", 0),
        ("Qgis.QGIS_VERSION_INT", 0),
    ],
)
def test_the_search_for_unscoped_enums_finds_them(source: str, count: int) -> None:
    tree = parsed(source)
    assert len([*_unscoped(tree), *_inherited(tree)]) == count


def _asked_for(tree: ast.Module) -> set[int]:
    """Returns the nodes that are only used after a check by hasattr."""
    choices = [node for node in ast.walk(tree) if isinstance(node, (ast.If, ast.IfExp))]
    asking = [node for node in choices if "hasattr(" in ast.unparse(node.test)]
    return {id(inner) for node in asking for inner in ast.walk(node)}


def _unresolved(tree: ast.Module) -> Iterator[str]:
    """Finds chains such as Qt.ItemDataRole.UserRole that do not exist in this QGIS."""
    guarded = _asked_for(tree)
    for node in ast.walk(tree):
        chain = dotted(node) if isinstance(node, ast.Attribute) else ()
        if not chain or not OF_QGIS_OR_QT.match(chain[0]) or id(node) in guarded:
            continue
        value = class_named(chain[0])
        for name in chain[1:]:
            value = getattr(value, name, None)
        if value is None:
            yield f"{node.lineno}: {'.'.join(chain)}"


def test_every_value_of_an_enum_and_every_static_method_exists_in_this_qgis(trees: Trees) -> None:
    """Run on several versions, this finds moved names."""
    missing = {name: list(_unresolved(tree)) for name, tree in trees.items()}
    assert {name: chains for name, chains in missing.items() if chains} == {}


def test_the_search_for_missing_names_finds_them() -> None:
    source = "Qt.ItemDataRole.UserRole\nQt.ItemDataRole.Nothing\nQgsProject.instance()\nQgsProject.nothing()"
    assert [text.partition(" ")[2] for text in _unresolved(parsed(source))] == [
        "Qt.ItemDataRole.Nothing",
        "QgsProject.nothing",
    ]


# --- what Qt 6 and QGIS 4 no longer have --------------------------------------------------------------

GONE = """
QRegExp QRegExpValidator QDesktopWidget QStringRef QTextCodec QMatrix QDirModel QGLWidget QWebView QWebPage QLinkedList
QFontDatabase() QVariant() QVariant.Type QXmlSimpleReader QXmlInputSource qApp NULL pyqtSignature QgsMapLayerRegistry
AlgorithmDialog ModelerDialog WidgetWrapperFactory
""".split()
RENAMED = {
    "exec_": "exec",
    "print_": "print",
    "desktop": "screen",
    "setMargin": "setContentsMargins",
    "setResizeMode": "setSectionResizeMode",
    "setCodec": "setEncoding",
    "globalPos": "globalPosition",
    "posF": "position",
    "fromTime_t": "fromSecsSinceEpoch",
    "toTime_t": "toSecsSinceEpoch",
    "MidButton": "MiddleButton",
    "BackgroundColorRole": "BackgroundRole",
    "TextColorRole": "ForegroundRole",
    "HighQualityAntialiasing": "Antialiasing",
    "AA_EnableHighDpiScaling": "always on",
    "AA_UseHighDpiPixmaps": "always on",
}


def _is_gone(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
        return f"{node.func.id}()" in GONE
    if isinstance(node, ast.alias):
        return node.name in GONE
    return isinstance(node, (ast.Name, ast.Attribute)) and ".".join(dotted(node)) in GONE


def _is_renamed(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in RENAMED


def _is_width_of_a_text(node: ast.AST) -> bool:
    """QFontMetrics.width is horizontalAdvance now."""
    if not (isinstance(node, ast.Attribute) and node.attr == "width" and isinstance(node.value, ast.Call)):
        return False
    return ast.unparse(node.value.func).endswith(("fontMetrics", "QFontMetrics", "QFontMetricsF"))


def _is_overloaded_signal(node: ast.AST) -> bool:
    """Signals such as activated[str] have only one form."""
    signals = ("activated", "highlighted", "currentIndexChanged", "valueChanged", "buttonClicked", "error")
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr in signals


def _is_signal_that_became_a_method(node: ast.AST) -> bool:
    """QNetworkReply.error and QProcess.error are errorOccurred."""
    return isinstance(node, ast.Attribute) and node.attr == "connect" and ast.unparse(node.value).endswith(".error")


def _is_addaction_of_many_parts(node: ast.AST) -> bool:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return is_call and node.func.attr == "addAction" and len(node.args) > 3


@pytest.mark.parametrize(
    "is_bad",
    [
        _is_gone,
        _is_renamed,
        _is_width_of_a_text,
        _is_overloaded_signal,
        _is_signal_that_became_a_method,
        _is_addaction_of_many_parts,
    ],
    ids=lambda function: function.__name__.strip("_"),
)
def test_nothing_is_used_that_qt_6_has_given_up(is_bad: Any, trees: Trees) -> None:
    assert found(trees, is_bad) == []


@pytest.mark.parametrize(
    ("source", "is_bad"),
    [
        ("from qgis.PyQt.QtCore import QRegExp", _is_gone),
        ("QFontDatabase().families()", _is_gone),
        ("qApp.quit()", _is_gone),
        ("dialog.exec_()", _is_renamed),
        ("self.fontMetrics().width('a')", _is_width_of_a_text),
        ("box.activated[str].connect(f)", _is_overloaded_signal),
        ("reply.error.connect(f)", _is_signal_that_became_a_method),
        ("menu.addAction(icon, 'a', f, 'Ctrl+A')", _is_addaction_of_many_parts),
    ],
)
def test_the_searches_find_what_they_look_for(source: str, is_bad: Any) -> None:
    assert any(is_bad(node) for node in ast.walk(parsed(source)))


def test_names_that_qgis_3_22_lacks_are_not_used(trees: Trees) -> None:
    newer = re.compile(
        r"Qgis\.(Processing\w+|LayerType|GeometryType|WkbType|FieldFormatterFlag|LoadStyleFlag)\b|QgsRasterAttributeTable"
    )

    def is_newer(node: ast.AST) -> bool:
        return isinstance(node, (ast.Attribute, ast.Name)) and bool(newer.match(".".join(dotted(node))))

    assert found(trees, is_newer) == []


# --- what no plugin should do -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["print", "eval", "exec", "compile", "__import__", "breakpoint", "input"])
def test_builtin_is_not_called(name: str, trees: Trees) -> None:
    assert found(trees, lambda node: isinstance(node, ast.Call) and dotted(node.func) == (name,)) == []


def test_nothing_asserts(trees: Trees) -> None:
    assert found(trees, lambda node: isinstance(node, ast.Assert)) == []


def _is_blanket(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)


def test_no_except_catches_everything(trees: Trees) -> None:
    assert found(trees, _is_blanket) == []


def test_shipped_code_is_python_3_9() -> None:
    for path in shipped():
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
