# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models

from .. import store
from ..tools import guards, moscow, trip_columns, trips

REMARKS_MAX = 500  # rows kept of one file; the counter goes on


class CementDislocationImport(models.Model):
    """Writing what a report says: a fixed number of statements, however many rows."""

    _inherit = "cement.dislocation.import"

    def _apply(self, book, rows, present, active, settings):
        """Write the rows of the report that differ from what is known.

        :param rows: the parsed rows: those whose content is new.
        :param present: all wagons of the report, unchanged ones included.
        :param active: wagons under way that the source reported before.
        """
        self.env.flush_all()
        usable = [row for row in rows if row.usable]
        places = store.Places(self.env, usable)
        kinds = store.Codes(self.env, usable)
        vocabulary = trip_columns.Vocabulary(
            places.id_of, places.code_of, kinds.code_of
        )
        rules = self._get_trip_rules(settings, kinds, places)
        gone = set()
        if book.kind == "snapshot" and self._is_newest(book, usable, present):
            gone = active - present
        known = store.load_known(
            self.env.cr, {row.wagon for row in usable} | gone, vocabulary
        )
        states = {wagon: item.state for wagon, item in known.items()}
        changes = trips.advance(states, usable, rules)
        formed_at = book.formed_at or moscow.from_utc(self.formed_at)
        absent = trips.missing(
            {wagon: states[wagon] for wagon in gone if states.get(wagon)},
            present,
            formed_at,
            rules,
        )
        writer = store.Writer(
            self, known, places, kinds, vocabulary, settings, rules, formed_at
        )
        writer.put(changes, usable, absent)
        self.env.invalidate_all(flush=False)
        places.learn()
        self._note_rows(book, rows)
        self._tell(writer)
        self.write(
            {
                "new_count": writer.new_count,
                "changed_count": writer.changed_count,
                "unchanged_count": len(book.unchanged),
                "operation_count": writer.operation_count,
                "refused_count": len(rows) - len(usable),
                # one that stays away was counted when it went
                "lost_count": sum(
                    change.before.lost_since is None for change in absent
                ),
            }
        )

    def _is_newest(self, book, rows, present) -> bool:
        """Whether the report knows what is known already, so that wagons it does not
        name are gone.

        One that does not say when it was formed may be of yesterday.
        """
        if book.formed_at is not None:
            return True
        self.env.cr.execute(
            """
            SELECT max(last_operation_at),
                   max(last_operation_at) FILTER (WHERE wagon_number = ANY(%s))
              FROM cement_wagon_trip
             WHERE is_current IS TRUE AND is_open IS TRUE
               AND source_id IS NOT DISTINCT FROM %s
            """,
            [
                # rows that are as they were tell what is known of their wagons
                list(present - {row.wagon for row in rows}),
                self.source_id.id or None,
            ],
        )
        newest, unchanged = map(moscow.from_utc, self.env.cr.fetchone())
        mine = [row.operation_time for row in rows] + [unchanged] * bool(unchanged)
        return newest is None or max(mine, default=newest) >= newest

    def _tell(self, writer):
        """Let shipments and conversations know what the report has changed."""
        wagon_trips = self.env["cement.wagon.trip"]
        matched_ids = wagon_trips._match_shipments(writer.unmatched_ids)
        self.matched_count = len(matched_ids)
        wagon_trips.browse([*writer.tied_ids, *matched_ids])._push_to_shipments(
            writer.milestones
        )
        wagon_trips._log_events(writer.events)
        wagon_trips.browse(
            {trip_id for trip_id, event in writer.events if event.kind == "readdressed"}
        )._warn_readdressed()

    def _get_trip_rules(self, settings, kinds, places):
        return trips.Rules(
            stages=kinds.stages,
            mnemonics=kinds.mnemonic_stages,
            aliases=places.aliases,
            idle_minutes=settings.idle_hours * 60,
            lost_days=settings.lost_days,
            absent_hours=settings.absent_hours,
            excluded_codes=kinds.excluded,
            max_age_days=settings.max_age_days,
        )

    def _note_rows(self, book, rows):
        """Keep what is wrong with rows, with their cells; the first hundreds only."""
        notes = []
        for row in rows:
            if row.usable and not row.problems:
                continue
            notes.append(
                {
                    "import_id": self.id,
                    "row_number": row.number,
                    "wagon_number": row.wagon,
                    "outcome": "remark" if row.usable else "refused",
                    "reason": self._describe_problems(row),
                    "raw": book.raw(row.number),
                }
            )
            if len(notes) >= REMARKS_MAX:
                break
        self.env["cement.dislocation.row"].create(notes)

    def _describe_problems(self, row) -> str:
        texts = {
            "bad_wagon": self.env._("no wagon number"),
            "no_wagon": self.env._("no wagon number"),
            "wagon_check": self.env._("check digit of the wagon does not fit"),
            "station_check": self.env._("check digit of the station does not fit"),
            "bad_date": self.env._("no date"),
            "bad_number": self.env._("no number"),
            "mass_range": self.env._("mass cannot be"),
            "no_time": self.env._("no time of the operation"),
            guards.FUTURE: self.env._("lies in the future"),
            guards.CONTRADICTION: self.env._(
                "another row of the same wagon and minute says otherwise"
            ),
            "cut_off": self.env._("the file ends within this row"),
            "clipped": self.env._("too long, cut"),
            "waybill_form": self.env._("unusual waybill number"),
            "duplicate_row": self.env._("the row is there twice"),
        }
        found = [
            " ".join(filter(None, (texts.get(item.code, item.code), item.value)))
            for item in row.problems
        ]
        return "; ".join(found) or self.env._("no time of the operation")
