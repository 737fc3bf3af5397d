"""A stand-in for 1C: it speaks CommerceML to a site as УТ and ERP do.

It shares no code with the suite on purpose: what both sides believe because they
were written by one hand would otherwise pass every test. Only the standard library.
Facts: the 1C sheet, sections 1.1 to 1.5 (protocol) and 1.4.1 (rules of orders).

    python -m tests.onec run --url http://localhost:8069/1c/exchange \
        --login 1c --password secret --every 10
"""
