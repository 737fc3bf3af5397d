# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A stand-in for the cabinet of the railway: wagons that move, and their reports.

It shares no code with the suite on purpose: what both sides believe because they
were written by one hand would otherwise pass every test. Only the standard library.
Facts: the logistics sheet, sections 4 and 5.

    python -m tests.rzd run --port 8792 --every 10

It keeps nothing: started anew, its wagons begin anew.
"""
