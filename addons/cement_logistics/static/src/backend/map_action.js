import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CementMap } from "@cement_logistics/map/cement_map";

const NOTIFICATION = "cement.shipment";
const GATHER_MS = 1000;

/** Everything that is under way, on one map; it follows the vehicles by itself. */
export class CementMapAction extends Component {
    static template = "cement_logistics.MapAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.root = useRef("map");
        this.state = useState({ data: null, filter: "all", isEmpty: false });
        this.timer = null;
        this.onMessage = () => {
            // many vehicles move at once: one question for all
            this.timer ||= setTimeout(() => {
                this.timer = null;
                this.load();
            }, GATHER_MS);
        };
        onMounted(async () => {
            this.bus.subscribe(NOTIFICATION, this.onMessage);
            this.bus.start();
            await this.load();
        });
        onWillUnmount(() => {
            this.bus.unsubscribe(NOTIFICATION, this.onMessage);
            clearTimeout(this.timer);
            this.map?.destroy();
            this.isGone = true;
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get filters() {
        const points = this.state.data?.points || [];
        const count = (test) => points.filter(test).length;
        return [
            { key: "all", count: points.length },
            { key: "truck", count: count((point) => point.kind === "truck") },
            { key: "wagon", count: count((point) => point.kind === "wagon") },
            { key: "late", count: count((point) => point.late) },
            { key: "stale", count: count((point) => point.stale) },
        ];
    }

    get shown() {
        const filter = this.state.filter;
        return (this.state.data?.points || []).filter(
            (point) =>
                filter === "all" ||
                point.kind === filter ||
                (filter === "late" && point.late) ||
                (filter === "stale" && point.stale)
        );
    }

    async load() {
        const data = await this.orm.call("stock.picking", "get_cement_map", []);
        if (this.isGone) {
            return;
        }
        this.state.data = data;
        this.draw();
    }

    setFilter(key) {
        this.state.filter = key;
        if (this.map) {
            this.map.hasView = false;
        }
        this.draw();
    }

    draw() {
        const { tiles, attribution, places } = this.state.data;
        this.map ||= new CementMap(this.root.el, {
            tiles,
            attribution,
            onOpen: (id) => this.open(id),
        });
        this.map.setData({ points: this.shown, places });
    }

    open(id) {
        this.action.doAction("cement_logistics.stock_picking_action_shipment", {
            viewType: "form",
            props: { resId: id },
        });
    }

    select(id) {
        this.map?.select(id);
    }
}

registry.category("actions").add("cement_logistics.map", CementMapAction);
