# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import OneCCommon
from .test_import_catalog import catalogue, item


@tagged("post_install", "-at_install")
class TestBackground(OneCCommon):
    """Files nobody asks to import, and what is swept away."""

    def upload(self, data: bytes, name="import0_1.xml", token=None) -> str:
        token = token or self.login("catalog")
        self.call("catalog", "file", token, filename=name, body=data)
        return token

    def session(self, token):
        return self.env["cement.connector.session"]._find(token)

    def found(self):
        return self.env["cement.connector.binding"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "product")]
        )

    def test_a_file_is_queued_once_for_all_its_fragments(self):
        data = catalogue(item())
        with trap_jobs() as trap:
            token = self.upload(data[:100])
            self.upload(data[100:], token=token)
            session = self.session(token)
            jobs = [job for job in trap.enqueued_jobs if job.recordset == session]
        self.assertTrue(jobs)
        self.assertEqual({job.identity_key for job in jobs}, {jobs[0].identity_key})
        self.assertEqual({job.method_name for job in jobs}, {"_job_process"})
        self.assertEqual({job.channel for job in jobs}, {"root.cement_1c"})

    def test_the_job_takes_complete_files_in_their_order(self):
        token = self.upload(catalogue(item()))
        self.upload(catalogue(item(name="Цемент М500")), "import0_2.xml", token)
        self.session(token)._job_process()
        self.assertEqual(self.found().name, "Цемент М500")
        self.assertEqual(
            self.session(token).record_ids.mapped("state"), ["done", "done"]
        )

    def test_the_job_waits_for_the_rest(self):
        data = catalogue(item())
        token = self.upload(data[:100])
        with trap_jobs() as trap:
            self.session(token)._job_process()
            trap.assert_jobs_count(1)
        self.assertFalse(self.found())
        self.assertEqual(self.session(token).record_ids.state, "receiving")

    def test_the_job_takes_a_file_that_came_to_rest(self):
        self.backend.import_delay = 0
        token = self.upload(catalogue(item()) + b" ")
        self.session(token)._job_process()
        self.assertTrue(self.found())

    def test_the_job_goes_on_where_it_stopped(self):
        items = [
            item(f"d1a5e0de-{n:04d}-4c3e-9d60-000000000001", f"B-{n}")
            for n in range(120)
        ]
        token = self.upload(catalogue(*items))
        clock = (
            "odoo.addons.cement_connector_1c.models.cement_exchange_record"
            ".time.monotonic"
        )
        with patch(clock, side_effect=range(0, 10**6, 100)), trap_jobs() as trap:
            self.session(token)._job_process()
            trap.assert_jobs_count(1)
        self.assertEqual(self.session(token).record_ids.state, "processing")
        self.session(token)._job_process()
        self.assertEqual(len(self.found()), 120)

    def test_the_cron_takes_what_no_job_took(self):
        self.upload(catalogue(item()))
        record = self.last_record()
        old = Datetime.now() - timedelta(minutes=10)
        record.last_fragment_at = old
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cement_exchange_record SET write_date = %s WHERE id = %s",
            [old, record.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            cron = self.env.ref("cement_connector_1c.ir_cron_process_leftovers")
            cron.method_direct_trigger()
        self.assertEqual(record.state, "done")
        self.assertTrue(self.found())

    def test_a_file_that_somebody_works_on_answers_progress(self):
        token = self.upload(catalogue(item()))
        records = type(self.env["cement.exchange.record"])
        with patch.object(records, "_process_step", return_value=False):
            reply = self.call("catalog", "import", token, filename="import0_1.xml")
        self.assertTrue(reply.text.startswith("progress\n"))

    def test_init_again_voids_what_was_sent(self):
        token = self.upload(catalogue(item()))
        self.call("catalog", "init", token)
        self.assertEqual(self.session(token).record_ids.state, "superseded")
        reply = self.call("catalog", "import", token, filename="import0_1.xml")
        self.assertFalse(self.found(), reply.text)

    def test_old_things_are_swept_away(self):
        token = self.upload(catalogue(item()))
        self.session(token)._job_process()
        record, session = self.last_record(), self.session(token)
        attachments = record.fragment_ids
        later = Datetime.now() + timedelta(days=91)
        with patch.object(Datetime, "now", return_value=later):
            self.env["cement.exchange.record"]._gc_records()
            self.env["cement.exchange.request"]._gc_requests()
            self.env["cement.connector.session"]._gc_sessions()
            self.env["cement.connector.attempt"]._gc_attempts()
        self.assertFalse(record.exists())
        self.assertFalse(attachments.exists())
        self.assertFalse(session.exists())
        self.assertTrue(self.found())

    def test_a_database_with_a_past_is_archived_not_deleted(self):
        self.upload(catalogue(item()))
        with self.assertRaises(UserError):
            self.backend.unlink()
        self._create_backend(login="empty").unlink()
