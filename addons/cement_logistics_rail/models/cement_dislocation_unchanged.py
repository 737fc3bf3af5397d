# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from ..tools import guards, moscow, reader


class CementDislocationImport(models.Model):
    """A report whose rows are those of the last one: nothing needs to be read.

    A cabinet that is asked every half an hour often answers with what it knew
    before; only the moment of the report is new, and with it the age of the data.
    """

    _inherit = "cement.dislocation.import"

    signature = fields.Char(readonly=True)
    header_row = fields.Integer(string="Row of the headings", readonly=True)

    def _read_and_apply(self, data, overruled, outline=None):
        last = self.browse() if overruled else self._get_last_of_source()
        if last.signature:
            outline = self._get_outline(data, last)
            # a wagon that stays away is news, though the rows are the same
            absent = self._get_absent_wagons()
            if outline and not absent and self._take_unchanged(outline, last):
                return
        super()._read_and_apply(data, overruled, outline)

    def _describe(self, book):
        result = super()._describe(book)
        self.write(
            {"signature": book.signature or False, "header_row": book.header_row}
        )
        return result

    def _get_last_of_source(self):
        return self.search(
            [("state", "=", "accepted"), ("source_id", "=", self.source_id.id)],
            order="formed_at desc, id desc",
            limit=1,
        )

    def _get_outline(self, data: bytes, last):
        return reader.outline(
            data,
            last.header_row,
            filename=self.name,
            headings=self.env["cement.report.heading"]._get_heading_map(),
            limits=reader.Limits(max_bytes=len(data)),
        )

    def _take_unchanged(self, outline, last) -> bool:
        """Take a report in whose rows are those of the last one of its source.

        :return: whether it was; else it is to be read.
        """
        if outline.formed_at is None or outline.signature != last.signature:
            return False
        facts = guards.Facts(
            formed_at=outline.formed_at,
            now=moscow.from_utc(fields.Datetime.now()),
            last_formed_at=moscow.from_utc(last.formed_at),
        )
        refusals = guards.check(facts, guards.Rules())
        self.write(
            {
                "signature": outline.signature,
                "header_row": last.header_row,
                "formed_at": moscow.to_utc(outline.formed_at),
                "dialect": last.dialect,
                "row_count": last.row_count,
                "unchanged_count": last.row_count - last.refused_count,
                "refused_count": last.refused_count,
                "matched_headings": last.matched_headings,
                "unknown_headings": last.unknown_headings,
            }
        )
        hard = [refusal for refusal in refusals if refusal.hard]
        if hard:
            self._refuse(hard)
        else:
            self._accept_with(refusals, False)
        return True
