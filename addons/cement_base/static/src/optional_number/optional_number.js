import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {IntegerField, integerField} from "@web/views/fields/integer/integer_field";
import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {registry} from "@web/core/registry";

/** A number that need not be there: zero means "none" and the place stays empty. */
const optional = (Field) =>
    class extends Field {
        get formattedValue() {
            return this.value ? super.formattedValue : "";
        }
    };

for (const [name, field] of [
    ["cement_optional_float", {...floatField, component: optional(FloatField)}],
    ["cement_optional_integer", {...integerField, component: optional(IntegerField)}],
    ["cement_optional_monetary", {...monetaryField, component: optional(MonetaryField)}],
]) {
    registry.category("fields").add(name, field);
}
