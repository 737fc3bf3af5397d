# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    """Encrypt the keys of the services: until now they were kept as they are."""
    providers = env["cement.tracking.provider"].with_context(active_test=False)
    for provider in providers.search([("sealed_secret", "!=", False)]):
        provider.sealed_secret = provider._seal(provider.sealed_secret)
