import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, fieldError, toast, updateMini } from "./cp_core";

const TYPING_MS = 600;

/** Read a number as people type it: 25,8 or 25.8, with or without spaces. */
export function parseNumber(text) {
    const number = Number(String(text).replace(/[\s\u00a0\u202f]/g, "").replace(",", "."));
    return Number.isFinite(number) ? number : 0;
}

/** Write tonnes as short as they get. */
export function formatNumber(number) {
    const text = String(Math.round(number * 1000) / 1000);
    return document.documentElement.lang.startsWith("ru") ? text.replace(".", ",") : text;
}

/**
 * The cart: each change goes to the server, which plans and draws anew.
 *
 * Changes wait for each other, so that the last answer is the last truth.
 */
export class CementCart extends Interaction {
    static selector = ".cp-cart-page";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-keydown": this.onKeydown,
        },
        ".cp-spread-form": { "t-on-submit.prevent": this.onSpread },
    };

    setup() {
        this.root = this.el.querySelector(".cp-cart");
        this.queue = Promise.resolve();
        this.timers = new Map();
        this.pending = 0;
    }

    start() {
        this.fillChoices();
        if (this.root.dataset.unplanned) {
            delete this.root.dataset.unplanned;
            this.send("view", {});
        }
        this.sendTyped();
        this.sendKept();
    }

    // === A session that ended in the middle ===

    get keptKey() {
        return `cpKept:${this.cartId}`;
    }

    /** Keep a change that found no session, for the page after the login. */
    keep(route, params) {
        if (!["line", "options", "add", "spread", "remove"].includes(route)) {
            return;
        }
        const kept = JSON.parse(window.sessionStorage.getItem(this.keptKey) || "[]");
        kept.push([route, params]);
        window.sessionStorage.setItem(this.keptKey, JSON.stringify(kept));
    }

    sendKept() {
        const kept = JSON.parse(window.sessionStorage.getItem(this.keptKey) || "[]");
        window.sessionStorage.removeItem(this.keptKey);
        for (const [route, params] of kept) {
            this.send(route, params);
        }
    }

    /** One list of sites and of ways in the page serves every line. */
    fillChoices() {
        for (const select of this.el.querySelectorAll("[data-cp-options]")) {
            const { cpOptions, transport, only } = select.dataset;
            const allowed = only && only.split(" ");
            const chosen = select.value;
            const options = this.el.querySelector(`#${cpOptions}`).content.children;
            for (const option of options) {
                const isFitting = allowed
                    ? allowed.includes(option.value)
                    : option.dataset.transport === transport;
                if (!isFitting) {
                    continue;
                }
                if (option.value === chosen) {
                    // what the server has put there keeps its place in the list
                    select.append(select.selectedOptions[0]);
                } else {
                    select.append(option.cloneNode(true));
                }
            }
        }
    }

    /** What was typed while the page was still loading is not lost. */
    sendTyped() {
        for (const field of this.el.querySelectorAll(".cp-line [name=quantity]")) {
            if (field.value !== field.defaultValue) {
                this.changeLine(field);
            }
        }
    }

    destroy() {
        for (const timer of this.timers.values()) {
            clearTimeout(timer);
        }
    }

    get cartId() {
        return Number(this.root.dataset.cart);
    }

    // === Sending ===

    /** Send a change after those before it; returns the answer or undefined. */
    send(route, params, { field, quiet } = {}) {
        this.pending++;
        this.setBusy();
        const job = this.queue.then(() =>
            call(`/my/cement/cart/${route}`, {
                cart_id: this.cartId,
                page: Number(this.root.dataset.page),
                ...params,
            })
        );
        this.queue = job.catch(() => {});
        return this.waitFor(job)
            .then((answer) => {
                if (field) {
                    fieldError(field, "");
                }
                this.redraw(answer);
                return answer;
            })
            .catch((error) => {
                if (error.isSessionExpired) {
                    this.keep(route, params);
                }
                if (field?.isConnected) {
                    fieldError(field, error.message);
                } else if (!quiet && !error.isSessionExpired) {
                    toast(error.message, { kind: "danger" });
                }
            })
            .finally(() => {
                this.pending--;
                this.setBusy();
            });
    }

    setBusy() {
        const isBusy = this.pending > 0;
        this.el.querySelector("#cp-plan").classList.toggle("cp-busy", isBusy);
        this.el.querySelector("#cp-plan").setAttribute("aria-busy", isBusy);
        const button = this.el.querySelector(".cp-place-order .cp-confirm-button");
        if (button) {
            button.disabled = isBusy;
        }
    }

    /** Put the new parts in; a field that is being typed in keeps its text. */
    redraw(answer) {
        if (!answer?.plan) {
            return;
        }
        this.root.dataset.version = answer.version;
        const active = document.activeElement;
        const key = active?.dataset?.cpKey;
        const typed = key && "value" in active ? active.value : null;
        const isDirty = key && this.timers.has(key);
        const caret = key && active.type === "text" ? active.selectionStart : null;
        for (const [id, html] of [
            ["cp-asked", answer.asked],
            ["cp-plan", answer.plan],
            ["cp-cartbar", answer.bar],
        ]) {
            this.el.querySelector(`#${id}`).innerHTML = html;
        }
        this.fillChoices();
        updateMini(answer.mini);
        if (key) {
            const again = this.el.querySelector(`[data-cp-key="${CSS.escape(key)}"]`);
            if (again) {
                if (isDirty && typed !== null) {
                    again.value = typed;
                }
                again.focus({ preventScroll: true });
                if (caret !== null && again.setSelectionRange) {
                    again.setSelectionRange(caret, caret);
                }
            }
        }
    }

    // === Events ===

    onInput(ev) {
        const field = ev.target;
        if (field.closest("#cp-spread")) {
            return this.showSpreadSum();
        }
        if (field.name === "quantity" && field.closest("[data-line]")) {
            this.later(field, () => this.changeLine(field));
        }
    }

    onChange(ev) {
        const field = ev.target;
        if (field.closest("#cp-spread")) {
            return;
        }
        if (field.dataset.cpOption) {
            return this.send("options", { [field.name]: field.value }, { field });
        }
        if (field.closest("[data-line]")) {
            this.now(field, () => this.changeLine(field));
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.matches("[data-line] input")) {
            ev.preventDefault();
            this.now(ev.target, () => this.changeLine(ev.target));
        }
    }

    later(field, run) {
        const key = field.dataset.cpKey;
        clearTimeout(this.timers.get(key));
        this.timers.set(
            key,
            setTimeout(() => {
                this.timers.delete(key);
                run();
            }, TYPING_MS)
        );
    }

    now(field, run) {
        const key = field.dataset.cpKey;
        clearTimeout(this.timers.get(key));
        this.timers.delete(key);
        run();
    }

    changeLine(field) {
        const line = field.closest("[data-line]");
        if (!line || field.value === field.dataset.sent) {
            return;
        }
        field.dataset.sent = field.value;
        return this.send(
            "line",
            { line_id: Number(line.dataset.line), [field.name]: field.value || false },
            { field }
        );
    }

    onClick(ev) {
        const at = (selector) => ev.target.closest(selector);
        if (at("[data-cp-remove]")) {
            this.remove(at("[data-line]"));
        } else if (at("[data-cp-strategy]")) {
            this.send("options", { strategy: at("[data-cp-strategy]").dataset.cpStrategy });
        } else if (at("[data-cp-prices]")) {
            this.send("prices", {});
        } else if (at("[data-cp-group]")) {
            this.showGroup(at("[data-cp-group]"));
        } else if (at("[data-cp-page]")) {
            this.showPage(Number(at("[data-cp-page]").dataset.page));
        } else if (at("[data-cp-way-out]")) {
            this.showFinding();
        } else if (at("[data-cp-goto]")) {
            this.goToLine(at("[data-keys]").dataset.keys.split(",")[0]);
        } else if (at("[data-cp-spread]")) {
            this.openSpread(at("[data-cp-spread]"));
        } else if (at("[data-cp-spread-add]")) {
            this.addSpreadRow();
        } else if (at("[data-cp-spread-even]")) {
            this.spreadEvenly();
        } else if (at("[data-cp-spread-remove]")) {
            at(".cp-spread-row").remove();
            this.showSpreadSum();
        }
    }

    async remove(line) {
        const answer = await this.send("remove", { line_ids: [Number(line.dataset.line)] });
        if (answer) {
            toast(_t("The line is removed."), {
                action: {
                    label: _t("Undo"),
                    run: () => this.send("add", { rows: answer.undo }),
                },
            });
        }
    }

    async showGroup(button) {
        const box = button.closest("[data-group]").querySelector(".cp-loads");
        button.disabled = true;
        try {
            box.innerHTML = await this.waitFor(
                call("/my/cement/cart/group", {
                    cart_id: this.cartId,
                    index: Number(button.closest("[data-group]").dataset.group),
                })
            );
        } catch (error) {
            button.disabled = false;
            toast(error.message, { kind: "danger" });
        }
    }

    async showPage(page) {
        this.root.dataset.page = page;
        await this.send("view", {});
        this.el.querySelector("#cp-asked").scrollIntoView({ block: "start" });
    }

    // === The way out ===

    showFinding() {
        const box = this.el.querySelector("#findings");
        const first = box.querySelector(".cp-finding-block");
        (first || box).scrollIntoView({ block: "center", behavior: "smooth" });
        box.focus({ preventScroll: true });
    }

    goToLine(lineId) {
        const line = this.el.querySelector(`#line-${CSS.escape(lineId)}`);
        if (line) {
            line.scrollIntoView({ block: "center", behavior: "smooth" });
            line.querySelector("input, select")?.focus({ preventScroll: true });
        } else {
            toast(_t("The line is on another page of the list."), { kind: "info" });
        }
    }

    // === Spread over days ===

    openSpread(button) {
        const dialog = this.el.querySelector("#cp-spread");
        this.spread = {
            lineId: Number(button.closest("[data-line]").dataset.line),
            total: parseNumber(button.dataset.quantity),
        };
        dialog.querySelector(".cp-spread-product").textContent =
            _t("%(product)s: %(mass)s t", {
                product: button.dataset.product,
                mass: button.dataset.quantity,
            });
        dialog.querySelector(".cp-spread-rows").textContent = "";
        const first = button.dataset.day ? new Date(`${button.dataset.day}T12:00`) : new Date();
        const half = Math.floor((this.spread.total / 2) * 1000) / 1000;
        this.addSpreadRow(first, half);
        const second = new Date(first);
        second.setDate(second.getDate() + 1);
        this.addSpreadRow(second, this.spread.total - half);
        dialog.showModal();
    }

    addSpreadRow(day, quantity) {
        const rows = this.el.querySelector(".cp-spread-rows");
        if (!day) {
            const last = rows.lastElementChild?.querySelector("[name=day]").value;
            day = last ? new Date(`${last}T12:00`) : new Date();
            day.setDate(day.getDate() + 1);
        }
        const row = document.createElement("div");
        row.className = "cp-spread-row";
        const date = document.createElement("input");
        Object.assign(date, { type: "date", name: "day", className: "form-control" });
        date.value = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
        date.setAttribute("aria-label", _t("Day"));
        const mass = document.createElement("input");
        Object.assign(mass, { name: "quantity", inputMode: "decimal", className: "form-control" });
        mass.value = quantity ? formatNumber(quantity) : "";
        mass.setAttribute("aria-label", _t("Tonnes"));
        const remove = document.createElement("button");
        Object.assign(remove, { type: "button", className: "btn btn-icon", textContent: "×" });
        remove.dataset.cpSpreadRemove = "1";
        remove.setAttribute("aria-label", _t("Remove the day"));
        row.append(date, mass, remove);
        rows.append(row);
        this.showSpreadSum();
    }

    getSpreadRows() {
        return [...this.el.querySelectorAll(".cp-spread-row")].map((row) => ({
            day: row.querySelector("[name=day]").value,
            quantity: row.querySelector("[name=quantity]").value,
            field: row.querySelector("[name=quantity]"),
        }));
    }

    spreadEvenly() {
        const rows = this.getSpreadRows();
        const share = Math.floor((this.spread.total / rows.length) * 1000) / 1000;
        rows.forEach((row, index) => {
            const rest = this.spread.total - share * (rows.length - 1);
            row.field.value = formatNumber(index === rows.length - 1 ? rest : share);
        });
        this.showSpreadSum();
    }

    showSpreadSum() {
        const sum = this.getSpreadRows().reduce((all, row) => all + parseNumber(row.quantity), 0);
        const el = this.el.querySelector(".cp-spread-sum");
        const isEqual = Math.abs(sum - this.spread.total) < 0.0005;
        el.classList.toggle("cp-wrong", !isEqual);
        el.textContent = _t("%(sum)s of %(total)s t", {
            sum: formatNumber(sum),
            total: formatNumber(this.spread.total),
        });
    }

    async onSpread(ev) {
        const form = ev.currentTarget;
        const rows = this.getSpreadRows().filter((row) => row.quantity.trim());
        const field = this.getSpreadRows().at(-1)?.field;
        const answer = await this.send(
            "spread",
            {
                line_id: this.spread.lineId,
                parts: rows.map(({ day, quantity }) => ({ day, quantity })),
            },
            { field }
        );
        if (answer) {
            form.closest("dialog").close();
        }
    }
}

/** The list of drafts: delete with «undo». */
export class CementCarts extends Interaction {
    static selector = ".cp-carts";
    dynamicContent = {
        "[data-cp-discard]": { "t-on-click": this.onDiscard },
    };

    async onDiscard(ev) {
        const card = ev.currentTarget.closest("[data-cart]");
        try {
            const kept = await this.waitFor(
                call("/my/cement/cart/discard", { cart_id: Number(card.dataset.cart) })
            );
            card.remove();
            toast(_t("“%s” is deleted.", kept.name), {
                action: { label: _t("Undo"), run: () => this.restore(kept) },
            });
        } catch (error) {
            toast(error.message, { kind: "danger" });
        }
    }

    async restore(kept) {
        try {
            await call("/my/cement/cart/restore", kept);
            window.location.reload();
        } catch (error) {
            toast(error.message, { kind: "danger" });
        }
    }
}

/** A file too large is told before it travels. */
export class CementUpload extends Interaction {
    static selector = ".cp-upload";
    dynamicContent = {
        "input[type=file]": { "t-on-change": this.onChoose },
        _root: { "t-on-submit": this.onSubmit },
    };

    onChoose(ev) {
        const file = ev.currentTarget.files[0];
        const isLarge = file && file.size > 5 * 1024 * 1024;
        fieldError(
            ev.currentTarget,
            isLarge ? _t("The file is larger than 5 MB. Leave pictures and other sheets out.") : ""
        );
        this.isLarge = isLarge;
    }

    onSubmit(ev) {
        if (this.isLarge) {
            ev.preventDefault();
            return;
        }
        const button = this.el.querySelector("[type=submit]");
        button.disabled = true;
        button.textContent = _t("Reading the table…");
    }
}

/** One press, one set of orders: the server makes sure, the button says so. */
export class CementConfirm extends Interaction {
    static selector = ".cp-cart-page";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
    };

    onSubmit(ev) {
        const form = ev.target.closest(".cp-place-order");
        if (form) {
            const button = form.querySelector("button");
            button.disabled = true;
            button.textContent = _t("Ordering…");
        }
    }
}

const interactions = registry.category("public.interactions");
interactions.add("cement_portal.cart", CementCart);
interactions.add("cement_portal.carts", CementCarts);
interactions.add("cement_portal.upload", CementUpload);
interactions.add("cement_portal.confirm", CementConfirm);
