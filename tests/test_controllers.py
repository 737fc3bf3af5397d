# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Odoo makes one class of all controllers that extend the same one."""

import ast
from collections import defaultdict
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[1] / "addons"


def _methods():
    """Yield ``(method, where it is defined, whether it extends another)``."""
    for path in sorted(ADDONS.glob("*/controllers/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for class_ in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            if class_.name.endswith("Dispatcher"):
                continue
            bases = {base.id for base in class_.bases if isinstance(base, ast.Name)}
            for method in class_.body:
                if isinstance(method, ast.FunctionDef):
                    # by super() or, in a static method, by the name of the class
                    extends = any(
                        isinstance(node, ast.Name) and node.id in {"super", *bases}
                        for node in ast.walk(method)
                    )
                    yield method.name, f"{path.parts[-3]}.{class_.name}", extends


def test_two_controllers_do_not_share_a_name():
    """A helper of one page must not take the place of another page's helper."""
    places = defaultdict(list)
    for name, place, extends in _methods():
        if not extends:
            places[name].append(place)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice, twice
