# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""CommerceML 2 as the УТ/ERP client speaks it: orders out, everything else in.

Pure Python: the standard library and lxml only, no Odoo. Sources of every rule are
given where the rule is; the common one is the fact sheet of the protocol, named
"1C sheet" with its section.

- :mod:`.orders`  what an order is, as plain values
- :mod:`.rules`   what 1C would choke on: ``validate_order``
- :mod:`.writer`  orders to bytes
- :mod:`.reader`  bytes to records, lazily and safely
- :mod:`.records` what the reader yields
- :mod:`.values`  text to numbers, dates and identifiers, tolerantly
"""
