# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class MailThread(models.AbstractModel):
    """Outsiders do not ask documents about their messages.

    Core lets whoever may read a document search it by its messages without looking
    at the rights on these: internal notes could be guessed letter by letter.
    Outsiders get messages from ``mail.message`` itself, which knows what is theirs.
    """

    _inherit = "mail.thread"

    # whether all messages are those of whoever may read the record: a chat
    _cement_is_chat = False

    @api.model
    def _has_field_access(self, field, operation):
        """Override of `base` to close the lists of messages to outsiders."""
        return super()._has_field_access(field, operation) and not (
            field.type == "one2many"
            and field.comodel_name == "mail.message"
            and not self._cement_is_chat
            and not self.env.su
            and not self.env.user._is_internal()
        )


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    _cement_is_chat = True
