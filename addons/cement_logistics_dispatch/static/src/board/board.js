import { Component, onWillStart, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "cement.dispatch.board";

/** Days of the plants: bars of what is taken, orders to drag from day to day. */
export class DispatchBoard extends Component {
    static template = "cement_logistics_dispatch.Board";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ board: null, start: null, days: 7, over: "", open: {} });
        this.plantId = this.props.action.context?.plant_id || null;
        onWillStart(() => this.load());
    }

    async load() {
        this.state.board = await this.orm.call(MODEL, "get_board", [], {
            start: this.state.start,
            days: this.state.days,
            plant_id: this.plantId,
        });
        this.state.start = this.state.board.start;
    }

    async shift(days) {
        const day = new Date(`${this.state.start}T12:00`);
        day.setDate(day.getDate() + days);
        this.state.start = day.toISOString().slice(0, 10);
        await this.load();
    }

    async today() {
        this.state.start = null;
        await this.load();
    }

    number(value) {
        return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
    }

    width(cell) {
        return `width: ${Math.min(cell.share, 100)}%`;
    }

    key(plant, day) {
        return `${plant.id}:${day || ""}`;
    }

    // === Dragging ===

    onDragStart(ev, plant, order) {
        ev.dataTransfer.setData("text/plain", JSON.stringify({ id: order.id, plant: plant.id }));
        ev.dataTransfer.effectAllowed = "move";
        this.dragged = { ...order, plant: plant.id };
    }

    onDragOver(ev, plant, day, isPast) {
        if (this.dragged?.plant === plant.id && !isPast) {
            ev.preventDefault();
            this.state.over = this.key(plant, day);
        }
    }

    onDragEnd() {
        this.dragged = null;
        this.state.over = "";
    }

    async onDrop(ev, plant, day) {
        ev.preventDefault();
        const { id, plant: from } = JSON.parse(ev.dataTransfer.getData("text/plain"));
        this.onDragEnd();
        if (from === plant.id) {
            await this.move(id, day);
        }
    }

    /** The keyboard moves a card as well: arrows, a day at a time. */
    async onKeydown(ev, plant, order) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[ev.key];
        if (ev.key === "Enter") {
            return this.openOrder(order);
        }
        if (!step || !order.can_move || !order.promised) {
            return;
        }
        ev.preventDefault();
        const day = new Date(`${order.promised}T12:00`);
        day.setDate(day.getDate() + step);
        await this.move(order.id, day.toISOString().slice(0, 10));
    }

    /** A closed or full day is promised when the person says so. */
    async move(orderId, day, isSure = false) {
        try {
            const { ask } = await this.orm.call(MODEL, "move_order", [
                orderId,
                day || false,
                isSure,
            ]);
            if (ask) {
                this.dialog.add(ConfirmationDialog, {
                    title: _t("Promise this day all the same?"),
                    body: ask,
                    confirmLabel: _t("Promise"),
                    confirm: () => this.move(orderId, day, true),
                    cancel: () => {},
                });
            }
        } finally {
            await this.load();
        }
    }

    // === Proposals ===

    async propose(plant) {
        await this.orm.call(MODEL, "propose", [plant.waiting.map((order) => order.id)]);
        await this.load();
        this.notification.add(_t("Days are proposed: promise them or drag the cards."), {
            type: "success",
        });
    }

    async accept(plant) {
        const ids = plant.waiting.filter((order) => order.proposed).map((order) => order.id);
        const answer = await this.orm.call(MODEL, "accept", [ids]);
        await this.load();
        if (answer) {
            this.notification.add(answer.params.message, { type: "warning", sticky: true });
        }
    }

    hasProposals(plant) {
        return plant.waiting.some((order) => order.proposed);
    }

    openOrder(order) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: order.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("cement_logistics_dispatch.board", DispatchBoard);
