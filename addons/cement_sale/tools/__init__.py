# Pure Python kernels of this addon; nothing in here imports Odoo.
