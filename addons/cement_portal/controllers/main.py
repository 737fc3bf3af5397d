# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re
import tempfile
from urllib.parse import urlencode

from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.utils import send_file

from odoo.http import content_disposition, request, route
from odoo.tools.misc import format_date

from odoo.addons.cement_base.tools import roles
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.sale.controllers.portal import CustomerPortal

_MOBILE = re.compile(r"Mobi|Android|iPhone|iPad", re.IGNORECASE)
# the largest id that PostgreSQL's integer holds
MAX_ID = 2**31 - 1
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CementPortal(CustomerPortal):
    """What the pages of the suite share; each page's controller inherits it."""

    # === Who asks ===

    def _get_partner(self):
        """Return the counterparty for which the person acts at the moment; empty
        for people without any."""
        return request.env.user._get_cement_partner()

    def _can(self, capability: str) -> bool:
        return request.env.user._cement_can(capability)

    def _require(self, capability: str = roles.SEE):
        """Return the counterparty, when the person has *capability* for it.

        :raises Forbidden: rendered as a page that says whom to ask.
        """
        partner = self._get_partner()
        if not partner:
            raise Forbidden(
                request.env._(
                    "Your login is not connected with a counterparty yet. Ask the "
                    "owner of your company's account or your manager."
                )
            )
        if not self._can(capability):
            raise Forbidden(
                request.env._(
                    "Your role does not include this page. Ask the owner of your "
                    "company's account."
                )
            )
        return partner

    def _channel(self) -> str:
        """Return how the person came: ``portal_mobile`` or ``portal_desktop``."""
        headers = request.httprequest.headers
        hint = headers.get("Sec-CH-UA-Mobile")
        is_mobile = (
            hint == "?1" if hint else _MOBILE.search(headers.get("User-Agent", ""))
        )
        return "portal_mobile" if is_mobile else "portal_desktop"

    # === What was asked ===

    @staticmethod
    def _as_id(value) -> int:
        """Return an id as it came from outside; 0 when it is none."""
        if isinstance(value, bool) or not isinstance(value, int | str):
            return 0
        try:
            number = int(value)
        except ValueError:
            return 0
        return number if 0 < number <= MAX_ID else 0

    def _as_ids(self, values) -> list[int]:
        """Return the ids of a list (or of ``1,2,3``) as it came from outside."""
        if isinstance(values, str):
            values = values[:10_000].split(",")
        if not isinstance(values, list | tuple):
            values = [values]
        return [number for number in map(self._as_id, values) if number]

    @staticmethod
    def _as_text(value, limit: int = 100) -> str:
        """Return a text as it came from outside, cut to *limit* characters."""
        return (
            value.replace("\x00", "")[:limit].strip() if isinstance(value, str) else ""
        )

    def _browse(self, model: str, record_id):
        """Return a record that the person may read.

        :raises NotFound: for a foreign, missing or senseless id alike, so that
            nobody learns which ids exist.
        """
        record_id = self._as_id(record_id)
        if not record_id:
            raise NotFound()
        record = request.env[model].search([("id", "=", record_id)], limit=1)
        if not record:
            raise NotFound()
        return record

    # === What is shown ===

    def _prepare_cement_values(self, page: str, **values) -> dict:
        """Return the values that each page of the suite is rendered with.

        :param page: the key of the navigation entry, see
            `cement.portal.shell._get_cement_nav`.
        """
        return {
            # core's values of the layout cost two queries and say who sells; the
            # shell says that in its own way
            "sales_user": request.env["res.users"],
            "page_name": page,
            "partner": self._get_partner(),
            "can": self._can,
            "flash": request.session.pop("cement_flash", None),
            **values,
        }

    def _flash(self, text: str, kind: str = "success"):
        """Keep a message for the next page (after a redirect).

        :param kind: ``success``, ``info``, ``warning`` or ``danger``.
        """
        request.session["cement_flash"] = {"text": text, "kind": kind}

    def _render_fragment(self, template: str, values: dict) -> str:
        """Return the HTML of a part of a page, for a page that swaps it."""
        return request.env["ir.qweb"]._render(template, values)

    # === Shell ===

    @route(
        "/my/cement/switch", type="http", auth="user", methods=["POST"], website=True
    )
    def cement_switch_partner(self, partner_id=None, redirect="/my", **_kwargs):
        """Act for another counterparty and come back to a page that fits."""
        request.env.user._cement_switch_partner(self._as_id(partner_id))
        return request.redirect(self._get_safe_page(redirect))

    @staticmethod
    def _get_safe_page(path) -> str:
        """Return a page of the portal: the list above a record, since the record
        belongs to the counterparty that was left."""
        match = re.fullmatch(
            r"(?:/[a-z]{2}(?:_[A-Z]{2})?)?(/my(?:/[a-z_-]+)?)(?:/.*)?(?:\?.*)?",
            path if isinstance(path, str) else "",
        )
        return match[1] if match else "/my"

    # === Lists ===

    @staticmethod
    def _list_url(query, path, **changes) -> str:
        """Return the address of the list at *path* for *query* with *changes*."""
        params = query.to_params(**changes)
        return f"{path}?{urlencode(params)}" if params else path

    def _prepare_list_pager(self, path, query, total, step) -> dict:
        """Return core's pager, its pages addressed by the query."""
        pager = portal_pager(path, total, page=query.page, step=step)
        if not total:
            return pager

        def address(entry):
            return {**entry, "url": self._list_url(query, path, page=entry["num"])}

        named = ("page", "page_first", "page_previous", "page_next", "page_last")
        pager.update({name: address(pager[name]) for name in named})
        pager["pages"] = [
            address(entry) if entry["url"] else entry for entry in pager["pages"]
        ]
        return pager

    def _send_list(self, model, partner, query):
        """Send what a list shows now, all pages of it, as a workbook."""
        records = request.env[model]
        day = request.env.cr.now()
        return self._send_workbook(
            f"{records._portal_export_title()} {day:%Y-%m-%d}.xlsx",
            lambda target: records._portal_export(partner, query, target),
        )

    @staticmethod
    def _send_workbook(name, write):
        """Send the workbook that *write* puts into the file it is given.

        The file lies on disk: that of many rows does not fit the memory of a worker.
        The server closes it once it is sent.
        """
        target = tempfile.TemporaryFile(prefix="cement-")
        write(target)
        size = target.tell()
        target.seek(0)
        response = send_file(
            target,
            environ=request.httprequest.environ,
            mimetype=_XLSX,
            max_age=0,
            etag=False,
        )
        response.headers["Content-Disposition"] = content_disposition(name)
        response.headers["Content-Length"] = size
        return response

    def _get_months(self, count: int = 12) -> list[tuple[str, str]]:
        """Return the months that the filter offers, the present one first."""
        today = request.env["cement.portal.shell"]._get_formats().today()
        months = []
        year, month = today.year, today.month
        for _index in range(count):
            first = today.replace(year=year, month=month, day=1)
            label = format_date(request.env, first, date_format="LLLL yyyy")
            months.append((f"{year:04d}-{month:02d}", label.capitalize()))
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return months
