# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def uninstall_hook(env):
    """Give `agreement` its own application menu back (see cement_base_menus.xml)."""
    menu = env.ref("agreement.agreement_menu_root", raise_if_not_found=False)
    if menu:
        menu.active = True
