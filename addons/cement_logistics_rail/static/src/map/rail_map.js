/* global L */
import {Component, onMounted, onWillStart, onWillUnmount, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const RUSSIA = [
    [42, 20],
    [68, 140],
];
const REFRESH = 60000;
// How loudly a wagon is drawn, the loudest first.
const LEVELS = ["block", "warn", "ok"];

/**
 * All wagons under way. Tiles come from the server in the settings; without one the
 * map draws a grid of degrees and asks no other host.
 */
export class RailMap extends Component {
    static template = "cement_logistics_rail.RailMap";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({
            points: [],
            slice: {text: "", stale: false},
            without: 0,
            search: "",
            only: "all",
            error: "",
        });
        onWillStart(() => this.load());
        onMounted(() => {
            this.draw();
            this.timer = setInterval(() => this.refresh(), REFRESH);
        });
        onWillUnmount(() => {
            clearInterval(this.timer);
            clearTimeout(this.frame);
            this.map?.remove();
        });
    }

    async load() {
        try {
            const data = await this.orm.call("cement.wagon.trip", "get_map_points", []);
            this.state.points = data.points;
            this.state.slice = data.slice;
            this.state.without = data.without_place;
            this.settings = data.settings;
            this.state.error = "";
        } catch (error) {
            this.state.error = error?.data?.message || _t("The wagons could not be loaded.");
        }
    }

    async refresh() {
        await this.load();
        this.drawPoints();
    }

    get shown() {
        const text = this.state.search.trim().toLowerCase();
        return this.state.points.filter(
            (point) =>
                (this.state.only === "all" || point.level !== "ok") &&
                (!text ||
                    [point.number, point.client, point.station, point.to].some((value) =>
                        (value || "").toLowerCase().includes(text)
                    ))
        );
    }

    draw() {
        this.map = L.map(this.canvas.el, {
            zoomControl: false,
            worldCopyJump: true,
            minZoom: 2,
            maxZoom: 18,
        }).fitBounds(RUSSIA);
        L.control
            .zoom({zoomInTitle: _t("Nearer"), zoomOutTitle: _t("Farther")})
            .addTo(this.map);
        this.map.attributionControl.setPrefix(false);
        if (this.settings?.tile_url) {
            L.tileLayer(this.settings.tile_url, {
                attribution: this.settings.attribution,
                maxZoom: 18,
            }).addTo(this.map);
        } else {
            this.grid = L.layerGroup().addTo(this.map);
            this.map.on("zoomend", () => this.drawGrid());
            this.drawGrid();
        }
        this.cluster = L.markerClusterGroup({
            showCoverageOnHover: false,
            maxClusterRadius: 40,
            // a heap is as loud as the loudest in it
            iconCreateFunction: (cluster) => {
                const markers = cluster.getAllChildMarkers();
                const level = LEVELS.find((name) =>
                    markers.some((marker) => marker.options.level === name)
                );
                return L.divIcon({
                    className: `cement_rail_marker cement_rail_marker_${level}`,
                    html: `<b>${markers.length}</b>`,
                    iconSize: [36, 36],
                });
            },
        });
        this.map.addLayer(this.cluster);
        // the box gets its size with the first frame only
        this.frame = setTimeout(() => {
            this.map.invalidateSize();
            this.drawPoints(true);
        }, 50);
    }

    /** Lines of degrees: what a map without tiles is read by. */
    drawGrid() {
        this.grid.clearLayers();
        const step = this.map.getZoom() < 5 ? 10 : this.map.getZoom() < 8 ? 5 : 1;
        const style = {color: "#c8ced6", weight: 1, interactive: false};
        for (let lat = 40; lat <= 75; lat += step) {
            this.grid.addLayer(
                L.polyline(
                    [
                        [lat, 15],
                        [lat, 180],
                    ],
                    style
                )
            );
        }
        for (let lon = 15; lon <= 180; lon += step) {
            this.grid.addLayer(
                L.polyline(
                    [
                        [40, lon],
                        [75, lon],
                    ],
                    style
                )
            );
        }
    }

    drawPoints(fit = false) {
        if (!this.map) {
            return;
        }
        this.cluster.clearLayers();
        const markers = this.shown.map((point) => {
            const marker = L.marker([point.lat, point.lon], {
                title: `${point.number} ${point.station}`,
                level: point.level,
                icon: L.divIcon({
                    className: `cement_rail_marker cement_rail_marker_${point.level}`,
                    html: '<i class="fa fa-train" aria-hidden="true"></i>',
                    iconSize: [28, 28],
                }),
            });
            marker.bindPopup(() => this.popup(point));
            marker.bindTooltip(point.number, {direction: "right", offset: [12, 0]});
            return marker;
        });
        this.cluster.addLayers(markers);
        if (fit && markers.length) {
            this.map.fitBounds(this.cluster.getBounds().pad(0.2), {maxZoom: 8});
        }
    }

    /** Text only: names of stations and clients come from outside. */
    popup(point) {
        const box = document.createElement("div");
        const line = (text, bold) => {
            if (!text) {
                return;
            }
            const row = document.createElement("div");
            row.textContent = text;
            if (bold) {
                row.className = "fw-bold";
            }
            box.append(row);
        };
        line(point.number, true);
        line(point.trouble);
        line(point.state);
        line([point.station, point.operation].filter(Boolean).join(", "));
        line(point.at);
        line(
            point.to &&
                "→ " + point.to + (point.left === null ? "" : `, ${point.left} ` + _t("km"))
        );
        line(point.client);
        const button = document.createElement("button");
        button.className = "btn btn-sm btn-secondary mt-1";
        button.textContent = _t("Open");
        button.addEventListener("click", () => this.open(point));
        box.append(button);
        return box;
    }

    open(point) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cement.wagon.trip",
            res_id: point.id,
            views: [[false, "form"]],
        });
    }

    onSearch(event) {
        this.state.search = event.target.value;
        this.drawPoints(true);
    }

    setOnly(only) {
        this.state.only = only;
        this.drawPoints(true);
    }
}

registry.category("actions").add("cement_rail_map", RailMap);
