import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { call, toast } from "./cp_core";
import { RecordListener } from "./cp_listener";

const NOTIFICATION = "cement.order_state";

/** Put the server's HTML into an element of the page. */
function swap(el, html) {
    if (el && html !== undefined) {
        // the HTML of a template of ours: values are escaped by the server
        el.innerHTML = html;
    }
}

/** Show a refusal in the form, and offer the way on when there is one. */
function showErrors(form, text, link) {
    const box = form.querySelector(".cp-form-errors");
    box.textContent = text || "";
    if (text && link) {
        box.append(document.createElement("br"));
        const a = document.createElement("a");
        a.href = link.url;
        a.textContent = link.label;
        box.append(a);
    }
    if (text) {
        box.scrollIntoView({ block: "nearest" });
    }
}

/** The list of orders: filters, favourites, statuses that move. */
export class CementOrders extends RecordListener {
    static selector = ".cp-orders";
    dynamicContent = {
        "[data-cp-submit]": { "t-on-change": this.onFilter },
        "[data-cp-fav]": { "t-on-click": this.onFavourite },
    };

    start() {
        this.listen(NOTIFICATION, (ids) => this.refresh(ids));
    }

    onFilter(ev) {
        const form = ev.currentTarget.form;
        const changed = ev.currentTarget.name;
        // a month and two days say the same: the last word counts
        if (changed === "month") {
            form.elements.from.value = "";
            form.elements.to.value = "";
        } else if (changed === "from" || changed === "to") {
            form.elements.month.value = "";
        }
        // what is not asked for does not stand in the address
        for (const field of form.elements) {
            field.disabled = field.name && !field.value;
        }
        this.el.classList.add("cp-busy");
        form.submit();
    }

    async onFavourite(ev) {
        await toggleFavourite(this, ev.currentTarget);
    }

    async refresh(ids) {
        const shown = ids.filter((id) =>
            this.el.querySelector(`tr[data-order-id="${id}"]`)
        );
        if (!shown.length) {
            return;
        }
        const rows = await this.waitFor(call("/my/cement/orders/rows", { ids: shown }));
        for (const [id, html] of Object.entries(rows)) {
            const row = this.el.querySelector(`tr[data-order-id="${id}"]`);
            swap(row.querySelector(".cp-order-state"), html);
            row.classList.add("cp-flash-row");
        }
    }
}

async function toggleFavourite(interaction, button) {
    button.disabled = true;
    try {
        const { is_favourite } = await interaction.waitFor(
            call(`/my/cement/order/${button.dataset.cpFav}/favourite`)
        );
        button.classList.toggle("active", is_favourite);
        button.setAttribute("aria-pressed", is_favourite ? "true" : "false");
    } catch (error) {
        toast(error.message, { kind: "danger" });
    } finally {
        button.disabled = false;
    }
}

/** The page of one order: its actions, its dialogs, its moving status. */
export class CementOrder extends RecordListener {
    // the actions stand in the head of the page, above the order itself
    static selector = ".cp-page:has(.cp-order)";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
        ".cp-order-form": { "t-on-submit.prevent": this.onSubmit },
    };

    setup() {
        this.order = this.el.querySelector(".cp-order");
        this.id = Number(this.order.dataset.orderId);
    }

    start() {
        this.listen(NOTIFICATION, (ids) => this.refresh(ids));
    }

    get url() {
        return `/my/cement/order/${this.id}`;
    }

    async refresh(ids) {
        if (ids.includes(this.id)) {
            await this.refreshState();
        }
        const others = ids.filter(
            (id) => id !== this.id && this.el.querySelector(`tr[data-order-id="${id}"]`)
        );
        if (others.length) {
            const rows = await this.waitFor(
                call("/my/cement/orders/rows", { ids: others })
            );
            for (const [id, html] of Object.entries(rows)) {
                swap(
                    this.el.querySelector(`tr[data-order-id="${id}"] .cp-order-state`),
                    html
                );
            }
        }
    }

    async refreshState() {
        const answer = await this.waitFor(call(`${this.url}/state`));
        swap(this.el.querySelector("#cp-order-status"), answer.status);
        swap(this.el.querySelector("#cp-order-actions"), answer.actions);
        swap(this.el.querySelector("#cp-order-days"), answer.days);
        const hasMoved = this.order.dataset.state !== answer.state;
        this.order.dataset.state = answer.state;
        if (hasMoved) {
            toast(_t("Status: %s", answer.label), { kind: "info" });
        }
    }

    onClick(ev) {
        const star = ev.target.closest("[data-cp-fav]");
        if (star) {
            return toggleFavourite(this, star);
        }
        const denied = ev.target.closest(".cp-denied");
        if (denied) {
            return toast(denied.dataset.cpWhy, { kind: "warning" });
        }
        const action = ev.target.closest("[data-cp-action]");
        if (action && action.dataset.cpAction === "copy") {
            return this.copy(action);
        }
    }

    async copy(button) {
        button.disabled = true;
        try {
            const report = await this.waitFor(call(`${this.url}/copy`));
            if (report.url && !report.errors.length) {
                window.location = report.url;
                return;
            }
            toast(report.errors.join("\n"), {
                kind: report.url ? "warning" : "danger",
                keep: true,
                action: report.url && {
                    label: _t("To the cart"),
                    run: () => {
                        window.location = report.url;
                    },
                },
            });
        } catch (error) {
            toast(error.message, { kind: "danger" });
        } finally {
            button.disabled = false;
        }
    }

    async onSubmit(ev) {
        const form = ev.currentTarget;
        const button = form.querySelector("[type=submit]");
        showErrors(form, "");
        button.disabled = true;
        form.classList.add("cp-busy");
        try {
            await this[form.dataset.cpForm](form);
        } catch (error) {
            showErrors(form, error.message);
        } finally {
            button.disabled = false;
            form.classList.remove("cp-busy");
        }
    }

    async edit(form) {
        const changes = { quantities: {} };
        for (const field of form.elements) {
            if (field.dataset.before === undefined || field.value === field.dataset.before) {
                continue;
            }
            if (field.dataset.line) {
                changes.quantities[field.dataset.line] = field.value;
            } else {
                changes[field.name] = field.value;
            }
        }
        if (Object.keys(changes).length === 1 && !Object.keys(changes.quantities).length) {
            form.closest("dialog").close();
            return;
        }
        if (form.agreed === JSON.stringify(changes.quantities)) {
            changes.prices = form.agreedPrices;
        }
        const answer = await this.waitFor(call(`${this.url}/edit`, { changes }));
        if (answer.ok) {
            window.location.reload();
            return;
        }
        // another price than the order's: pressed once more, it is agreed with
        form.agreed = JSON.stringify(changes.quantities);
        form.agreedPrices = Object.fromEntries(
            answer.prices.map(({ line_id, price }) => [line_id, price])
        );
        showErrors(form, answer.prices.map(({ message }) => message).join("\n"));
        form.querySelector("[type=submit]").textContent = _t("Agree with the new price");
    }

    async replace(form) {
        const rows = [...form.querySelectorAll("[data-cp-replace]")].map((row) => ({
            specification_line_id: Number(
                row.querySelector("[name=specification_line_id]").value
            ),
            quantity: row.querySelector("[name=quantity]").value,
        }));
        const answer = await this.waitFor(call(`${this.url}/replace`, { rows }));
        window.location = answer.url;
    }

    async repeat(form) {
        const report = await this.waitFor(
            call(`${this.url}/repeat`, {
                site_id: form.elements.site_id?.value || null,
                day: form.elements.day.value || null,
            })
        );
        if (report.url && !report.errors.length) {
            window.location = report.url;
            return;
        }
        showErrors(
            form,
            report.errors.join("\n"),
            report.url && { url: report.url, label: _t("The rest is in the cart: open it") }
        );
    }

    async cancel(form) {
        await this.waitFor(
            call(`${this.url}/cancel`, { reason: form.elements.reason.value })
        );
        form.closest("dialog").close();
        await this.refreshState();
    }
}

registry.category("public.interactions").add("cement_portal.orders", CementOrders);
registry.category("public.interactions").add("cement_portal.order", CementOrder);
