# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from openupgradelib import openupgrade

_MODEL = "cement.tracking.provider"
_TABLE = "cement_tracking_provider"
# as in all connections to services outside
_FIELDS = {
    "api_key": "sealed_secret",
    "key": "secret",
    "has_key": "has_secret",
    "next_poll_at": "next_at",
    "failures": "failure_count",
    "error": "last_error",
}


@openupgrade.migrate()
def migrate(env, version):
    """Give the fields of providers the names that all connections have."""
    openupgrade.rename_fields(
        env, [(_MODEL, _TABLE, old, new) for old, new in _FIELDS.items()]
    )
