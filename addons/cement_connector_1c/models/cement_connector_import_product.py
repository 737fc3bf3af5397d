# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.fields import Domain

from ..tools.commerceml import records
from ..tools.commerceml.values import parse_decimal
from .cement_connector_binding import payload_hash
from .cement_connector_importer import Outcome, RowError

_NO_VAT = {"без ндс", "без налога"}


class CementConnectorImporter(models.AbstractModel):
    """Goods of a catalogue: found by identifier, else by article, else created."""

    _inherit = "cement.connector.importer"

    @api.model
    def _import_product_prepare(self, context, products):
        bindings = self._cache_bindings(
            context, "product", [product.guid for product in products]
        )
        self._cache_bindings(
            context, "group", [guid for p in products for guid in p.group_guids]
        )
        articles = {p.article for p in products if p.article}
        found = (
            self.env["product.product"]
            .with_context(active_test=False)
            .search(
                Domain("default_code", "in", list(articles))
                & Domain("company_id", "in", (False, context.backend.company_id.id))
            )
        )
        context.caches["article"] = {
            article: rows.product_tmpl_id
            for article, rows in found.grouped("default_code").items()
        }
        context.caches["created"] = {}
        moment = context.record.started_at or context.moment
        self.env["cement.connector.binding"].concat(*bindings.values())._mark_seen(
            moment
        )

    @api.model
    def _import_product_together(self, context, products):
        """Create in one go the goods that are plainly new."""
        fresh = {
            product.guid: product
            for product in products
            if self._is_plainly_new(context, product)
        }
        if not fresh:
            return
        templates = self.env["product.template"].create(
            [self._prepare_create_vals(context, product) for product in fresh.values()]
        )
        bindings = self.env["cement.connector.binding"].create(
            [
                {
                    "backend_id": context.backend.id,
                    "kind": "product",
                    "guid": guid,
                    "res_id": template.id,
                    **self._prepare_product_link(context, product),
                }
                for (guid, product), template in zip(
                    fresh.items(), templates, strict=True
                )
            ]
        )
        context.caches["product"] |= {binding.guid: binding for binding in bindings}
        context.caches["created"] = dict(zip(fresh, templates, strict=True))

    @api.model
    def _is_plainly_new(self, context, product) -> bool:
        return bool(
            context.backend.import_catalog
            and context.backend.create_products
            and product.guid
            and product.name
            and not product.deleted
            and product.guid not in context.caches["product"]
            and product.article not in context.caches["article"]
        )

    @api.model
    def _import_product(self, context, product: records.Product) -> Outcome:
        """Товар: name, article, unit, VAT, weight and group."""
        if not context.backend.import_catalog:
            return Outcome("skipped")
        if not product.guid:
            raise RowError(self.env._("An item without identifier."))
        created = context.caches["created"].pop(product.guid, None)
        if created:
            return Outcome("created", record=created)
        binding = context.caches["product"].get(product.guid)
        template = binding._get_record() if binding else None
        digest = payload_hash(product)
        if template and binding.payload_hash == digest:
            return Outcome("unchanged", record=template)
        if not template:
            template = self._match_product(context, product)
        if template:
            outcome = self._update_product(context, product, template)
        elif not context.backend.create_products:
            return Outcome(
                "skipped",
                message=self.env._(
                    "There is no such article, and the exchange does not create goods."
                ),
            )
        elif product.deleted:
            return Outcome("skipped")
        else:
            outcome = self._create_product(context, product)
        self._bind(
            context,
            "product",
            product.guid,
            outcome.record,
            **self._prepare_product_link(context, product),
        )
        if not binding and outcome.state == "unchanged":
            outcome.state = "updated"  # linked just now
        if product.deleted:
            outcome.state = "warning"
            outcome.message = self.env._(
                "Marked for deletion in 1C. Nothing was removed here: decide in the "
                "list of links."
            )
        return outcome

    @api.model
    def _prepare_product_link(self, context, product) -> dict:
        return {
            "name": product.name,
            "payload_hash": payload_hash(product),
            "is_deleted": product.deleted,
            "seen_at": context.moment,
        }

    @api.model
    def _match_product(self, context, product):
        """Return the product with this article that no other item of 1C has.

        1C may have several items with one article: those that come after the first
        are goods of their own.

        :raises RowError: several goods here would fit
        """
        templates = context.caches["article"].get(product.article)
        if not templates:
            return None
        taken = self.env["cement.connector.binding"]._get_guids(
            context.backend, "product", templates
        )
        free = templates.filtered(lambda template: template.id not in taken)
        if len(free) > 1:
            raise RowError(
                self.env._(
                    "Article %(article)s belongs to several goods here: link the item "
                    "by hand.",
                    article=product.article,
                )
            )
        return free or None

    @api.model
    def _update_product(self, context, product, template) -> Outcome:
        vals = self._prepare_product_vals(context, product)
        notes = []
        code = product.unit.code
        if code and template.uom_id.okei_code and template.uom_id.okei_code != code:
            # stock and orders are kept in the old unit: only a person may change it
            notes.append(
                self.env._(
                    "The unit differs: %(theirs)s in 1C, %(ours)s here.",
                    theirs=product.unit.full_name or product.unit.name or code,
                    ours=template.uom_id.name,
                )
            )
        changed = self._write_product(template, vals)
        state = "updated" if changed else "unchanged"
        return Outcome(
            "warning" if notes else state, record=template, message="\n".join(notes)
        )

    @api.model
    def _write_product(self, template, vals: dict) -> bool:
        """Write what differs; tell whether anything did."""
        article = vals.pop("default_code", None)
        variants = template.with_context(active_test=False).product_variant_ids
        stale = variants.filtered(lambda v: article and v.default_code != article)
        stale.default_code = article
        changed = {
            name: value for name, value in vals.items() if template[name] != value
        }
        if "name" in changed:
            # 1C knows one language: a name nobody has translated follows it in all
            source = template.with_context(lang="en_US")
            if source.name == template.name:
                source.name = changed["name"]
        if changed:
            template.write(changed)
        return bool(changed or stale)

    @api.model
    def _create_product(self, context, product) -> Outcome:
        if not product.name:
            raise RowError(self.env._("An item without name."))
        vals = self._prepare_create_vals(context, product)
        template = self.env["product.template"].create(vals)
        if not context.caches["article"].get(product.article):
            return Outcome("created", record=template)
        return Outcome(
            "warning",
            record=template,
            message=self.env._(
                "Article %(article)s is that of other goods too.",
                article=product.article,
            ),
        )

    @api.model
    def _prepare_create_vals(self, context, product) -> dict:
        vals = self._prepare_product_vals(context, product)
        is_service = product.kind == "Услуга"
        vals |= {
            "type": "service" if is_service else "consu",
            "is_storable": not is_service,
            "uom_id": self._get_uom(context, product.unit).id,
            "company_id": False,
        }
        for guid in product.group_guids:
            group = context.caches["group"].get(guid)
            if group and group.res_id:
                vals["categ_id"] = group.res_id
                break
        return vals

    @api.model
    def _prepare_product_vals(self, context, product) -> dict:
        """Return what 1C is the master of, for new and known goods alike."""
        vals: dict = {}
        if product.name:
            vals["name"] = product.name
        if product.article:
            vals["default_code"] = product.article
        category = self._get_vat_category(context, product.vat_rate)
        if category:
            vals["vat_category"] = category
        if product.weight is not None and product.weight >= 0:
            vals["weight"] = float(product.weight)
        return vals

    @api.model
    def _get_vat_category(self, context, text: str) -> str | None:
        """Return the category that has, or ever had, this rate; None when unknown."""
        cache = context.caches["vat"]
        if not cache:
            # sudo: rates of the law, the same for everybody
            rates_sudo = self.env["cement.vat.rate"].sudo()
            for rate in rates_sudo.search([("rate", ">=", 0)], order="date_from"):
                key = "none" if rate.category == "none" else rate.rate
                cache[key] = rate.category
            cache.setdefault("none", "none")
        folded = text.strip().lower().rstrip("%").strip()
        if not folded:
            return None
        if folded in _NO_VAT:
            return cache["none"]
        try:
            value = parse_decimal(folded)
        except ValueError:
            return None
        return cache.get(float(value)) if value is not None else None

    @api.model
    def _get_uom(self, context, unit: records.UnitRef):
        """Return the unit of measure, created when 1C uses one unknown here.

        :raises RowError: 1C does not say what unit it is
        """
        code = unit.code
        name = unit.name or unit.full_name
        if not code and not name:
            return self.env.ref("uom.product_uom_unit")
        cache = context.caches["uom"]
        known = cache.get(code or name)
        if not known or not known.exists():
            known = cache[code or name] = self._find_uom(code, name)
        return known

    @api.model
    def _find_uom(self, code: str, name: str):
        uoms = self.env["uom.uom"]
        found = code and uoms.search([("okei_code", "=", code)], limit=1)
        if not found and name:
            found = uoms.search(
                [("name", "=ilike", name), ("okei_code", "=", False)], limit=1
            )
            if found and code:
                found.okei_code = code
        if found:
            return found
        if len(code) > 4:
            raise RowError(
                self.env._("The unit code %(code)s is no OKEI code.", code=code[:20])
            )
        return uoms.create({"name": name or code, "okei_code": code or False})
