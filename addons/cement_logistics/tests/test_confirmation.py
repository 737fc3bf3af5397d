# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon
from odoo.addons.cement_portal.tests.samples import make_photo
from odoo.addons.queue_job.tests.common import trap_jobs

from .common import CementLogisticsCommon, make_signature


@tagged("post_install", "-at_install")
class TestConfirmation(CementLogisticsCommon):
    """The client's receipt (B3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()

    def test_receipt(self):
        with trap_jobs() as trap:
            record = self._confirm(files=[make_photo()], mass="19.95", note="Dusty")
        self.assertEqual(record.accepted_mass, 19.95)
        self.assertEqual(record.shortage_mass, 0.05)
        self.assertEqual(record.tolerance_mass, 0.1)
        self.assertFalse(record.is_beyond_tolerance)
        self.assertAlmostEqual(record.hours_on_site, 1.0, places=1)
        self.assertEqual(self.shipment.shipment_state, "done")
        self.assertEqual(self.order.cement_state, "delivered")
        self.assertAlmostEqual(self.shipment.hours_on_site, 1.0, places=1)
        self.assertEqual(
            self.shipment.arrived_date.replace(second=0),
            (self.now - timedelta(hours=1)).replace(second=0, microsecond=0),
        )
        self.assertEqual(record.photo_ids.mapped("cement_kind"), ["photo"])
        trap.assert_jobs_count(1, only=record._print_and_send)

    def test_sending_twice_confirms_once(self):
        first = self._confirm()
        self.assertEqual(self._confirm(), first)
        with self.assertRaises(UserError):
            self._confirm(key="another-key-0123456789")
        self.assertEqual(len(self.shipment.confirmation_ids), 1)

    def test_a_vehicle_far_away_is_asked_about(self):
        self.shipment.write({"position_date": self.now, "distance_left": 24.0})
        with self.assertRaisesRegex(UserError, "far from the site"):
            self._confirm()
        self.assertFalse(self.shipment.confirmation_ids)
        self.assertTrue(self._confirm(is_here="1"))

    def test_an_old_position_asks_nothing(self):
        old = self.now - timedelta(days=1)
        self.shipment.write({"position_date": old, "distance_left": 24.0})
        self.assertTrue(self._confirm())

    def test_equal_times_are_no_time_on_site(self):
        """Who confirms on arrival has not measured the unloading."""
        moment = f"{self.now:%Y-%m-%dT%H:%M}Z"
        record = self._confirm(arrived=moment, unloaded=moment)
        self.assertFalse(record.hours_on_site)
        shell = self.portal_env(self.owner)["cement.portal.shell"]
        growth = shell._get_growth(self.client)
        self.assertEqual((growth["count"], growth["measured"]), (1, 0))
        self._leave(self.buyer_shipment)
        self._confirm(self.buyer_shipment)
        growth = shell._get_growth(self.client)
        self.assertEqual((growth["count"], growth["measured"]), (2, 1))
        self.assertAlmostEqual(growth["hours"], 1.0, places=1)
        # the office's own average counts alike
        [(hours,)] = self.env["stock.picking"]._read_group(
            [("id", "in", (self.shipment | self.buyer_shipment).ids)],
            [],
            ["hours_on_site:avg"],
        )
        self.assertAlmostEqual(hours, 1.0, places=1)

    def test_shortage_hook(self):
        heard = []
        with patch.object(
            type(self.shipment),
            "_cement_on_shortage",
            lambda shipment, missing, usual: heard.append((missing, usual)),
        ):
            self._confirm(mass="19,89")
        self.assertEqual(heard, [(0.11, 0.1)])

    def test_tolerance_of_the_product(self):
        self.cement.product_tmpl_id.shortage_tolerance = 2.0
        self.assertFalse(self._confirm(mass="19.7").is_beyond_tolerance)

    def test_what_is_refused(self):
        late = f"{self.now + timedelta(hours=2):%Y-%m-%dT%H:%M}Z"
        early = f"{self.now - timedelta(days=1):%Y-%m-%dT%H:%M}Z"
        for vals in (
            {"receiver": " "},
            {"receiver": None},
            {"mass": ""},
            {"mass": "much"},
            {"mass": "-1"},
            {"mass": "23"},
            {"mass": "nan"},
            {"key": "short"},
            {"key": None},
            {"unloaded": late},
            {"arrived": early},
            {"arrived": "yesterday"},
            {"arrived": f"{self.now:%Y-%m-%dT%H:%M}+05:00"},
            {"arrived": f"{self.now:%Y-%m-%dT%H:%M}Z", "unloaded": early},
            {"files": [b"<svg/>"]},
            {"files": [make_photo()] * 7},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                self._confirm(**vals)
        self.assertFalse(self.shipment.confirmation_ids)
        self.assertEqual(self.shipment.shipment_state, "left")

    def test_signature_is_needed(self):
        for signature in (b"", b"text", make_signature(ink=False)):
            with self.assertRaises(UserError):
                self.env["cement.delivery.confirmation"]._submit(
                    self.shipment,
                    {"key": "k" * 20, "receiver": "I. F.", "mass": "20"},
                    signature,
                    [],
                )

    def test_nothing_to_confirm_before_leaving(self):
        with self.assertRaises(UserError):
            self._confirm(self.buyer_shipment)

    def test_roles(self):
        vals = {"key": "k" * 20, "receiver": "I. Foreman", "mass": "20"}
        for user in (self.viewer, self.accountant, self.buyer, self.stranger):
            with self.assertRaises(AccessError, msg=user.login):
                self.as_user(user)._confirm_as_member(vals, make_signature(), [])
        record = self.as_user(self.owner)._confirm_as_member(vals, make_signature(), [])
        self.assertEqual(record.user_id, self.owner)

    def test_form_is_printed_shared_and_sent(self):
        record = self._confirm(files=[make_photo()])
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_render_qweb_pdf",
            lambda *args, **kwargs: (b"%PDF-1.4 form", "pdf"),
        ):
            # who opens the form before the queue has come takes no letter away
            record._print()
            record._print_and_send()
            record._print_and_send()
        self.assertEqual(record.document_id.raw, b"%PDF-1.4 form")
        mail = self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn(self.owner.email, mail.email_to)
        self.assertEqual(mail.attachment_ids, record.document_id)
        kinds = [
            file["kind"]
            for file in self.as_user(self.owner)._portal_shipment_documents()
        ]
        self.assertCountEqual(kinds, ["delivery", "photo"])

    def test_printed_form(self):
        record = self._confirm(mass="19.5", note="Two bags\nwet")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("cement_logistics.report_delivery", record.ids)[0]
            .decode()
        )
        for text in (
            "I. Foreman",
            "19.5",
            "A 123 BC 96",
            "Site North",
            "above the tol",
        ):
            self.assertIn(text, html)
        self.assertNotIn("5,000", html)


@tagged("post_install", "-at_install")
class TestConfirmationHttp(CementLogisticsCommon, CementPortalHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()
        links = cls.portal_env(cls.owner)["cement.shipment.link"]
        cls.link = links._make(links.env["stock.picking"].browse(cls.shipment.id))

    def _send(self, url, signature=None, photos=(), **vals):
        files = [("signature", ("s.png", signature or make_signature(), "image/png"))]
        files += [("photos", ("p.jpg", photo, "image/jpeg")) for photo in photos]
        return self.url_open(
            url,
            data={
                "key": "0123456789abcdef",
                "receiver": "I. Foreman",
                "mass": "20",
                **vals,
            },
            files=files,
        )

    def test_by_the_link(self):
        self.authenticate(None, None)
        url = f"/cement/track/{self.link.token}/confirm"
        self.assertEqual(self._send(url, photos=[make_photo()]).json(), {"ok": True})
        self.assertEqual(self._send(url, photos=[make_photo()]).json(), {"ok": True})
        record = self.shipment.confirmation_ids
        self.assertEqual(len(record), 1)
        self.assertEqual(record.link_id.id, self.link.id)
        self.assertFalse(record.user_id)
        self.assertEqual(len(record.photo_ids), 1)
        page = self.url_open(f"/cement/track/{self.link.token}").text
        self.assertPart("Delivery confirmed", page)
        self.assertNoPart("I. Foreman", page)
        self.assertNoPart("cp-confirm-form", page)

    @mute_logger("odoo.http")
    def test_refusals_leave_nothing(self):
        self.authenticate(None, None)
        url = f"/cement/track/{self.link.token}/confirm"
        for vals in ({"mass": "900"}, {"signature": b"x"}, {"photos": [b"<svg/>"]}):
            answer = self._send(url, **vals)
            self.assertEqual(answer.status_code, 422, vals)
            self.assertTrue(answer.json()["error"])
        self.assertFalse(self.shipment.confirmation_ids)
        self.assertEqual(self.shipment.shipment_state, "left")

    @mute_logger("odoo.http")
    def test_signed_in(self):
        url = f"/my/shipments/{self.shipment.id}/confirm"
        self.login(self.owner)
        page = self.url_open(url).text
        self.assertPart("cp-confirm-form", page)
        self.assertEqual(self._send(url).status_code, 400, "no CSRF token")
        token = page.partition('data-csrf="')[2].partition('"')[0]
        self.assertEqual(self._send(url, csrf_token=token).json(), {"ok": True})
        self.assertEqual(self.shipment.confirmation_ids.user_id, self.owner)
        self.login(self.viewer)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        self.assertPart("I. Foreman", page)
        for user in (self.stranger, self.buyer):
            self.login(user)
            path = f"/my/shipments/{self.shipment.id}/confirmation"
            self.assertEqual(self.url_open(path).status_code, 404)

    @mute_logger("odoo.http")
    def test_viewer_is_told(self):
        self.login(self.viewer)
        url = f"/my/shipments/{self.shipment.id}/confirm"
        token = http.Request.csrf_token(self)
        answer = self._send(url, csrf_token=token)
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.shipment.confirmation_ids)
