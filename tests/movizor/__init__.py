"""A stand-in for Movizor, API v2: it follows phones that drive along a road.

It shares no code with the suite on purpose: what both sides believe because they
were written by one hand would otherwise pass every test. Only the standard library.
Facts: logistics sheet, section 8, and the sample answers (types change from answer
to answer there, so they do here).

    python3 -m tests.movizor run --port 8791 --every 5

A phone begins its way where its last two digits say: 79000001235 after 35 % of it.
"""
