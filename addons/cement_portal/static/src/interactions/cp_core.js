import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";

const TOAST_MS = 8000;

/**
 * Ask the server and return its answer.
 *
 * @throws {Error} with a text fit for people: what the server said, that the
 *     session ended, or that there is no network.
 */
export async function call(url, params = {}) {
    try {
        return await rpc(url, params, { silent: true });
    } catch (error) {
        const known = new Error(describe(error));
        known.isSessionExpired = isSessionExpired(error);
        if (known.isSessionExpired) {
            toast(known.message, {
                kind: "danger",
                action: { label: _t("Sign in"), run: goToLogin },
                keep: true,
            });
        }
        throw known;
    }
}

function isSessionExpired(error) {
    return (
        error instanceof RPCError &&
        (error.code === 100 ||
            error.exceptionName === "odoo.http.SessionExpiredException")
    );
}

function describe(error) {
    if (error instanceof ConnectionLostError) {
        return _t("No connection. What you entered is still here: try again.");
    }
    if (isSessionExpired(error)) {
        return _t("Your session has ended. Sign in again: the cart is kept.");
    }
    const isForPeople = /UserError|ValidationError|AccessError|MissingError/.test(
        error.exceptionName || ""
    );
    if (isForPeople && error.data?.message) {
        return error.data.message;
    }
    if (error.code === 404 || /NotFound/.test(error.exceptionName || "")) {
        return _t("This is not there any more. Reload the page.");
    }
    return _t("The server could not do this. Try again or write to your manager.");
}

/** Return the words of a column's heading, its lines parted by commas. */
function headingText(th) {
    const copy = th.cloneNode(true);
    copy.querySelectorAll(".visually-hidden").forEach((el) => el.remove());
    copy.querySelectorAll("br").forEach((el) => el.replaceWith(", "));
    return copy.textContent.replace(/\s+/g, " ").replaceAll(" ,", ",").trim();
}

function goToLogin() {
    const here = window.location.pathname + window.location.search;
    window.location = `/web/login?redirect=${encodeURIComponent(here)}`;
}

/**
 * Tell something in the live region of the page.
 *
 * @param {string} text
 * @param {{kind?: string, action?: {label: string, run: Function}, keep?: boolean}} options
 */
export function toast(text, { kind = "success", action, keep = false } = {}) {
    const region = document.getElementById("cp-live");
    if (!region) {
        return;
    }
    const el = document.createElement("div");
    el.className = `cp-toast cp-toast-${kind}`;
    const label = document.createElement("span");
    label.className = "cp-toast-text";
    label.textContent = text;
    el.append(label);
    if (action) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = action.label;
        button.addEventListener("click", () => {
            el.remove();
            action.run();
        });
        el.append(button);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.setAttribute("aria-label", _t("Close"));
    close.textContent = "×";
    close.addEventListener("click", () => el.remove());
    el.append(close);
    while (region.children.length > 2) {
        region.firstElementChild.remove();
    }
    region.append(el);
    if (!keep) {
        setTimeout(() => el.remove(), TOAST_MS);
    }
}

/** Redraw the mini-cart of the top bar from the server's HTML. */
export function updateMini(html) {
    const mini = document.getElementById("cp-mini");
    if (mini && html) {
        mini.outerHTML = html;
    }
}

/** Show a text under a field, or take it away. */
export function fieldError(field, text) {
    field.setAttribute("aria-invalid", text ? "true" : "false");
    const box = field.closest("[data-cp-field]") || field.parentElement;
    let el = box.querySelector(".cp-field-error");
    if (!el && text) {
        el = document.createElement("p");
        el.className = "cp-field-error";
        el.setAttribute("role", "alert");
        box.append(el);
    }
    if (el) {
        el.textContent = text || "";
        el.hidden = !text;
    }
}

/** Menus, dialogs, the message to the manager: what every page has. */
export class CementShell extends Interaction {
    static selector = "#wrapwrap.cp-shell";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-on-keydown": this.onKeydown,
        },
        ".cp-message-form": { "t-on-submit.prevent": this.onSendMessage },
    };

    setup() {
        this.labelCells();
        for (const el of this.el.querySelectorAll(".cp-live .cp-toast")) {
            setTimeout(() => el.remove(), TOAST_MS * 1.5);
        }
    }

    /** On a phone each cell tells the heading of its column. */
    labelCells() {
        for (const table of this.el.querySelectorAll("table.cp-table-cards")) {
            const labels = [...table.querySelectorAll("thead th")].map(headingText);
            for (const row of table.querySelectorAll("tbody tr")) {
                [...row.cells].forEach((cell, index) => {
                    if ("label" in cell.dataset && labels[index]) {
                        cell.dataset.label = labels[index];
                    }
                });
            }
        }
    }

    onClick(ev) {
        const opener = ev.target.closest("[data-cp-dialog]");
        if (opener) {
            const inside = opener.closest("dialog");
            inside?.close();
            document.getElementById(opener.dataset.cpDialog)?.showModal();
        }
        if (ev.target.closest("[data-cp-dialog-close]")) {
            ev.target.closest("dialog")?.close();
        }
        // a click on the backdrop hits the dialog itself
        if (ev.target.matches("dialog.cp-dialog")) {
            const box = ev.target.getBoundingClientRect();
            const isOutside =
                ev.clientX < box.left ||
                ev.clientX > box.right ||
                ev.clientY < box.top ||
                ev.clientY > box.bottom;
            if (isOutside && ev.detail) {
                ev.target.close();
            }
        }
        ev.target.closest("[data-cp-toast-close]")?.parentElement.remove();
        for (const menu of this.el.querySelectorAll("details.cp-menu[open]")) {
            if (!menu.contains(ev.target)) {
                menu.open = false;
            }
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            for (const menu of this.el.querySelectorAll("details.cp-menu[open]")) {
                menu.open = false;
                menu.querySelector("summary").focus();
            }
        }
        const isTyping = ev.target.closest("input, textarea, select, [contenteditable]");
        if (ev.key === "/" && !isTyping) {
            ev.preventDefault();
            this.el.querySelector(".cp-search input")?.focus();
        }
    }

    async onSendMessage(ev) {
        const form = ev.currentTarget;
        const field = form.querySelector("textarea");
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        try {
            await this.waitFor(
                call("/my/cement/message", {
                    text: field.value,
                    page: window.location.pathname,
                })
            );
            field.value = "";
            fieldError(field, "");
            form.closest("dialog").close();
            toast(_t("The message is sent."));
        } catch (error) {
            fieldError(field, error.message);
        } finally {
            button.disabled = false;
        }
    }
}

registry.category("public.interactions").add("cement_portal.shell", CementShell);
