# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.cement_portal.tests.common import CementPortalHttpCommon

from .common import CementLogisticsCommon

ETA = datetime(2026, 11, 21, 21, 4)


@tagged("post_install", "-at_install")
class TestClock(CementLogisticsCommon, CementPortalHttpCommon):
    """A moment of a shipment is told by one clock everywhere, and it is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.tz = "Europe/Moscow"
        cls.plant.tz = "Europe/Samara"
        cls.shipment.site_id.tz = "Asia/Yekaterinburg"
        cls._leave()
        cls.shipment.write(
            {
                "promised_from": ETA,
                "promised_to": ETA + timedelta(hours=3),
            }
        )
        cls._place(eta_date=ETA, distance_left=30.0)

    def _get_link(self):
        shipment = self.as_user(self.owner)
        return shipment.env["cement.shipment.link"]._make(shipment)

    def test_page_goes_by_the_clock_of_the_site(self):
        self.login(self.owner)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        self.assertPart("Time of the site: MSK+2", page)
        self.assertPart("11/22/2026 02:04", page)
        self.assertPart("11/22/2026 02:04–05:04", page)
        # neither by the person's nor by the plant's
        for other in ("11/22/2026 00:04", "11/22/2026 01:04"):
            self.assertNoPart(other, page)
        state = self.rpc(f"shipment/{self.shipment.id}/state")
        self.assertPart("11/22/2026 02:04", state["where"])
        self.assertPart("MSK+2", state["status"])

    def test_lists_name_the_clock_beside_the_moment(self):
        self.login(self.owner)
        told = "11/22/2026 02:04\N{NO-BREAK SPACE}MSK+2"
        self.assertPart(told, self.url_open("/my/shipments").text)
        self.assertPart(told, self.rpc("shipments/map", query={})["points"][0]["eta"])
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertPart("Time of the site: MSK+2", page)
        self.assertPart("11/22/2026 02:04", page)
        self.assertNoPart("11/22/2026 00:04", page)

    def test_home_names_the_clock(self):
        eta = self.now + timedelta(hours=5)
        self._place(eta_date=eta)
        self.login(self.owner)
        local = eta + timedelta(hours=5)
        told = f"{local:%m/%d/%Y %H:%M}\N{NO-BREAK SPACE}MSK+2"
        self.assertPart(told, self.url_open("/my").text)

    def test_page_of_the_foreman(self):
        link = self._get_link()
        self.authenticate(None, None)
        page = self.url_open(f"/cement/track/{link.token}").text
        self.assertPart("Time of the site: MSK+2", page)
        self.assertPart("11/22/2026 02:04", page)
        # hours typed there are the site's, wherever the phone comes from
        self.assertPart('data-offset="300"', page)
        self.assertPart("Arrived, MSK+2", page)

    def test_card_of_the_link_as_it_is_swapped(self):
        self.login(self.owner)
        card = self.rpc(f"shipment/{self.shipment.id}/link")["html"]
        expiry = self.shipment.link_ids.expiry_date + timedelta(hours=5)
        self.assertPart(f"{expiry:%m/%d/%Y %H:%M}", card)

    def test_without_a_region_the_plant_lends_its_clock(self):
        self.shipment.site_id.tz = False
        self.login(self.owner)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        self.assertPart("Time of the plant: MSK+1", page)
        self.assertPart("11/22/2026 01:04", page)


@tagged("post_install", "-at_install")
class TestWagonWords(CementLogisticsCommon, CementPortalHttpCommon):
    """The page of a wagon says nothing of a truck."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave()
        cls.order.delivery_method_id = cls.rail_delivery
        cls.shipment.site_id.tz = "Asia/Yekaterinburg"
        cls.shipment.write({"wagon_number": "93142560", "net_mass": 0.0})
        cls.shipment.write({"gross_mass": 0.0, "tare_mass": 0.0})

    def test_arrived_wagon(self):
        self.shipment._cement_set_shipment_state("arrived", "rail", date=ETA)
        self._place(position_date=self.now - timedelta(days=3))
        self.login(self.owner)
        page = self.url_open(f"/my/shipments/{self.shipment.id}").text
        for text in (
            "The wagon stands at its station.",
            "Wagon and papers",
            "Time of the railway: MSK",
        ):
            self.assertPart(text, page)
        for text in (
            "An hour away",
            "no time reported",
            "Vehicle and papers",
            "not weighed yet",
            "nothing newer is known",
        ):
            self.assertNoPart(text, page)

    def test_news_of_a_wagon_are_days_apart(self):
        self._place(position_date=self.now - timedelta(days=1))
        self.assertFalse(self.shipment._is_position_stale())
        self._place(position_date=self.now - timedelta(days=4))
        self.assertTrue(self.shipment._is_position_stale())


@tagged("post_install", "-at_install")
class TestReasonsOnPages(CementLogisticsCommon, CementPortalHttpCommon):
    def _told(self, url) -> str:
        page = self.url_open(url).text
        return page.partition("cp-order-reasons")[2].partition("</ul>")[0]

    def test_reason_names_what_it_stops(self):
        self._leave()
        self.login(self.viewer)
        for url in (
            f"/my/orders/{self.order.id}",
            f"/my/shipments/{self.shipment.id}",
        ):
            told = self._told(url)
            self.assertPart("<strong>", told)
            self.assertPart(" — Your role does not", told)
        self.assertPart("<strong>Confirm the delivery</strong>", told)

    def test_equal_reasons_are_told_once(self):
        self._leave()
        self.login(self.owner)
        told = self._told(f"/my/orders/{self.order.id}")
        self.assertPart("<strong>Change, Other goods or contract</strong>", told)
