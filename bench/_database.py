# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A database of the suite for the benchmarks, and environments in it."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


def new_database(name: str, addons: str) -> None:
    """Make the database *name* with *addons* (comma separated) from the template."""
    subprocess.run(
        [CHECKOUT / "bin" / "db", "new", name, addons],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def clone_database(source: str, target: str) -> None:
    """Copy a database that nobody uses."""
    subprocess.run([CHECKOUT / "bin" / "db", "clone", source, target], check=True)


def install(name: str, addon: str, update: bool = False) -> None:
    """Install one more addon (or update it)."""
    subprocess.run(
        [CHECKOUT / "bin" / "odoo", "-d", name, "-u" if update else "-i", addon]
        + ["--stop-after-init"]
        + ["--no-http", "--log-level=error"],
        check=True,
    )


def load(name: str):
    """Return the registry of the database *name*, Odoo being set up in here."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", os.environ["ODOO_RC"], "-d", name, "--log-level=error"])
    return Registry(name)


@contextmanager
def rolled_back(registry, lang="ru_RU"):
    """Give an environment of the superuser whose changes are forgotten."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": lang, "tz": "Europe/Moscow"})
        cr.rollback()


@contextmanager
def committed(registry):
    """Give an environment of the superuser whose changes stay."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "ru_RU"})


def vacuum(name: str) -> None:
    """Clear away what was rolled back and tell PostgreSQL the sizes of its tables,
    as its own housekeeping does on a server that is not being measured."""
    subprocess.run(
        ["psql", "-qX", "-d", name, "-c", "VACUUM ANALYZE"],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def machine() -> str:
    """Return one line about this machine, for the record."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{os.cpu_count()} × {model}"
