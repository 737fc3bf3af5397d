# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Where the stand-in of Movizor and the sample answers are."""

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).resolve().parent / "samples"
if str(REPOSITORY) not in sys.path:
    sys.path.insert(0, str(REPOSITORY))

from tests.movizor.server import Standin  # noqa: E402,F401
from tests.movizor.service import Service  # noqa: E402,F401


def sample(name: str) -> bytes:
    """Return a recorded answer of the service (MIT, licence beside)."""
    return (SAMPLES / f"{name}.json").read_bytes()


def data(name: str):
    return json.loads(sample(name))["data"]
