"""What the scripts must know of the suite's addons, read from the manifests.

addons.py list        names of installable addons, dependencies first
addons.py external    what they depend on outside the suite
addons.py hashes      "name hash" of everything that needs an update (-u)
addons.py closure A B names of A, B and the suite's addons below them
addons.py changed     names whose hash differs from the lines on stdin

No Odoo is needed: the shell scripts ask before there is one.
"""

import ast
import hashlib
import os
import sys
from pathlib import Path

ADDONS = Path(os.environ["CHECKOUT"]) / "addons"
# A database with these is near enough to any of ours: the template is worth
# building before the first addon is there.
BASE_DEPENDS = (
    "account",
    "agreement",
    "auth_signup",
    "mail",
    "portal",
    "queue_job",
    "sale_management",
    "sale_stock",
)
# Read anew by Odoo at each start, or by nobody: no update needed.
NOT_IN_DATABASE = {"tests", "static", "readme", "__pycache__", "migrations"}
SUFFIXES = {".py", ".xml", ".csv", ".po", ".sql"}


def read_manifests() -> dict[str, dict]:
    """Return the manifests of the installable addons by name."""
    manifests = {}
    for path in sorted(ADDONS.glob("*/__manifest__.py")):
        manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
        if manifest.get("installable", True):
            manifests[path.parent.name] = manifest
    return manifests


def in_order(manifests: dict[str, dict]) -> list[str]:
    """Return the names so that each comes after what it depends on."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in done or name not in manifests:
            return
        for depend in manifests[name].get("depends", []):
            visit(depend)
        done[name] = None

    for name in manifests:
        visit(name)
    return list(done)


def external(manifests: dict[str, dict]) -> list[str]:
    """Return the addons of Odoo and OCA that the suite stands on."""
    needed = set(BASE_DEPENDS)
    for manifest in manifests.values():
        needed.update(manifest.get("depends", []))
    return sorted(needed - set(manifests))


def closure(manifests: dict[str, dict], names: list[str]) -> list[str]:
    """Return ``names`` and the addons of the suite that they depend on."""
    wanted: set[str] = set()
    pending = [name for name in names if name in manifests]
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            depends = manifests[name].get("depends", [])
            pending += [depend for depend in depends if depend in manifests]
    return [name for name in in_order(manifests) if name in wanted]


def addon_hash(name: str) -> str:
    """Return the hash of the files whose change asks for an update."""
    digest = hashlib.sha256()
    root = ADDONS / name
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if relative.parts[0] in NOT_IN_DATABASE or "__pycache__" in relative.parts:
            continue
        if path.suffix in SUFFIXES and path.is_file():
            digest.update(f"{relative}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def main(command: str, *names: str) -> None:
    manifests = read_manifests()
    if command == "list":
        lines = in_order(manifests)
    elif command == "external":
        lines = external(manifests)
    elif command == "closure":
        lines = closure(manifests, list(names))
    elif command == "hashes":
        lines = [f"{name} {addon_hash(name)}" for name in in_order(manifests)]
    elif command == "changed":
        known = dict(line.split() for line in sys.stdin if line.strip())
        lines = [n for n in in_order(manifests) if known.get(n) != addon_hash(n)]
    else:
        sys.exit(__doc__)
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
