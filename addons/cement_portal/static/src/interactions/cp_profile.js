import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, toast } from "./cp_core";

const TEXTS = ["contact_name", "contact_phone", "hour_from", "hour_to", "note", "point"];
const MAX_PHOTO = 8 * 1024 * 1024;

/** Return the file as a data address, or nothing when none is chosen. */
async function readPhoto(file) {
    if (!file || !file.size) {
        return null;
    }
    if (file.size > MAX_PHOTO) {
        throw new Error(_t("The photo is larger than 8 MB."));
    }
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(new Error(_t("The photo cannot be read.")));
        reader.readAsDataURL(file);
    });
}

/** The sites of the counterparty: change contact and hours, add one. */
export class CementProfile extends Interaction {
    static selector = ".cp-profile";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
        ".cp-site-form": { "t-on-submit.prevent": this.onSubmit },
        ".cp-kind": { "t-on-change": this.onKind },
        "[name=station_text]": {
            "t-on-input": this.debounced(this.onStation, 250),
            "t-on-keydown": this.onStationKey,
        },
    };

    setup() {
        this.siteId = null;
    }

    onClick(ev) {
        const button = ev.target.closest("[data-cp-site-edit]");
        if (button) {
            this.open(button.closest(".cp-site"));
        }
        const option = ev.target.closest("#cp-station-list li");
        if (option) {
            this.choose(option);
        }
    }

    open(card) {
        const dialog = this.el.querySelector("#cp-site-edit");
        const form = dialog.querySelector("form");
        this.siteId = card.dataset.siteId;
        form.querySelector("[data-cp-name]").textContent = card.dataset.name;
        form.querySelector(".cp-form-errors").textContent = "";
        for (const name of TEXTS) {
            form.elements[name].value = card.dataset[name] || "";
        }
        form.elements.photo.value = "";
        const days = (card.dataset.days || "").split(",");
        for (const box of form.querySelectorAll("input[name=days]")) {
            box.checked = days.includes(box.value);
        }
        dialog.showModal();
    }

    async values(form) {
        const values = Object.fromEntries(
            [...new FormData(form).entries()].filter(
                ([name]) => name !== "days" && name !== "photo"
            )
        );
        values.photo = await readPhoto(form.elements.photo.files[0]);
        values.days = [...form.querySelectorAll("input[name=days]:checked")].map((box) =>
            Number(box.value)
        );
        return values;
    }

    async onSubmit(ev) {
        const form = ev.currentTarget;
        const button = form.querySelector("[type=submit]");
        const errors = form.querySelector(".cp-form-errors");
        const isNew = form.dataset.cpForm === "add";
        errors.textContent = "";
        button.disabled = true;
        try {
            const values = await this.waitFor(this.values(form));
            if (isNew) {
                const answer = await this.waitFor(call("/my/cement/site/add", { values }));
                this.el.querySelector("#cp-sites").insertAdjacentHTML("beforeend", answer.html);
                this.el.querySelector(".cp-empty")?.remove();
                form.reset();
                this.onKind({ currentTarget: form });
                toast(_t("The site is added. Your manager is told."));
            } else {
                const answer = await this.waitFor(
                    call(`/my/cement/site/${this.siteId}/save`, { values })
                );
                this.el.querySelector(`[data-site-id="${this.siteId}"]`).outerHTML = answer.html;
                toast(_t("Saved."));
            }
            form.closest("dialog").close();
        } catch (error) {
            errors.textContent = error.message;
            errors.scrollIntoView({ block: "nearest" });
        } finally {
            button.disabled = false;
        }
    }

    // === Stations ===

    onKind(ev) {
        const form = ev.currentTarget.closest("form");
        const kind = form.elements.kind.value;
        for (const el of form.querySelectorAll("[data-cp-kind]")) {
            el.hidden = el.dataset.cpKind !== kind;
        }
    }

    async onStation(ev) {
        const form = ev.target.form;
        form.elements.station_id.value = "";
        const stations = await this.waitFor(
            call("/my/cement/stations", { text: ev.target.value })
        ).catch(() => []);
        const list = form.querySelector("#cp-station-list");
        list.replaceChildren(
            ...stations.map((station) => {
                const li = document.createElement("li");
                li.role = "option";
                li.dataset.id = station.id;
                li.dataset.label = station.label;
                li.textContent = [station.label, station.railway].filter(Boolean).join(" · ");
                return li;
            })
        );
        list.hidden = !stations.length;
        form.elements.station_text.setAttribute("aria-expanded", String(!list.hidden));
    }

    onStationKey(ev) {
        const options = [...this.el.querySelectorAll("#cp-station-list li")];
        const place = options.findIndex((li) => li.ariaSelected === "true");
        if (ev.key === "Enter" && place >= 0) {
            ev.preventDefault();
            this.choose(options[place]);
        } else if (["ArrowDown", "ArrowUp"].includes(ev.key) && options.length) {
            ev.preventDefault();
            const step = ev.key === "ArrowDown" ? 1 : -1;
            options[place]?.removeAttribute("aria-selected");
            const next = options[(place + step + options.length) % options.length];
            next.ariaSelected = "true";
            next.scrollIntoView({ block: "nearest" });
        }
    }

    choose(option) {
        const form = option.closest("form");
        form.elements.station_id.value = option.dataset.id;
        form.elements.station_text.value = option.dataset.label;
        form.elements.name.value ||= option.dataset.label;
        option.parentElement.hidden = true;
        form.elements.station_text.setAttribute("aria-expanded", "false");
    }
}

registry.category("public.interactions").add("cement_portal.profile", CementProfile);
