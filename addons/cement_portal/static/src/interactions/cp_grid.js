import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { call, toast, updateMini } from "./cp_core";

/** Sites by days: arrows walk, a range pastes, each change is kept at once. */
export class CementGrid extends Interaction {
    static selector = ".cp-grid-page";
    dynamicContent = {
        "#cp-grid-line": { "t-on-change": this.onChooseLine },
        "#cp-grid": {
            "t-on-change": this.onChange,
            "t-on-keydown": this.onKeydown,
            "t-on-paste": this.onPaste,
            "t-on-focusin": this.onFocus,
        },
    };

    setup() {
        this.box = this.el.querySelector("#cp-grid");
        this.queue = Promise.resolve();
    }

    onChooseLine(ev) {
        ev.currentTarget.form.submit();
    }

    onFocus(ev) {
        if (ev.target.matches(".cp-cell")) {
            ev.target.select();
        }
    }

    /** Return the cells as rows of inputs. */
    getRows() {
        return [...this.box.querySelectorAll("tbody tr")].map((row) => [
            ...row.querySelectorAll(".cp-cell"),
        ]);
    }

    getPlace(cell) {
        const rows = this.getRows();
        const row = rows.findIndex((cells) => cells.includes(cell));
        return { rows, row, column: row < 0 ? -1 : rows[row].indexOf(cell) };
    }

    onKeydown(ev) {
        if (!ev.target.matches(".cp-cell")) {
            return;
        }
        const steps = {
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
            Enter: [1, 0],
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
        };
        const step = steps[ev.key];
        if (!step) {
            return;
        }
        // inside a text the arrow moves the caret first
        const { selectionStart: start, selectionEnd: end, value } = ev.target;
        const isAll = start === 0 && end === value.length;
        if (ev.key === "ArrowLeft" && !isAll && start > 0) {
            return;
        }
        if (ev.key === "ArrowRight" && !isAll && end < value.length) {
            return;
        }
        ev.preventDefault();
        const { rows, row, column } = this.getPlace(ev.target);
        let [y, x] = [row + step[0], column + step[1]];
        while (rows[y]?.[x]?.disabled) {
            y += step[0];
            x += step[1];
        }
        rows[y]?.[x]?.focus();
    }

    onChange(ev) {
        if (ev.target.matches(".cp-cell")) {
            this.save([ev.target]);
        }
    }

    onPaste(ev) {
        const text = ev.clipboardData?.getData("text/plain") || "";
        if (!ev.target.matches(".cp-cell") || !/[\t\n]/.test(text.trim())) {
            return;
        }
        ev.preventDefault();
        const { rows, row, column } = this.getPlace(ev.target);
        const changed = [];
        let left = 0;
        text.replace(/\r/g, "")
            .replace(/\n$/, "")
            .split("\n")
            .forEach((line, down) => {
                line.split("\t").forEach((value, right) => {
                    const cell = rows[row + down]?.[column + right];
                    if (!cell || cell.disabled) {
                        left += value.trim() ? 1 : 0;
                        return;
                    }
                    cell.value = value.trim();
                    changed.push(cell);
                });
            });
        if (left) {
            toast(_t("Cells outside the grid or in the past were left out: %s.", left), {
                kind: "warning",
            });
        }
        this.save(changed);
    }

    save(cells) {
        const sent = cells.map((cell) => ({
            site_id: Number(cell.closest("[data-site]").dataset.site) || false,
            day: cell.dataset.day,
            quantity: cell.value.trim(),
        }));
        this.box.classList.add("cp-busy");
        const job = this.queue.then(() =>
            call("/my/cement/cart/cells", {
                cart_id: Number(this.box.dataset.cart),
                line_id: Number(this.box.dataset.line),
                start: this.box.dataset.start,
                cells: sent,
            })
        );
        this.queue = job.catch(() => {});
        return this.waitFor(job)
            .then((answer) => this.redraw(answer, sent))
            .catch((error) => toast(error.message, { kind: "danger" }))
            .finally(() => this.box.classList.remove("cp-busy"));
    }

    redraw(answer, sent) {
        const active = document.activeElement;
        const key = active?.dataset?.cpKey;
        const typed = key ? active.value : null;
        const wasSent = key && sent.some((cell) => key === `${cell.site_id || 0}:${cell.day}`);
        this.box.innerHTML = answer.grid;
        updateMini(answer.mini);
        if (key) {
            const again = this.box.querySelector(`[data-cp-key="${CSS.escape(key)}"]`);
            if (again) {
                if (!wasSent) {
                    again.value = typed;
                }
                again.focus({ preventScroll: true });
            }
        }
        const told = new Set();
        for (const error of answer.errors) {
            const cell = this.box.querySelector(
                `[data-cp-key="${CSS.escape(`${error.site_id || 0}:${error.day}`)}"]`
            );
            if (cell) {
                const wrong = sent.find(
                    (item) => (item.site_id || 0) === (error.site_id || 0) && item.day === error.day
                );
                cell.value = wrong?.quantity ?? cell.value;
                cell.setAttribute("aria-invalid", "true");
                cell.title = error.reason;
            }
            told.add(error.reason);
        }
        this.box.querySelector(".cp-grid-errors").textContent = [...told].join(" ");
    }
}

registry.category("public.interactions").add("cement_portal.grid", CementGrid);
