# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The stack, seeded once for all end-to-end tests."""

import pytest

from . import seed
from .stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A running server on a database with one client and its contract."""
    import odoo.tools

    source = odoo.tools.config["db_name"]
    source = source[0] if isinstance(source, list) else source
    log = tmp_path_factory.mktemp("e2e") / "server.log"
    running = Stack(source, f"{source}_e2e", log)
    try:
        with running.environment() as env:
            running.seed = seed.plant(env)
        running.start()
        yield running
    finally:
        running.close()
