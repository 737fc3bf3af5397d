# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.cement_base.tools import roles

# Documents of money: for roles that see finances only.
FINANCE_KINDS = ("invoice", "upd", "act")
# Records whose files may be shared, in the order of the page.
SHARED_MODELS = ("agreement", "cement.specification", "sale.order")
FILES_LIMIT = 2_000


class IrAttachment(models.Model):
    """Files that a manager (or 1C) has shared with the client.

    A file on a contract or an order is internal until it is shared: clients have no
    access to attachments of their own, the portal hands out shared ones only.
    """

    _inherit = "ir.attachment"

    cement_shared = fields.Boolean(
        string="Shared with the client",
        help="The people of the counterparty who may see the record find the file "
        "under “Documents”.",
    )
    cement_kind = fields.Selection(
        [
            ("contract", "Contract"),
            ("specification", "Specification"),
            ("quality", "Quality certificate"),
            ("waybill", "Waybill"),
            ("invoice", "Invoice"),
            ("upd", "Universal transfer document"),
            ("act", "Reconciliation report"),
            ("other", "Other"),
        ],
        string="Kind of document",
    )
    cement_date = fields.Date(string="Date of the document")

    _cement_shared_idx = models.Index("(res_model, res_id) WHERE cement_shared IS TRUE")

    @api.model
    def _portal_documents_domain(self, partner) -> Domain:
        """Return the domain of the shared files of *partner* that the current user
        may see: those of records that it may read.

        To be searched by the superuser; the records are chosen with the person's
        rights.
        """
        own = Domain("commercial_partner_id", "=", partner.id)
        records = {
            "agreement": own,
            "cement.specification": own,
            "sale.order": self.env["sale.order"]._portal_base_domain(partner),
        }
        domain = Domain.OR(
            Domain("res_model", "=", model)
            & Domain("res_id", "in", self.env[model]._search(records[model]))
            for model in SHARED_MODELS
        )
        return domain & self._portal_kinds_domain(partner)

    @api.model
    def _portal_kinds_domain(self, partner) -> Domain:
        """Return the domain of the shared files whose kind the role may see."""
        domain = Domain("cement_shared", "=", True) & Domain("res_field", "=", False)
        user = self.env.user
        if user.share and not user._cement_can(roles.FINANCE, partner):
            domain &= Domain("cement_kind", "=", False) | Domain(
                "cement_kind", "not in", FINANCE_KINDS
            )
        return domain

    @api.model
    def _portal_files(self, domain, partner) -> list[dict]:
        """Return the shared files of *domain*, newest first.

        :param domain: of records whose access the caller has checked.
        """
        # sudo: clients have no access to attachments; the caller chose the records
        files_sudo = self.sudo().search(
            domain & self._portal_kinds_domain(partner),
            order="cement_date DESC NULLS LAST, id DESC",
            limit=FILES_LIMIT,
        )
        return files_sudo._prepare_portal_files()

    def _prepare_portal_files(self) -> list[dict]:
        """Return what a row of the page shows of each file."""
        kinds = dict(self._fields["cement_kind"]._description_selection(self.env))
        names = self._portal_record_names()
        return [
            {
                "id": file.id,
                "name": file.name,
                "kind": file.cement_kind or "other",
                "kind_label": kinds[file.cement_kind or "other"],
                "date": file.cement_date or file.create_date.date(),
                "size": file.file_size,
                "url": f"/my/documents/{file.id}",
                "record": names.get((file.res_model, file.res_id), ""),
                "record_url": f"/my/orders/{file.res_id}"
                if file.res_model == "sale.order"
                else "",
            }
            for file in self
        ]

    def _portal_record_names(self) -> dict:
        """Return ``{(model, id): name}`` of the records behind the files."""
        names = {}
        for model, files in self.grouped("res_model").items():
            if model not in SHARED_MODELS:
                continue
            field = "code" if model == "agreement" else "name"
            records = self.env[model].browse(set(files.mapped("res_id"))).exists()
            for record in records:
                names[(model, record.id)] = record[field] or ""
        return names

    @api.model
    def _portal_documents(self, partner, kind="", text="") -> dict:
        """Return the documents of *partner* for the current user.

        :param kind: only this kind of document.
        :param text: looked for in the names of the files.
        :return: ``files`` and ``kinds``, ``[(code, label, count)]``.
        """
        domain = self._portal_documents_domain(partner)
        if text:
            domain &= Domain("name", "ilike", escape_psql(text))
        # sudo: see _portal_documents_domain
        files = (
            self.sudo()
            .search(
                domain,
                order="cement_date DESC NULLS LAST, id DESC",
                limit=FILES_LIMIT,
            )
            ._prepare_portal_files()
        )
        counts: dict[str, int] = {}
        for file in files:
            counts[file["kind"]] = counts.get(file["kind"], 0) + 1
        labels = self._fields["cement_kind"]._description_selection(self.env)
        return {
            "files": [file for file in files if not kind or file["kind"] == kind],
            "kinds": [
                (code, label, counts[code]) for code, label in labels if code in counts
            ],
            "total": len(files),
        }

    @api.model
    def _portal_document_sudo(self, partner, attachment_id: int):
        """Return the shared file with this id, or nothing when the current user
        may not have it."""
        shipments = self.env["stock.picking"]._search(
            [("sale_id.counterparty_id", "=", partner.id)]
        )
        domain = self._portal_documents_domain(partner) | (
            Domain("res_model", "=", "stock.picking")
            & Domain("res_id", "in", shipments)
            & self._portal_kinds_domain(partner)
        )
        # sudo: see _portal_documents_domain
        return self.sudo().search(domain & Domain("id", "=", attachment_id), limit=1)
