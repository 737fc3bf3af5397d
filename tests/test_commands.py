# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the commands of bin/ do with their options, with the heavy parts put aside."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# the parts of bin/lib that bin/demo calls, replaced by words on the screen
STUBS = """
use_environment() { :; }
use_python() { :; }
use_pdf() { echo pdf; }
use_demo_database() { echo "set up ${1:-}"; }
database_exists() { [[ "$COMPLETE" == yes ]]; }
marked() {
    [[ "$2" != cement.demo.logins ]] || printf 'owner\\tpartner\\tpartner\\n'
    echo x
}
"""


@pytest.fixture
def demo(tmp_path):
    """Return a function that runs bin/demo as it is, on stubs."""
    text = (ROOT / "bin" / "demo").read_text()
    head, tail = text.split('parse "$@"\n')
    script = tmp_path / "bin" / "demo"
    script.parent.mkdir()
    (script.parent / "lib").symlink_to(ROOT / "bin" / "lib")
    script.write_text(f'{head}\n{STUBS}\nparse "$@"\n{tail}')

    def run(*options, complete):
        return subprocess.run(
            ["bash", str(script), *options],
            env={
                "PATH": "/usr/bin:/bin",
                "CEMENT_CACHE": str(tmp_path / "cache"),
                "COMPLETE": "yes" if complete else "no",
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout

    return run


def test_logins_of_a_complete_demo_wait_for_nothing(demo):
    out = demo("--logins", complete=True)
    assert "owner partner partner" in out
    assert "set up" not in out


def test_logins_of_no_demo_set_it_up(demo):
    assert "set up" in demo("--logins", complete=False)
    assert "set up fresh" in demo("--logins", "--fresh", complete=True)
