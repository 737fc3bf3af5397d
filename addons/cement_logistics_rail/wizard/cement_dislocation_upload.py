# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_FILES_MAX = 50


class CementDislocationUpload(models.TransientModel):
    """Brings reports in by hand, several at once."""

    _name = "cement.dislocation.upload"
    _description = "Upload of dislocation reports"

    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    source_id = fields.Many2one(
        "cement.dislocation.source",
        string="Source",
        default=lambda self: self._default_source_id(),
        help="Whose wagons the reports show. Wagons are looked for as lost only among "
        "those of the same source.",
    )

    @api.model
    def _default_source_id(self):
        """Return the source of uploads, where there is only one."""
        sources = self.env["cement.dislocation.source"].search(
            [("kind", "=", "upload")], limit=2
        )
        return sources if len(sources) == 1 else sources.browse()

    def action_upload(self):
        """Take in the files, those that come first by name first.

        :return: the form of the only report, or the list of all.
        :raises UserError: without a file.
        """
        self.ensure_one()
        if not self.env.user.has_group("cement_base.group_dispatcher"):
            raise AccessError(self.env._("Only a dispatcher may bring reports in."))
        if not self.attachment_ids:
            raise UserError(self.env._("Please choose at least one file."))
        if len(self.attachment_ids) > _FILES_MAX:
            raise UserError(
                self.env._("At most %(count)s files at once.", count=_FILES_MAX)
            )
        # sudo: records of reports are written by their model only, never by hand
        model_sudo = self.env["cement.dislocation.import"].sudo()
        records = model_sudo.browse()
        for attachment in self.attachment_ids.sorted("name"):
            records |= model_sudo._receive(
                attachment.raw or b"", attachment.name, source=self.source_id or None
            )
        # the reports keep the content themselves; what was attached to another
        # record before is not this dialog's to delete
        self.attachment_ids.filtered(
            lambda file: file.res_model == self._name
            and not file.res_id
            and file.create_uid == self.env.user
        ).unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_logistics_rail.cement_dislocation_import_action"
        )
        if len(records) == 1:
            return {**action, "views": [(False, "form")], "res_id": records.id}
        return {**action, "domain": [("id", "in", records.ids)]}
