import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * The year as the plant reads it: regions by weeks, in each cell how much the chosen
 * vehicle may carry. All reckoning is done by the server in one call.
 */
export class SeasonCalendar extends Component {
    static template = "cement_logistics_axle.SeasonCalendar";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            vehicle: 0,
            year: 0,
            roadClass: "regional",
            goods: 0,
            pavement: "",
            data: { weeks: [], rows: [], normal: 0 },
            chosen: null,
            loading: false,
        });
        onWillStart(async () => {
            this.options = await this.orm.call("cement.season.calendar", "get_options", []);
            this.state.vehicle = this.options.vehicles[0]?.id || 0;
            this.state.year = this.options.year;
            await this.load();
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    /** Months over the weeks: name and number of columns. */
    get months() {
        const months = [];
        for (const week of this.state.data.weeks) {
            const last = months.at(-1);
            if (last && last.month === week.month) {
                last.weeks++;
            } else {
                const name = luxon.DateTime.local(this.state.year, week.month, 1).toFormat("LLL");
                months.push({ month: week.month, weeks: 1, name });
            }
        }
        return months;
    }

    async load() {
        if (!this.state.vehicle) {
            return;
        }
        this.state.loading = true;
        const asked = (this.asked = {});
        const data = await this.orm.call("cement.season.calendar", "get_year", [
            this.state.vehicle,
            this.state.year,
            this.state.roadClass,
            this.state.goods || false,
            this.state.pavement || false,
        ]);
        // a slower answer to an older question does not overwrite the newer one
        if (asked === this.asked) {
            this.state.data = data;
            this.state.loading = false;
        }
    }

    onChange(name, ev) {
        const value = ev.target.value;
        this.state[name] = ["roadClass", "pavement"].includes(name) ? value : Number(value);
        return this.load();
    }

    tonnes(kg) {
        return formatFloat(Math.floor(kg / 100) / 10, { digits: [16, 1] });
    }

    cellClass(row, cell) {
        let level = "normal";
        if (row.spans[cell.span].unknown) {
            level = "less";
        } else if (!cell.kg) {
            level = "none";
        } else if (cell.kg < row.normal / 2) {
            level = "low";
        } else if (cell.kg < row.normal) {
            level = "less";
        }
        return `o_axle_cell o_axle_${level} ${cell.expected === null ? "" : "o_axle_expected"}`;
    }

    cellTitle(row, cell, week) {
        const span = row.spans[cell.span];
        const why = span.hint ? `${span.why}. ${span.hint}` : span.why;
        return `${row.name}, ${week.label}: ${span.mass}, ${why}`;
    }

    isChosen(row, index) {
        const chosen = this.state.chosen;
        return chosen && chosen.regionId === row.id && chosen.week === index;
    }

    get hasUnknown() {
        return this.state.data.rows.some((row) => row.spans.some((span) => span.unknown));
    }

    /** Show why; the choice outlives another vehicle, year or kind of goods. */
    choose(row, index) {
        this.state.chosen = { regionId: row.id, week: index };
    }

    /** The region and week that were chosen, with the spans that touch the week. */
    get chosenWeek() {
        const { regionId, week: index } = this.state.chosen || {};
        const row = this.state.data.rows.find((candidate) => candidate.id === regionId);
        const week = this.state.data.weeks[index];
        if (!row || !week) {
            return null;
        }
        const spans = row.spans.filter(
            (span) => span.start <= week.end && week.start <= span.end
        );
        return { region: row.name, week: week.label, spans };
    }

    openOrder(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cement.season.order",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    newOrder() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New seasonal order"),
            res_model: "cement.season.order",
            views: [[false, "form"]],
            context: { default_year: this.state.year },
        });
    }
}

registry.category("actions").add("cement_season_calendar", SeasonCalendar);
