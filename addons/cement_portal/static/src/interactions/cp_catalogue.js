import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, fieldError, toast, updateMini } from "./cp_core";

/** Rows of the catalogue: add to the cart, favourites, the card beside. */
export class CementCatalogue extends Interaction {
    static selector = ".cp-catalogue";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-on-submit": this.onSubmit,
            "t-on-change": this.onChange,
        },
    };

    setup() {
        this.fillSites();
    }

    /** One list of sites in the page serves every row. */
    fillSites() {
        const template = this.el.querySelector("#cp-sites");
        if (!template) {
            return;
        }
        const last = window.sessionStorage.getItem("cpSite");
        for (const select of this.el.querySelectorAll("[data-cp-sites]")) {
            for (const option of template.content.children) {
                if (option.dataset.transport === select.dataset.transport) {
                    select.append(option.cloneNode(true));
                }
            }
            if (select.options.length === 2) {
                select.selectedIndex = 1;
            } else if (last && select.querySelector(`option[value="${CSS.escape(last)}"]`)) {
                select.value = last;
            }
        }
    }

    /** Another cart to add to: the page with it, so that filters keep it. */
    chooseTarget(value) {
        const url = new URL(window.location.href);
        url.searchParams.set("cart", value);
        window.location = url.href;
    }

    onChange(ev) {
        if (ev.target.matches("[data-cp-target]")) {
            this.chooseTarget(ev.target.value);
        }
    }

    /** Show what the cart holds now; a new one has its number from here on. */
    updateTarget(answer) {
        const box = this.el.querySelector("#cp-target");
        if (!box) {
            return;
        }
        // the HTML of a template of ours: values are escaped by the server
        box.innerHTML = answer.target;
        const said = `cart=${answer.cart_id}`;
        for (const link of this.el.querySelectorAll('a[href*="cart=new"]')) {
            link.href = link.href.replace("cart=new", said);
        }
        for (const field of this.el.querySelectorAll("input[name=cart]")) {
            field.value = answer.cart_id;
        }
        if (window.location.search.includes("cart=new")) {
            const url = window.location.href.replace("cart=new", said);
            window.history.replaceState(window.history.state, "", url);
        }
    }

    onClick(ev) {
        if (ev.target.closest("[data-cp-target-new]")) {
            return this.chooseTarget("new");
        }
        const row = ev.target.closest("[data-line]");
        if (!row) {
            return;
        }
        const star = ev.target.closest("[data-cp-favourite]");
        if (star) {
            return this.toggleFavourite(row, star);
        }
        const link = ev.target.closest("[data-cp-card]");
        if (link && !ev.ctrlKey && !ev.metaKey && !ev.shiftKey && ev.button === 0) {
            ev.preventDefault();
            return this.openCard(row.dataset.line, link);
        }
    }

    onSubmit(ev) {
        const form = ev.target.closest("[data-cp-add]");
        if (form) {
            ev.preventDefault();
            this.add(form);
        }
    }

    async add(form) {
        const row = form.closest("[data-line]");
        const field = form.quantity;
        const site = row.querySelector("[data-cp-sites]");
        const button = form.querySelector("[type=submit]");
        if (!field.value.trim()) {
            fieldError(field, _t("How many tonnes?"));
            field.focus();
            return;
        }
        if (site && !site.value) {
            fieldError(field, _t("Choose a site first."));
            site.focus();
            return;
        }
        const wrong = this.getDayFault(form.day);
        fieldError(form.day, wrong);
        if (wrong) {
            form.day.focus();
            return;
        }
        button.disabled = true;
        try {
            const answer = await this.waitFor(
                call("/my/cement/catalogue/add", {
                    line_id: row.dataset.line,
                    quantity: field.value,
                    day: form.day.value || false,
                    site_id: site ? site.value : false,
                    target: this.el.querySelector("[data-cp-target]")?.value || "",
                })
            );
            fieldError(field, "");
            field.value = "";
            if (site) {
                window.sessionStorage.setItem("cpSite", site.value);
            }
            row.classList.remove("cp-row-added");
            void row.offsetWidth;
            row.classList.add("cp-row-added");
            updateMini(answer.mini);
            this.updateTarget(answer);
            toast(answer.message, {
                action: { label: _t("Undo"), run: () => this.undo(answer) },
            });
        } catch (error) {
            fieldError(field, error.message);
            field.focus();
        } finally {
            button.disabled = false;
        }
    }

    /** Why a day cannot be ordered for and what to do, in our words: the browser would
     * only say that the value is out of range, in its own language. */
    getDayFault(field) {
        const { rangeOverflow, rangeUnderflow, badInput } = field.validity;
        if (rangeOverflow) {
            return _t(
                "The terms agreed for this line end on %(day)s. Choose a day until then, or ask your manager to extend them.",
                { day: field.dataset.lastText }
            );
        }
        if (rangeUnderflow) {
            return _t(
                "The first day that can still be loaded is %(day)s. Choose it or a later one.",
                { day: field.dataset.firstText }
            );
        }
        return badInput ? _t("There is no such day: look at the date once more.") : "";
    }

    async undo(added) {
        try {
            const answer = await call("/my/cement/cart/remove", {
                cart_id: added.cart_id,
                line_ids: added.line_ids,
            });
            updateMini(answer.mini);
            toast(_t("Taken out of the cart."));
        } catch (error) {
            toast(error.message, { kind: "danger" });
        }
    }

    async toggleFavourite(row, star) {
        try {
            const isFavourite = await this.waitFor(
                call("/my/cement/catalogue/favourite", { line_id: row.dataset.line })
            );
            star.setAttribute("aria-pressed", isFavourite ? "true" : "false");
            const use = star.querySelector("use");
            const sheet = use.getAttribute("href").split("#")[0];
            use.setAttribute("href", `${sheet}#${isFavourite ? "star-full" : "star"}`);
        } catch (error) {
            toast(error.message, { kind: "danger" });
        }
    }

    async openCard(lineId, link) {
        const dialog = this.el.querySelector("#cp-card");
        link.classList.add("cp-busy");
        try {
            const html = await this.waitFor(
                call("/my/cement/catalogue/card", { line_id: lineId })
            );
            dialog.innerHTML = "";
            const head = document.createElement("div");
            head.className = "cp-dialog-head";
            const close = document.createElement("button");
            close.type = "button";
            close.className = "btn btn-secondary ms-auto";
            close.dataset.cpDialogClose = "1";
            close.textContent = _t("Close");
            head.append(close);
            const body = document.createElement("div");
            body.className = "cp-dialog-body pb-4";
            body.innerHTML = html;
            dialog.append(head, body);
            dialog.showModal();
        } catch (error) {
            toast(error.message, { kind: "danger" });
        } finally {
            link.classList.remove("cp-busy");
        }
    }
}

registry.category("public.interactions").add("cement_portal.catalogue", CementCatalogue);
