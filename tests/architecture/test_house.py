"""Rules of the house that no import contract can hold."""

import ast
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "marketplace").rglob("*.py"))
FLASKS_OWN = {"static"}


def test_every_route_says_who_may_use_it_and_how_it_uses_the_database(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in FLASKS_OWN]
    assert len(rules) > 30
    unmarked = []
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        if not (getattr(view, "access", None) and getattr(view, "transaction", None)):
            unmarked.append(rule.rule)
    assert not unmarked


def test_what_is_got_never_writes(app: Flask) -> None:
    got = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    writing = [rule.rule for rule in got if getattr(app.view_functions[rule.endpoint], "transaction", "") == "writes"]
    assert not writing


def test_what_search_engines_may_keep_is_for_everybody_only_reads_and_is_in_a_sitemap(app: Flask) -> None:
    rules = {
        r.endpoint: r for r in app.url_map.iter_rules() if getattr(app.view_functions[r.endpoint], "indexed", False)
    }
    assert {"matching.start", "matching.coaches", "guides.issues"} <= set(rules)
    for endpoint in rules:
        view = app.view_functions[endpoint]
        assert (getattr(view, "access", ""), getattr(view, "transaction", "")) == ("public", "reads"), endpoint
    behind_a_name = {endpoint for endpoint, rule in rules.items() if rule.arguments}
    assert behind_a_name == {"matching.profile", "guides.town", "guides.issue"}


def test_only_db_commits() -> None:
    assert _callers_of("commit") == {"marketplace/db.py"} | _callers_in_sandbox("commit")


def test_only_the_gateway_and_the_sandbox_import_stripe() -> None:
    importing = {_name(file) for file in SOURCES if _imports(file, "stripe")}
    assert "marketplace/payments/stripe.py" in importing
    assert all(
        name.startswith("marketplace/stripe_sandbox/") for name in importing - {"marketplace/payments/stripe.py"}
    )


def test_only_the_clock_reads_the_time() -> None:
    reading = {_name(file) for file in SOURCES if "datetime.now(" in file.read_text() or ".utcnow(" in file.read_text()}
    outside = {name for name in reading if not name.startswith(("marketplace/stripe_sandbox/", "marketplace/demo/"))}
    assert outside == {"marketplace/clock.py"}


def test_no_sentence_in_a_view_escapes_translation() -> None:
    """Flashed messages are words for people: each goes through gettext."""
    loose = []
    for file in SOURCES:
        for call in _calls(ast.parse(file.read_text()), "flash"):
            if call.args and isinstance(call.args[0], ast.Constant):
                loose.append(f"{_name(file)}:{call.lineno}")
    assert not loose


def test_every_module_says_what_it_is() -> None:
    assert not [_name(file) for file in SOURCES if not ast.get_docstring(ast.parse(file.read_text()))]


def test_architecture_page_knows_every_package() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    packages = {path.parent.name for path in (ROOT / "marketplace").glob("*/__init__.py")}
    assert not {name for name in packages if f"{name}/" not in page}


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", None)) == name]


def _callers_of(name: str) -> set[str]:
    return {_name(file) for file in SOURCES if _calls(ast.parse(file.read_text()), name)}


def _callers_in_sandbox(name: str) -> set[str]:
    return {file for file in _callers_of(name) if file.startswith("marketplace/stripe_sandbox/")}


def _imports(file: Path, package: str) -> bool:
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        if any(name == package or name.startswith(f"{package}.") for name in names):
            return True
    return False
