# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Which lines may share a vehicle. The rule set is data: see ``ConsolidationRule``."""

from dataclasses import dataclass
from operator import attrgetter

from .errors import InvalidRules
from .model import BAG, BIG_BAG, BULK, FORMS, PALLET, DemandLine, Difference

# Name of an attribute in a rule record -> field of the line.
ATTRIBUTES = {
    "accounting_category": "accounting_category_key",
    "consignee": "consignee_key",
    "day": "day",
    "form": "form",
    "method": "method_key",
    "packaging_rule": "packaging_rule_key",
    "product": "product_key",
    "site": "site_key",
    "specification": "specification_key",
    "transport": "transport",
    "unloading": "unloading_key",
    "warehouse": "warehouse_key",
}

# Never left to the rules: an order has one accounting category (two make two orders in
# the books, F137), and a truck is not a wagon.
ALWAYS_EQUAL = ("transport", "accounting_category")
# One bulk product a vehicle (F15): two powders in one vessel are waste.
ALWAYS_EQUAL_IN_BULK = ("form", "product")


@dataclass(frozen=True, slots=True)
class ConsolidationRule:
    """Attributes that lines of these forms must agree in to share a vehicle.

    ``label`` is what people read (a text or a translation key), ``attributes`` names
    from ``ATTRIBUTES`` in the order in which explanations should list them.
    """

    name: str
    label: str
    forms: frozenset
    attributes: tuple[str, ...]

    def __post_init__(self):
        unknown = [name for name in self.attributes if name not in ATTRIBUTES]
        if unknown:
            raise InvalidRules(f"rule {self.name}: unknown attributes {unknown}")
        if not self.forms or not self.forms <= FORMS:
            raise InvalidRules(f"rule {self.name}: unknown forms {sorted(self.forms)}")
        if BULK in self.forms and len(self.forms) > 1:
            raise InvalidRules(f"rule {self.name}: bulk never shares with packages")

    @property
    def binding_attributes(self) -> tuple[str, ...]:
        """The attributes of the rule, and those that no rule may leave out."""
        always = ALWAYS_EQUAL
        if BULK in self.forms:
            always += ALWAYS_EQUAL_IN_BULK
        return tuple(dict.fromkeys(self.attributes + always))


class RuleSet:
    """One rule for each form. Built from records, read by the planner."""

    def __init__(self, rules):
        self.rules = tuple(rules)
        self._by_form = {}
        for rule in self.rules:
            for form in rule.forms:
                if form in self._by_form:
                    raise InvalidRules(f"two rules for the form {form}")
                self._by_form[form] = rule
        missing = FORMS - self._by_form.keys()
        if missing:
            raise InvalidRules(f"no rule for the forms {sorted(missing)}")
        self._names = {rule.name: rule.binding_attributes for rule in self.rules}
        self._getters = {
            rule.name: attrgetter(
                *(ATTRIBUTES[name] for name in self._names[rule.name])
            )
            for rule in self.rules
        }

    def rule_for(self, form: str) -> ConsolidationRule:
        return self._by_form[form]

    def group_key(self, line: DemandLine) -> tuple:
        """Return (rule name, values): equal keys mean that lines may share."""
        rule = self._by_form[line.form]
        return rule.name, self._getters[rule.name](line)

    def named(self, group_key: tuple) -> tuple:
        """Return the group key as pairs of attribute name and value."""
        rule_name, values = group_key
        return tuple(zip(self._names[rule_name], values, strict=True))

    def differences(self, line_a: DemandLine, line_b: DemandLine) -> tuple:
        """Return what forbids these two lines to share, () when nothing does."""
        rule_a, rule_b = self._by_form[line_a.form], self._by_form[line_b.form]
        # Lines under two rules part by their form whatever else they agree in.
        first = () if rule_a is rule_b else ("form",)
        names = dict.fromkeys(
            first + rule_a.binding_attributes + rule_b.binding_attributes
        )
        pairs = (
            (n, getattr(line_a, ATTRIBUTES[n]), getattr(line_b, ATTRIBUTES[n]))
            for n in names
        )
        return tuple(Difference(n, a, b) for n, a, b in pairs if a != b)


_SHARED = (
    "specification",
    "warehouse",
    "consignee",
    "site",
    "form",
    "packaging_rule",
    "method",
    "day",
    "unloading",
    "accounting_category",
)

# What the reference cases ask for (F15, F18-F20); the addon's records say the same.
DEFAULT_RULES = RuleSet(
    (
        ConsolidationRule(
            "bulk", "Bulk cargo", frozenset({BULK}), ("product", *_SHARED)
        ),
        ConsolidationRule(
            "packaged",
            "Consolidated cargo",
            frozenset({BIG_BAG, PALLET, BAG}),
            _SHARED,
        ),
    )
)
