# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The phone that the end-to-end tests hold."""

PHONE = {"width": 360, "height": 740}


def assert_no_sideways_scroll(page) -> None:
    """Fail when the page is wider than the phone."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{page.url} is {width} px wide"


def sign_in(page, url: str, login: str) -> None:
    """Sign in; in tests the password is the login."""
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_url("**/my**")
