# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models


class CementPrivateThread(models.AbstractModel):
    """A record whose conversation is not for outsiders.

    Core lets everybody who may read a document read its messages.  Clients may
    read their contract or specification; what managers write beneath it is not
    theirs: prices before, negotiations with a colleague.  A message still
    reaches whom it is sent to.
    """

    _name = "cement.private.thread"
    _description = "Conversation hidden from outsiders"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Override of `mail` to ask outsiders for a right they never have."""
        if self.env.user._is_internal():
            return super()._mail_get_operation_for_mail_message_operation(
                message_operation
            )
        return dict.fromkeys(self, "write")
