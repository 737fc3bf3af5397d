# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the documentation names is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
FEATURES = ROOT / "docs" / "features.md"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GUIDES = [ROOT / "docs" / f"guide-{who}.md" for who in ("partner", "manager", "admin")]
STATES = {"done", "partly", "not yet", "–"}

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")


def _rows():
    """Return ``(number, title, state, place, tests)`` of each row."""
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in FEATURES.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| [FB]\d+ \|", line)
    ]


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets on the page."""
    text = re.sub(r"[`*]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#{1,6} (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {_anchor(heading) for heading in headings}


def test_features_are_all_there_once():
    numbers = [row[0] for row in _rows()]
    wanted = [f"F{n}" for n in range(1, 217)] + [f"B{n}" for n in range(1, 43)]
    assert numbers == wanted


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_feature_tells_the_truth(row):
    """What is done has a place and a test, and the test is in its file."""
    _number, title, state, place, tests = row
    assert title and state in STATES
    if state in ("done", "partly"):
        assert place and tests
    for name in re.findall(r"`([^`]+)`", tests):
        path, _, function = name.partition("::")
        if not path.startswith("tests/"):
            addon, _, file = path.partition("/")
            path = f"addons/{addon}/tests/{file}"
        assert (ROOT / path).is_file(), f"no file {path}"
        code = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"\b(def|class) {re.escape(function)}\b", code), (
            f"no {function} in {path}"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every link and picture inside the repository is there; the anchor, too."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"(https?|mailto):", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target} is not there"
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file), f"{page.name}: no heading for {target}"


def test_guides_show_the_screens():
    for guide in GUIDES:
        assert guide.is_file()
        assert ".png)" in guide.read_text(encoding="utf-8")


def test_pictures_are_used_and_small():
    """A picture that no page shows is forgotten; a heavy one slows the clone."""
    pictures = sorted((ROOT / "docs" / "images").rglob("*.png"))
    shown = {
        (page.parent / unquote(target)).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if target.endswith(".png")
    }
    assert sum(picture.stat().st_size for picture in pictures) < 12_000_000
    assert not [picture.name for picture in pictures if picture not in shown]
