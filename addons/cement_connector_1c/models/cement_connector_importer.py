# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.commerceml import records
from .cement_exchange_record import LINES_MAX

_logger = logging.getLogger(__name__)


class RowError(Exception):
    """One element cannot be taken; the text says why and what to do."""


def _split_runs(chunk: list[tuple[int, object]]) -> list[list[tuple[int, object]]]:
    """Return the numbered elements as runs of one type, in their order."""
    runs: list[list[tuple[int, object]]] = []
    for pair in chunk:
        if runs and type(runs[-1][-1][1]) is type(pair[1]):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


@dataclass
class Outcome:
    """What became of one element."""

    state: str
    name: str = ""
    guid: str = ""
    message: str = ""
    record: object = None
    keep: bool = False  # a row is kept even when all went well

    @property
    def is_notable(self) -> bool:
        """Tell whether the row deserves to be kept."""
        return self.keep or bool(self.message) or self.state in ("warning", "failed")


@dataclass
class ImportContext:
    """What is true for the whole file, gathered while it is read."""

    record: object
    backend: object
    moment: object
    header: records.Header | None = None
    section: records.Section | None = None
    price_types: dict = field(default_factory=dict)
    caches: dict = field(default_factory=lambda: defaultdict(dict))


class CementConnectorImporter(models.AbstractModel):
    """Elements of a file into records, each in a savepoint of its own.

    An element is taken whole or not at all, and its failure stops nothing else. What
    an element is decides which method takes it; addons extend the table.
    """

    _name = "cement.connector.importer"
    _description = "Import from 1C"

    @api.model
    def _get_handlers(self) -> dict[type, str]:
        """Return the methods that take elements, by their type.

        A handler may have two companions that get all elements of a run:
        ``<name>_prepare`` fetches what they need in few queries, ``<name>_together``
        does beforehand what is cheaper for many at once.
        """
        return {
            records.Group: "_import_group",
            records.PriceType: "_import_price_type",
            records.Depot: "_import_depot",
            records.Product: "_import_product",
            records.Offer: "_import_offer",
            records.Party: "_import_party",
            records.Document: "_import_document",
        }

    @api.model
    def _get_context(self, record) -> ImportContext:
        return ImportContext(
            record=record,
            backend=record.backend_id,
            moment=record.started_at or fields.Datetime.now(),
        )

    @api.model
    def _observe(self, context: ImportContext, element):
        """Remember what says how to read the elements below it."""
        if isinstance(element, records.Header):
            context.header = element
        elif isinstance(element, records.Section):
            context.section = element
        elif isinstance(element, records.PriceType):
            context.price_types[element.guid] = element

    @api.model
    def _import_chunk(self, context: ImportContext, chunk: list[tuple[int, object]]):
        """Import some elements and write down what became of them."""
        handlers = self._get_handlers()
        counts: Counter = Counter()
        rows = []
        # runs of one kind: goods refer to the groups that stand before them
        for run in _split_runs(chunk):
            elements = [element for _number, element in run]
            method = handlers.get(type(elements[0]))
            if not method:
                continue
            outcomes = self._import_run(context, elements, method)
            for (number, element), outcome in zip(run, outcomes, strict=True):
                if outcome is None:
                    continue
                counts[outcome.state] += 1
                if outcome.is_notable:
                    rows.append(self._prepare_row(context, number, element, outcome))
        room = LINES_MAX - self.env["cement.exchange.line"].search_count(
            [("record_id", "=", context.record.id)], limit=LINES_MAX
        )
        self.env["cement.exchange.line"].create(rows[: max(room, 0)])
        if counts:
            context.record._add_counts(counts)

    @api.model
    def _import_run(self, context, elements: list, method: str) -> list:
        """Import elements of one kind: together, and one by one when that fails.

        Nearly all elements are good, and together they cost a fraction.
        """
        try:
            with self.env.cr.savepoint():
                self._call_optional(f"{method}_prepare", context, elements)
                self._call_optional(f"{method}_together", context, elements)
                handler = getattr(self, method)
                outcomes = [handler(context, element) for element in elements]
            return [
                self._finish_outcome(element, outcome)
                for element, outcome in zip(elements, outcomes, strict=True)
            ]
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is tried again
        except Exception as error:
            _logger.info("1C import: one by one, because of %s", repr(error)[:200])
        self._call_optional(f"{method}_prepare", context, elements)
        return [self._import_one(context, element, method) for element in elements]

    @api.model
    def _call_optional(self, name: str, context, elements: list):
        method = getattr(self, name, None)
        if method:
            method(context, elements)

    @api.model
    def _import_one(self, context, element, method: str) -> Outcome | None:
        """Import one element; whatever goes wrong with it stays with it."""
        guid = getattr(element, "guid", "")
        try:
            with self.env.cr.savepoint():
                outcome = getattr(self, method)(context, element)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (RowError, UserError, ValidationError) as error:
            outcome = Outcome("failed", message=str(error))
        except psycopg2.Error as error:
            _logger.warning("1C import: %s %s: %s", type(element).__name__, guid, error)
            outcome = Outcome("failed", message=str(error).partition("\n")[0])
        except Exception:
            # a bug of ours must not hold back the other rows, nor be forgotten
            _logger.exception("1C import: %s %s", type(element).__name__, guid)
            outcome = Outcome("failed", message=self.env._("Internal error, see log."))
        if outcome is not None and outcome.state == "failed":
            for cache in context.caches.values():
                cache.pop(guid, None)  # what the savepoint has taken back
        return self._finish_outcome(element, outcome)

    @api.model
    def _finish_outcome(self, element, outcome: Outcome | None) -> Outcome | None:
        """Add to an outcome what the element itself says."""
        if outcome is None:
            return None
        outcome.guid = outcome.guid or getattr(element, "guid", "")
        outcome.name = outcome.name or (
            getattr(element, "name", "") or getattr(element, "number", "")
        )
        issues = getattr(element, "issues", ())
        if issues:
            if outcome.state not in ("failed", "skipped"):
                outcome.state = "warning"
            unread = self.env._("Could not be read: %(what)s", what=", ".join(issues))
            outcome.message = "\n".join(filter(None, [outcome.message, unread]))
        return outcome

    @api.model
    def _prepare_row(self, context, number, element, outcome) -> dict:
        record = outcome.record
        return {
            "record_id": context.record.id,
            "number": number,
            "kind": type(element).__name__,
            "guid": outcome.guid[:100],
            "name": outcome.name[:200],
            "state": outcome.state,
            "message": outcome.message[:2000],
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
        }

    @api.model
    def _close(self, context: ImportContext):
        """Called once when a file is over; addons extend it."""
        section = context.section
        if section and section.kind == "Каталог" and section.only_changes is False:
            # nothing is ever removed: what was not sent is only shown as missing
            begun = context.record.session_id.started_at or context.moment
            last = context.backend.last_full_export_at
            if not last or last < begun:
                context.backend.last_full_export_at = begun

    # === For the handlers ===

    @api.model
    def _cache_bindings(self, context, kind: str, guids):
        """Fetch the bindings of a chunk in one query."""
        found = self.env["cement.connector.binding"]._get_by_guid(
            context.backend, kind, guids
        )
        context.caches[kind] = found
        return found

    @api.model
    def _bind(self, context, kind: str, guid: str, record, **vals):
        """Link an identifier with a record, or refresh the link."""
        vals |= {"res_id": record.id if record else False}
        binding = context.caches[kind].get(guid)
        if binding and binding.exists():
            changed = {
                name: value
                for name, value in vals.items()
                if (binding[name] or False) != (value or False)
            }
            if changed:
                binding.write(changed)
        else:
            binding = self.env["cement.connector.binding"].create(
                {"backend_id": context.backend.id, "kind": kind, "guid": guid, **vals}
            )
            context.caches[kind][guid] = binding
        return binding
