import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const TYPES = /^image\/(jpeg|png|webp|gif|heic|heif)$|^application\/pdf$/;

/**
 * The form of a claim: fields that follow the kind, photos gathered one by one and
 * seen before they are sent, one claim however often the button is pressed.
 */
export class ClaimForm extends Interaction {
    static selector = "#cp-claim-form";
    dynamicContent = {
        "[name=kind]": { "t-on-change": this.showKind },
        "[name=order_id]": { "t-on-change": this.showContract },
        "[data-cp-pick]": { "t-on-change": this.onPick },
        "#cp-claim-previews": { "t-on-click": this.onRemove },
        _root: { "t-on-submit.prevent": this.onSubmit },
    };

    setup() {
        this.files = [];
        this.isSending = false;
        this.previews = this.el.querySelector("#cp-claim-previews");
        this.errors = this.el.querySelector(".cp-form-errors");
    }

    start() {
        // a person who comes back from the page of the claim starts a new one
        this.addListener(window, "pageshow", (ev) => ev.persisted && window.location.reload());
        this.showKind();
        this.showContract();
    }

    destroy() {
        this.files.forEach(({ url }) => url && URL.revokeObjectURL(url));
    }

    // === Kind and contract ===

    showKind() {
        const kind = this.el.querySelector("[name=kind]:checked");
        const mass = this.el.querySelector("#cp-claim-mass-field");
        mass.hidden = !kind?.dataset.mass;
        this.el.elements.mass.required = Boolean(kind?.dataset.mass);
        this.el.querySelector("#cp-claim-hint").textContent = kind?.dataset.hint || "";
        this.el.querySelector(".cp-claim-photo-needed").hidden = !kind?.dataset.photo;
    }

    showContract() {
        const field = this.el.querySelector("#cp-claim-contract-field");
        if (field) {
            field.hidden = Boolean(this.el.elements.order_id?.value);
        }
    }

    // === Files ===

    onPick(ev) {
        const { maxFiles, maxBytes } = this.el.dataset;
        const faults = [];
        for (const file of ev.currentTarget.files) {
            if (!TYPES.test(file.type)) {
                faults.push(_t("“%s” is neither a photo nor a PDF.", file.name));
            } else if (file.size > Number(maxBytes)) {
                faults.push(_t("“%s” is larger than 10 MB.", file.name));
            } else if (this.files.length >= Number(maxFiles)) {
                faults.push(_t("At most %s files: “%s” is left out.", maxFiles, file.name));
            } else {
                const url = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
                this.files.push({ file, url });
            }
        }
        // the files are kept here: the same one may be chosen again
        ev.currentTarget.value = "";
        this.tell(faults.join("\n"));
        this.drawPreviews();
    }

    onRemove(ev) {
        const button = ev.target.closest("button");
        if (button) {
            const [removed] = this.files.splice(Number(button.dataset.index), 1);
            if (removed.url) {
                URL.revokeObjectURL(removed.url);
            }
            this.drawPreviews();
        }
    }

    drawPreviews() {
        this.previews.replaceChildren(
            ...this.files.map(({ file, url }, index) => {
                const item = document.createElement("li");
                if (url) {
                    const image = document.createElement("img");
                    image.src = url;
                    image.alt = file.name;
                    // HEIC is not shown by every browser: its name is then
                    image.addEventListener("error", () => image.replaceWith(file.name));
                    item.append(image);
                } else {
                    item.append(file.name);
                }
                const button = document.createElement("button");
                button.type = "button";
                button.dataset.index = index;
                button.textContent = "×";
                button.setAttribute("aria-label", _t("Remove %s", file.name));
                item.append(button);
                return item;
            })
        );
    }

    // === Sending ===

    async onSubmit() {
        if (this.isSending) {
            return;
        }
        const kind = this.el.querySelector("[name=kind]:checked");
        if (kind?.dataset.photo && !this.files.length) {
            this.tell(_t("Attach a photo: without it nothing is decided."));
            return;
        }
        this.setSending(true);
        const body = new FormData(this.el);
        body.delete("files");
        this.files.forEach(({ file }) => body.append("files", file, file.name));
        body.append("answer", "json");
        try {
            const answer = await this.waitFor(this.send(body));
            if (answer.url) {
                window.location = answer.url;
                return;
            }
            this.tell(answer.error);
        } catch (error) {
            this.tell(error.message);
        }
        this.setSending(false);
    }

    send(body) {
        const progress = this.el.querySelector("progress");
        const lost = _t("No connection. What you entered is still here: try again.");
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open("POST", this.el.action);
            request.upload.addEventListener("progress", (ev) => {
                progress.value = ev.lengthComputable ? (100 * ev.loaded) / ev.total : 0;
            });
            request.addEventListener("error", () => reject(new Error(lost)));
            request.addEventListener("load", () => {
                try {
                    resolve(JSON.parse(request.responseText));
                } catch {
                    reject(new Error(this.explain(request.status)));
                }
            });
            request.send(body);
        });
    }

    explain(status) {
        if (status === 413) {
            return _t("The files are too large together: leave some out.");
        }
        if (status === 403) {
            return _t("Your role does not include claims.");
        }
        // the login page came instead of an answer, or the page is too old
        return _t("The claim was not sent. Reload the page, sign in and try again.");
    }

    setSending(isSending) {
        this.isSending = isSending;
        this.el.querySelector("[type=submit]").disabled = isSending;
        this.el.querySelector("progress").hidden = !isSending || !this.files.length;
    }

    tell(text) {
        this.errors.textContent = text || "";
        if (text) {
            this.errors.scrollIntoView({ block: "nearest" });
        }
    }
}

registry.category("public.interactions").add("cement_service.claim_form", ClaimForm);
