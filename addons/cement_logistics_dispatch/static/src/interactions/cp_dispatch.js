import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, toast } from "@cement_portal/interactions/cp_core";
import { RecordListener } from "@cement_portal/interactions/cp_listener";
import { CementCart } from "@cement_portal/interactions/cp_cart";
import { patch } from "@web/core/utils/patch";

const CHANGED = "cement.change_request";
const PASSED = "cement.loading_pass";
const PASS_POLL_MS = 30000;

/** The cart repeats by weeks; «undo» takes the new lines away again. */
patch(CementCart.prototype, {
    onClick(ev) {
        if (ev.target.closest("[data-cp-weeks-add]")) {
            return this.repeatWeeks();
        }
        return super.onClick(ev);
    },
    async repeatWeeks() {
        const select = this.el.querySelector("[data-cp-weeks]");
        const answer = await this.send("weeks", { weeks: Number(select.value) });
        if (answer) {
            toast(_t("Lines added: %s.", answer.added.length), {
                action: {
                    label: _t("Undo"),
                    run: () => this.send("remove", { line_ids: answer.added }),
                },
            });
        }
    },
});

/** Pages that follow the answers of the plant while they are open. */
class DispatchListener extends RecordListener {
    listen(type, onIds) {
        super.listen(type, onIds, "order_ids");
    }

    async withdraw(button, refresh) {
        button.disabled = true;
        try {
            await this.waitFor(
                call(`/my/cement/changes/${button.dataset.cpWithdraw}/withdraw`)
            );
            toast(_t("The request is withdrawn."));
            await refresh();
        } catch (error) {
            button.disabled = false;
            toast(error.message, { kind: "danger" });
        }
    }
}

/** Requests and the pick-up on the page of an order or a shipment. */
export class OrderDispatch extends DispatchListener {
    static selector = "#cp-order-changes, .cp-ship-changes";
    dynamicContent = { _root: { "t-on-click": this.onClick } };

    start() {
        const box = this.el.closest("[data-order-id]");
        this.orderId = Number(box.dataset.orderId);
        const onIds = (ids) => ids.includes(this.orderId) && this.refresh();
        this.listen(CHANGED, onIds);
        this.listen(PASSED, onIds);
    }

    onClick(ev) {
        const button = ev.target.closest("[data-cp-withdraw]");
        if (button) {
            return this.withdraw(button, () => this.refresh());
        }
    }

    async refresh() {
        const answer = await this.waitFor(call(`/my/cement/order/${this.orderId}/changes`));
        this.el.innerHTML = answer.changes;
        const pickup = document.getElementById("cp-order-pickup");
        if (pickup) {
            pickup.innerHTML = answer.pickup;
        }
    }
}

/** The list of all requests. */
export class ChangeList extends DispatchListener {
    static selector = ".cp-changes-page";
    dynamicContent = { _root: { "t-on-click": this.onClick } };

    start() {
        this.listen(CHANGED, () => this.refresh());
    }

    onClick(ev) {
        const button = ev.target.closest("[data-cp-withdraw]");
        if (button) {
            return this.withdraw(button, () => this.refresh());
        }
    }

    async refresh() {
        this.el.innerHTML = await this.waitFor(
            call("/my/cement/changes/rows", { status: this.el.dataset.status })
        );
    }
}

/** The form of a change shows the fields of what is chosen only. */
export class ChangeForm extends Interaction {
    static selector = "#cp-change-form";
    dynamicContent = {
        "[name=kind]": { "t-on-change": this.show },
        "#cp-change-picking": { "t-on-change": this.onPicking },
        _root: { "t-on-submit": this.onSubmit },
    };

    start() {
        this.show();
    }

    show() {
        const kind = this.el.querySelector("[name=kind]:checked")?.value;
        for (const field of this.el.querySelectorAll(".cp-change-field")) {
            field.hidden = field.dataset.cpKind !== kind;
        }
    }

    onPicking(ev) {
        window.location = `?picking_id=${ev.currentTarget.value}`;
    }

    onSubmit() {
        this.el.querySelector("[type=submit]").disabled = true;
    }
}

/** The page of a pick-up: hand the link on, follow the queue. */
export class Pickup extends DispatchListener {
    static selector = ".cp-pickup";
    dynamicContent = { "[data-cp-copy]": { "t-on-click": this.onCopy } };

    start() {
        const id = Number(this.el.dataset.orderId);
        this.listen(PASSED, (ids) => {
            // what is being typed is not lost
            const isTyping = this.el.contains(document.activeElement);
            if (ids.includes(id) && !isTyping) {
                window.location.reload();
            }
        });
    }

    async onCopy(ev) {
        const url = new URL(ev.currentTarget.dataset.url, window.location).href;
        try {
            if (navigator.share) {
                await navigator.share({ url });
            } else {
                await navigator.clipboard.writeText(url);
                toast(_t("The link is copied: send it to the driver."));
            }
        } catch {
            toast(url, { kind: "info", keep: true });
        }
    }
}

/** The pass on the driver's phone asks from time to time how it stands. */
export class PassPage extends Interaction {
    static selector = ".cp-pass";

    start() {
        this.ask();
    }

    ask() {
        this.waitForTimeout(async () => {
            try {
                const html = await this.waitFor(
                    call(`/cement/pass/${this.el.dataset.code}/state`)
                );
                this.el.querySelector(".cp-pass-live").innerHTML = html;
            } catch {
                // without a network the page goes on showing what it knows
            }
            this.ask();
        }, PASS_POLL_MS);
    }
}

const interactions = registry.category("public.interactions");
interactions.add("cement_logistics_dispatch.order", OrderDispatch);
interactions.add("cement_logistics_dispatch.changes", ChangeList);
interactions.add("cement_logistics_dispatch.change_form", ChangeForm);
interactions.add("cement_logistics_dispatch.pickup", Pickup);
interactions.add("cement_logistics_dispatch.pass", PassPage);
