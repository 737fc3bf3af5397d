import { _t } from "@web/core/l10n/translation";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { CementMap } from "@cement_logistics/map/cement_map";
import { call, toast } from "@cement_portal/interactions/cp_core";
import { RecordListener } from "@cement_portal/interactions/cp_listener";

const NOTIFICATION = "cement.shipment";
const SELECT = "cp-map-select";
const CHOSEN = "cp-map-chosen";
const REFRESH = "cp-map-refresh";
const POLL_MS = 30000;

/** Put the server's HTML into an element of the page. */
function swap(el, html) {
    if (el && html !== undefined) {
        // the HTML of a template of ours: values are escaped by the server
        el.innerHTML = html;
    }
}

function tell(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** The map: its library is loaded only where there is one. */
export class CementShipmentMap extends Interaction {
    static selector = ".cp-ship-map";

    async willStart() {
        this.card = this.el.closest(".cp-ship-map-card");
        this.isSingle = this.card.classList.contains("cp-ship-map-one");
    }

    start() {
        this.addListener(document, SELECT, (ev) => this.map?.select(ev.detail.id));
        this.addListener(document, REFRESH, () => this.refresh());
        if (!this.card.hidden) {
            this.refresh();
        }
    }

    destroy() {
        this.map?.destroy();
    }

    async refresh() {
        const { url, query, ids } = this.el.dataset;
        try {
            const data = await this.waitFor(
                call(url, { query: JSON.parse(query), ids: JSON.parse(ids) })
            );
            // nothing on the way: no map, and no library for it
            this.card.hidden = !data.points.length;
            if (!data.points.length) {
                return;
            }
            if (!this.map) {
                await this.waitFor(loadBundle("cement_logistics.assets_map"));
                this.map = new CementMap(this.el, {
                    tiles: this.el.dataset.tiles,
                    attribution: this.el.dataset.attribution,
                    onSelect: (id) => tell(CHOSEN, { id }),
                });
            }
            this.map.setData(data);
            this.el.dataset.points = data.points.length;
        } catch (error) {
            this.fail(error);
        }
    }

    fail(error) {
        if (this.map) {
            // what is on the map is only a little older
            return;
        }
        const text = document.createElement("p");
        text.className = "cp-ship-map-wait cp-muted";
        text.textContent = error.message + " ";
        const again = document.createElement("button");
        again.type = "button";
        again.className = "btn btn-secondary btn-sm";
        again.textContent = _t("Try again");
        again.addEventListener("click", () => this.refresh());
        text.append(again);
        this.el.replaceChildren(text);
    }
}

/** The list: rows and map choose each other, rows move by themselves. */
export class CementShipments extends RecordListener {
    static selector = ".cp-shipments";
    dynamicContent = {
        ".cp-ship-table tbody tr": { "t-on-click": this.onRow },
    };

    start() {
        this.addListener(document, CHOSEN, (ev) => this.choose(ev.detail.id, true));
        this.listen(NOTIFICATION, (ids) => this.refresh(ids));
    }

    onRow(ev) {
        const row = ev.currentTarget;
        if (ev.target.closest("a, button") || !row.dataset.onMap) {
            return;
        }
        const id = Number(row.dataset.shipmentId);
        this.choose(id, false);
        tell(SELECT, { id });
        const map = this.el.querySelector(".cp-ship-map");
        map?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }

    choose(id, fromMap) {
        for (const other of this.el.querySelectorAll("tr.cp-chosen")) {
            other.classList.remove("cp-chosen");
        }
        const row = this.el.querySelector(`tr[data-shipment-id="${id}"]`);
        if (row) {
            row.classList.add("cp-chosen");
            if (fromMap) {
                row.scrollIntoView({ block: "nearest", behavior: "smooth" });
            }
        }
    }

    async refresh(ids) {
        tell(REFRESH);
        const shown = ids.filter((id) =>
            this.el.querySelector(`tr[data-shipment-id="${id}"]`)
        );
        if (!shown.length) {
            return;
        }
        const rows = await this.waitFor(
            call("/my/cement/shipments/rows", { ids: shown })
        );
        for (const [id, cells] of Object.entries(rows)) {
            const row = this.el.querySelector(`tr[data-shipment-id="${id}"]`);
            swap(row.querySelector('[data-cell="state"]'), cells.state);
            swap(row.querySelector('[data-cell="arrival"]'), cells.arrival);
            row.classList.remove("cp-flash-row");
            void row.offsetWidth;
            row.classList.add("cp-flash-row");
        }
    }
}

/** The page of one shipment. */
export class CementShipment extends RecordListener {
    static selector = ".cp-page:has(.cp-shipment)";
    dynamicContent = {
        ".cp-denied": {
            "t-on-click": (ev) => toast(ev.currentTarget.dataset.cpWhy, { kind: "warning" }),
        },
    };

    setup() {
        this.shipment = this.el.querySelector(".cp-shipment");
        this.id = Number(this.shipment.dataset.shipmentId);
    }

    start() {
        this.listen(NOTIFICATION, (ids) => this.refresh(ids));
    }

    async refresh(ids) {
        if (!ids.includes(this.id)) {
            return;
        }
        tell(REFRESH);
        const answer = await this.waitFor(call(`/my/cement/shipment/${this.id}/state`));
        swap(this.el.querySelector("#cp-ship-status"), answer.status);
        swap(this.el.querySelector("#cp-ship-where"), answer.where);
        swap(this.el.querySelector("#cp-ship-way"), answer.way);
        swap(this.el.querySelector("#cp-ship-actions"), answer.actions);
        if (this.shipment.dataset.state !== answer.state) {
            this.shipment.dataset.state = answer.state;
            toast(_t("Status: %s", answer.label), { kind: "info" });
        }
    }
}

/** The link for the foreman: make, copy, hand on, withdraw. */
export class CementShipmentShare extends Interaction {
    static selector = ".cp-ship-share";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
    };

    start() {
        this.showShare();
    }

    get url() {
        return `/my/cement/shipment/${this.el.dataset.shipmentId}`;
    }

    /** Phones have a sheet to send with; desks copy. */
    showShare() {
        const button = this.el.querySelector("[data-cp-share]");
        if (button) {
            button.hidden = !navigator.share;
        }
    }

    async onClick(ev) {
        const button = ev.target.closest("button");
        if (!button) {
            return;
        }
        const { cpLink, cpWithdraw, cpCopy, cpShare } = button.dataset;
        if (cpLink) {
            await this.ask(button, `${this.url}/link`);
        } else if (cpWithdraw) {
            await this.ask(button, `${this.url}/unlink`);
            toast(_t("The link does not open any more."));
        } else if (cpCopy) {
            await this.copy();
        } else if (cpShare) {
            navigator.share({ url: this.field.value, title: document.title }).catch(() => {});
        }
    }

    get field() {
        return this.el.querySelector(".cp-ship-link input");
    }

    async ask(button, url) {
        button.disabled = true;
        try {
            const answer = await this.waitFor(call(url));
            swap(this.el.querySelector(".cp-ship-share-body"), answer.html);
            this.showShare();
        } catch (error) {
            button.disabled = false;
            toast(error.message, { kind: "danger" });
        }
    }

    async copy() {
        try {
            await navigator.clipboard.writeText(this.field.value);
        } catch {
            // without https there is no clipboard to write to
            this.field.select();
            document.execCommand("copy");
        }
        toast(_t("The link is copied."));
    }
}

/** The public page: nobody is signed in, so it asks from time to time. */
export class CementTrack extends Interaction {
    static selector = ".cp-track-body";

    start() {
        if (!this.el.dataset.over) {
            this.plan();
        }
    }

    plan() {
        this.waitForTimeout(() => this.refresh(), POLL_MS);
    }

    async refresh() {
        if (document.hidden) {
            return this.plan();
        }
        try {
            const answer = await this.waitFor(call(`${this.el.dataset.track}/state`));
            if (answer.is_over) {
                // the map and the form go, the receipt comes
                window.location.reload();
                return;
            }
            swap(this.el.querySelector("#cp-track-status"), answer.status);
            tell(REFRESH);
        } catch {
            // the network comes and goes at a building site
        }
        this.plan();
    }
}

const interactions = registry.category("public.interactions");
interactions.add("cement_logistics.map", CementShipmentMap);
interactions.add("cement_logistics.shipments", CementShipments);
interactions.add("cement_logistics.shipment", CementShipment);
interactions.add("cement_logistics.share", CementShipmentShare);
interactions.add("cement_logistics.track", CementTrack);
