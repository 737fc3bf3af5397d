import { _t } from "@web/core/l10n/translation";

const ICONS = "/cement_portal/static/src/img/icons.svg";
// Degrees between two lines of the grid, by zoom: some five lines on a screen.
const STEPS = [40, 40, 20, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const TILE = 256;
const MIDDLE = [55.75, 37.62];

/** Return lines of latitude and longitude as a layer: a ground that needs no host. */
function makeGrid(L) {
    const Grid = L.GridLayer.extend({
        createTile(coords) {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = TILE;
            const context = canvas.getContext("2d");
            const corner = coords.scaleBy({ x: TILE, y: TILE });
            const map = this._map;
            const step = STEPS[Math.min(coords.z, STEPS.length - 1)];
            const nw = map.unproject(corner, coords.z);
            const se = map.unproject(corner.add([TILE, TILE]), coords.z);
            const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
            context.strokeStyle = "#dfe4e7";
            context.fillStyle = "#96a0a7";
            context.font = "10px system-ui, sans-serif";
            const first = (low) => Math.ceil(low / step) * step;
            for (let lon = first(nw.lng); lon < se.lng; lon += step) {
                const x = Math.round(map.project([0, lon], coords.z).x - corner.x) + 0.5;
                line(context, x, 0, x, TILE);
                context.fillText(`${lon.toFixed(digits)}°`, x + 3, TILE - 4);
            }
            for (let lat = first(se.lat); lat < nw.lat; lat += step) {
                const y = Math.round(map.project([lat, 0], coords.z).y - corner.y) + 0.5;
                line(context, 0, y, TILE, y);
                context.fillText(`${lat.toFixed(digits)}°`, 3, y - 3);
            }
            return canvas;
        },
    });
    return new Grid({ minZoom: 1, maxZoom: 18 });
}

function line(context, x1, y1, x2, y2) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
}

function element(tag, className, text) {
    const el = document.createElement(tag);
    el.className = className || "";
    if (text) {
        el.textContent = text;
    }
    return el;
}

/** Return the picture of an icon as HTML; the name is one of ours. */
function iconHtml(name) {
    return `<svg class="cp-icon" aria-hidden="true"><use href="${ICONS}#${name}"/></svg>`;
}

/**
 * A map of vehicles and wagons with the places where they go. It knows nothing of
 * the page: data goes in by `setData`, a choice comes out by `onSelect`.
 */
export class CementMap {
    /**
     * @param {HTMLElement} el
     * @param {{tiles?: string, attribution?: string, onSelect?: Function,
     *     onOpen?: Function, openLabel?: string}} options
     */
    constructor(el, options = {}) {
        this.el = el;
        this.options = options;
        this.markers = new Map();
        this.hasView = false;
        const L = (this.L = window.L);
        el.replaceChildren();
        this.map = L.map(el, {
            zoomControl: false,
            attributionControl: Boolean(options.tiles && options.attribution),
            minZoom: 2,
            maxZoom: 18,
            worldCopyJump: true,
        }).setView(MIDDLE, 5);
        L.control
            .zoom({ zoomInTitle: _t("Nearer"), zoomOutTitle: _t("Farther") })
            .addTo(this.map);
        if (options.tiles) {
            const tiles = L.tileLayer(options.tiles, {
                maxZoom: 18,
                referrerPolicy: "no-referrer",
                attribution: options.attribution || "",
            });
            const grid = makeGrid(L).addTo(this.map);
            // where the tile server does not answer the grid stays
            tiles.once("load", () => grid.remove());
            tiles.addTo(this.map);
        } else {
            makeGrid(L).addTo(this.map);
        }
        this.lines = L.layerGroup().addTo(this.map);
        this.places = L.layerGroup().addTo(this.map);
        this.cluster = L.markerClusterGroup({
            showCoverageOnHover: false,
            maxClusterRadius: 44,
            iconCreateFunction: (cluster) => {
                const children = cluster.getAllChildMarkers();
                const isLate = children.some((marker) => marker.options.isLate);
                return L.divIcon({
                    className: `cp-mark-cluster ${isLate ? "cp-mark-late" : ""}`,
                    html: `<span>${children.length}</span>`,
                    iconSize: [38, 38],
                });
            },
        }).addTo(this.map);
    }

    destroy() {
        this.map.remove();
    }

    /** Show *points*; the view is kept when the map has shown something before. */
    setData({ points, places }) {
        const L = this.L;
        const open = [...this.markers].find(([, marker]) => marker.isPopupOpen())?.[0];
        this.markers.clear();
        this.cluster.clearLayers();
        this.places.clearLayers();
        this.lines.clearLayers();
        const byPlace = new Map(places.map((place) => [place.id, place]));
        for (const place of places) {
            L.circleMarker([place.lat, place.lon], {
                radius: 6,
                weight: 2,
                color: "#59646c",
                fillColor: "#fff",
                fillOpacity: 1,
            })
                .bindTooltip(element("span", "", place.label))
                .addTo(this.places);
        }
        const layers = [];
        for (const point of points) {
            const place = byPlace.get(point.site_id) || (places.length === 1 && places[0]);
            if (place) {
                L.polyline(
                    [
                        [point.lat, point.lon],
                        [place.lat, place.lon],
                    ],
                    { color: "#96a0a7", weight: 1.5, dashArray: "4 6", interactive: false }
                ).addTo(this.lines);
            }
            const marker = this.makeMarker(point);
            this.markers.set(point.id, marker);
            layers.push(marker);
        }
        this.cluster.addLayers(layers);
        if (!this.hasView) {
            this.fit();
        }
        if (open && this.markers.has(open)) {
            this.markers.get(open).openPopup();
        }
        return points.length;
    }

    fit() {
        const bounds = this.L.latLngBounds([]);
        for (const marker of this.markers.values()) {
            bounds.extend(marker.getLatLng());
        }
        this.places.eachLayer((layer) => bounds.extend(layer.getLatLng()));
        if (bounds.isValid()) {
            this.map.fitBounds(bounds.pad(0.15), { maxZoom: 11, animate: false });
            this.hasView = this.markers.size > 0;
        }
    }

    makeMarker(point) {
        const L = this.L;
        const name = point.kind === "wagon" ? "wagon" : "truck";
        const classes = ["cp-mark", `cp-mark-${name}`];
        if (point.late) {
            classes.push("cp-mark-late");
        }
        if (point.stale) {
            classes.push("cp-mark-stale");
        }
        const marker = L.marker([point.lat, point.lon], {
            icon: L.divIcon({
                className: classes.join(" "),
                html: iconHtml(name),
                iconSize: [34, 34],
                popupAnchor: [0, -14],
            }),
            title: `${point.label} · ${point.state_label}`,
            alt: point.label,
            keyboard: true,
            isLate: point.late,
        });
        marker.bindPopup(() => this.makePopup(point), { minWidth: 180 });
        marker.on("click", () => this.options.onSelect?.(point.id));
        return marker;
    }

    makePopup(point) {
        const box = element("div", "cp-map-popup");
        box.append(element("strong", "d-block", point.label));
        const state = [point.state_label, point.mass].filter(Boolean).join(" · ");
        box.append(element("span", "d-block", state));
        if (point.destination) {
            box.append(element("span", "d-block", `→ ${point.destination}`));
        }
        if (point.eta) {
            box.append(element("span", "d-block", _t("Expected %s", point.eta)));
        }
        const seen = [point.place, point.age].filter(Boolean).join(", ");
        if (seen) {
            box.append(element("span", "d-block text-muted small", seen));
        }
        if (point.url || this.options.onOpen) {
            const link = element("a", "", _t("Open the shipment"));
            link.href = point.url || "#";
            if (this.options.onOpen) {
                link.addEventListener("click", (ev) => {
                    ev.preventDefault();
                    this.options.onOpen(point.id);
                });
            }
            box.append(link);
        }
        return box;
    }

    /** Bring the vehicle with this id into sight and open its card. */
    select(id) {
        const marker = this.markers.get(id);
        if (marker) {
            this.cluster.zoomToShowLayer(marker, () => marker.openPopup());
        }
        return Boolean(marker);
    }
}
