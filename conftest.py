"""What every test run shares."""

import os
import re
import unittest

import pytest
from hypothesis import HealthCheck, settings

# The same examples in each run: a red test is red for the next person too.
settings.register_profile(
    "cement",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "cement"))

# What Odoo says when it skips a browser test on its own account.
NO_BROWSER = re.compile(r"chrome|devtools|websocket-client", re.IGNORECASE)


def pytest_configure(config):
    """With CEMENT_NO_BROWSER=1 browser tests are skipped, visibly."""
    if os.environ.get("CEMENT_NO_BROWSER") != "1":
        return
    import odoo.tests.common

    def no_browser():
        raise unittest.SkipTest("CEMENT_NO_BROWSER=1: no Chrome is started")

    odoo.tests.common._find_executable = no_browser


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn "skipped, the browser did not start" into a failure.

    bin/test sets the variable when Chromium is there: a tour that did not
    run must not look like one that passed.
    """
    outcome = yield
    report = outcome.get_result()
    if not report.skipped or os.environ.get("CEMENT_BROWSER") != "required":
        return
    reason = str(report.longrepr[2] if report.longrepr else "")
    if NO_BROWSER.search(reason):
        report.outcome = "failed"
        report.longrepr = f"The browser did not run: {reason}"
