# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def post_init_hook(env):
    """Put the shipments that are there already on their way."""
    env["stock.picking"]._cement_init_states()
