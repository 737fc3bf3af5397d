import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, toast } from "./cp_core";

function idList(text) {
    return (text || "").split(",").filter(Boolean);
}

/** The people of the counterparty: invite, change, remove and take it back. */
export class CementPeople extends Interaction {
    // the button that invites stands in the head of the page
    static selector = ".cp-page:has(.cp-people)";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
        ".cp-people-form": { "t-on-submit.prevent": this.onSubmit },
    };

    setup() {
        this.dialog = this.el.querySelector("#cp-people-dialog");
        this.form = this.dialog.querySelector("form");
        this.memberId = null;
    }

    onClick(ev) {
        const denied = ev.target.closest(".cp-denied");
        if (denied) {
            return toast(denied.dataset.cpWhy, { kind: "warning" });
        }
        if (ev.target.closest("[data-cp-people-new]")) {
            return this.open(null);
        }
        const button = ev.target.closest("[data-cp-people]");
        if (!button) {
            return;
        }
        const row = button.closest("tr");
        if (button.dataset.cpPeople === "edit") {
            return this.open(row);
        }
        return this[button.dataset.cpPeople](row, button);
    }

    open(row) {
        this.memberId = row ? row.dataset.memberId : null;
        this.form.reset();
        for (const el of this.form.querySelectorAll("[data-cp-when]")) {
            el.hidden = (el.dataset.cpWhen === "edit") !== Boolean(row);
        }
        this.form.querySelector(".cp-form-errors").textContent = "";
        if (row) {
            this.form.querySelector("[data-cp-name]").textContent = row.dataset.name;
            this.form.elements.role.value = row.dataset.role;
            this.tick("agreement", idList(row.dataset.agreements));
            this.tick("site", idList(row.dataset.sites));
        }
        this.dialog.showModal();
        if (!row) {
            this.form.elements.email.focus();
        }
    }

    tick(name, values) {
        for (const box of this.form.querySelectorAll(`input[name=${name}]`)) {
            box.checked = values.includes(box.value);
        }
    }

    ticked(name) {
        return [...this.form.querySelectorAll(`input[name=${name}]:checked`)].map((box) =>
            Number(box.value)
        );
    }

    async onSubmit() {
        const button = this.form.querySelector("[type=submit]");
        const errors = this.form.querySelector(".cp-form-errors");
        const access = {
            role: this.form.elements.role.value,
            agreement_ids: this.ticked("agreement"),
            site_ids: this.ticked("site"),
        };
        const isNew = !this.memberId;
        errors.textContent = "";
        button.disabled = true;
        try {
            const answer = await this.waitFor(
                isNew
                    ? call("/my/cement/people/invite", {
                          email: this.form.elements.email.value,
                          name: this.form.elements.name.value,
                          ...access,
                      })
                    : call(`/my/cement/people/${this.memberId}/access`, access)
            );
            this.dialog.close();
            this.show(answer);
            toast(isNew ? _t("The invitation is on its way.") : _t("The access is changed."));
        } catch (error) {
            errors.textContent = error.message;
        } finally {
            button.disabled = false;
        }
    }

    async remove(row, button) {
        const { memberId, name } = row.dataset;
        await this.run(button, async () => {
            this.show(await this.waitFor(call(`/my/cement/people/${memberId}/remove`)));
            toast(_t("%s has no access any more.", name), {
                action: { label: _t("Undo"), run: () => this.restore(memberId) },
            });
        });
    }

    async restore(memberId) {
        await this.run(null, async () => {
            this.show(await this.waitFor(call(`/my/cement/people/${memberId}/restore`)));
            toast(_t("The access is back."));
        });
    }

    async resend(row, button) {
        await this.run(button, async () => {
            await this.waitFor(call(`/my/cement/people/${row.dataset.memberId}/resend`));
            toast(_t("The letter is sent once more."));
        });
    }

    async run(button, work) {
        if (button) {
            button.disabled = true;
        }
        try {
            await work();
        } catch (error) {
            toast(error.message, { kind: "danger" });
        } finally {
            if (button) {
                button.disabled = false;
            }
        }
    }

    show(answer) {
        if (answer.redirect) {
            window.location = answer.redirect;
            return;
        }
        // the HTML of a template of ours: values are escaped by the server
        this.el.querySelector("#cp-people-list").innerHTML = answer.html;
    }
}

registry.category("public.interactions").add("cement_portal.people", CementPeople);
