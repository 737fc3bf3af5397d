# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reader of dislocation reports: any dialect in, typed rows out."""

from ..codes import okpo_key
from .headings import IGNORED, HeadingMap, fold
from .model import (
    HISTORY,
    SNAPSHOT,
    Column,
    Limits,
    Line,
    Problem,
    ReportError,
    Row,
)
from .report import Outline, Report, open_report, outline, read_report
from .rows import HEADING_FIELDS, KNOWN_FIELDS

__all__ = [
    "HEADING_FIELDS",
    "HISTORY",
    "IGNORED",
    "KNOWN_FIELDS",
    "SNAPSHOT",
    "Column",
    "HeadingMap",
    "Limits",
    "Line",
    "Outline",
    "Problem",
    "Report",
    "ReportError",
    "Row",
    "fold",
    "okpo_key",
    "open_report",
    "outline",
    "read_report",
]
