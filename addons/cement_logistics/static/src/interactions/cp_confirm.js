import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const DATABASE = "cement-confirm";
const STORE = "drafts";
const RETRY_MS = 20000;
const TIMEOUT_MS = 90000;
const PHOTO_SIDE = 1600;
const PEN = 2.2;

/** What was filled in, kept in the phone until the server has it. */
class Drafts {
    constructor(id) {
        this.id = id;
    }

    async open() {
        return new Promise((resolve, reject) => {
            const request = indexedDB.open(DATABASE, 1);
            request.onupgradeneeded = () => request.result.createObjectStore(STORE);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
    }

    async run(mode, work) {
        try {
            const database = await this.open();
            return await new Promise((resolve, reject) => {
                const request = work(database.transaction(STORE, mode).objectStore(STORE));
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            });
        } catch {
            // a private window keeps nothing: the form works without
            return undefined;
        }
    }

    load() {
        return this.run("readonly", (store) => store.get(this.id));
    }

    save(draft) {
        return this.run("readwrite", (store) => store.put(draft, this.id));
    }

    drop() {
        return this.run("readwrite", (store) => store.delete(this.id));
    }
}

/** Make a photo small before it goes over a weak network. */
async function shrink(file) {
    try {
        const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = Math.min(1, PHOTO_SIDE / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(bitmap.width * scale);
        canvas.height = Math.round(bitmap.height * scale);
        canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
        return blob || file;
    } catch {
        // the server says what is wrong with it
        return file;
    }
}

const MINUTE_MS = 60000;

/** The value of a field of date and time, by the clock that the page goes by: not by
 *  that of the phone, whose owner may sit in another zone than the site. */
function toLocal(moment, offset) {
    return new Date(moment.getTime() + offset * MINUTE_MS).toISOString().slice(0, 16);
}

/** What the server reads. */
function toUtc(value, offset) {
    const moment = new Date(`${value}Z`);
    if (isNaN(moment)) {
        return "";
    }
    const utc = new Date(moment.getTime() - offset * MINUTE_MS);
    return `${utc.toISOString().slice(0, 16)}Z`;
}

function makeKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The confirmation of a delivery: signature, photos, and a network that fails. */
export class CementConfirm extends Interaction {
    static selector = ".cp-confirm:has(.cp-confirm-form)";
    dynamicContent = {
        ".cp-confirm-form": { "t-on-submit.prevent": this.onSubmit, "t-on-input": this.keep },
        ".cp-confirm-shoot input": { "t-on-change": this.onPhotos },
        ".cp-confirm-shots": { "t-on-click": this.onRemove },
        "[data-cp-clear]": { "t-on-click": this.onClear },
        ".cp-confirm-pad": {
            "t-on-pointerdown": this.onPenDown,
            "t-on-pointermove": this.onPenMove,
            "t-on-pointerup": this.onPenUp,
            "t-on-pointercancel": this.onPenUp,
        },
    };

    setup() {
        this.form = this.el.querySelector("form");
        this.pad = this.el.querySelector(".cp-confirm-pad");
        this.drafts = new Drafts(this.form.dataset.url);
        this.offset = Number(this.form.dataset.offset);
        this.key = makeKey();
        this.photos = [];
        this.strokes = [];
        this.isQueued = false;
        this.isSending = false;
    }

    async start() {
        this.fitPad();
        this.addListener(window, "resize", () => this.fitPad());
        this.addListener(window, "online", () => this.resend());
        const draft = await this.waitFor(this.drafts.load());
        if (draft) {
            this.restore(draft);
        }
        const { arrived, unloaded } = this.form.elements;
        unloaded.value ||= toLocal(new Date(), this.offset);
        const known = arrived.dataset.utc;
        arrived.value ||= known ? toLocal(new Date(known), this.offset) : unloaded.value;
        if (this.isQueued) {
            this.resend();
        }
    }

    // === What is kept ===

    restore(draft) {
        this.key = draft.key;
        this.photos = draft.photos || [];
        this.strokes = draft.strokes || [];
        this.isQueued = Boolean(draft.isQueued);
        for (const [name, value] of Object.entries(draft.fields || {})) {
            if (this.form.elements[name]) {
                this.form.elements[name].value = value;
            }
        }
        this.drawPad();
        this.showPhotos();
        this.showQueued();
    }

    get fields() {
        const fields = {};
        for (const name of ["mass", "receiver", "arrived", "unloaded", "note"]) {
            fields[name] = this.form.elements[name].value;
        }
        // asked only when a tracker sees the vehicle far away
        fields.is_here = this.form.elements.is_here?.checked ? "1" : "";
        return fields;
    }

    keep() {
        return this.drafts.save({
            key: this.key,
            fields: this.fields,
            photos: this.photos,
            strokes: this.strokes,
            isQueued: this.isQueued,
        });
    }

    // === Signature ===

    fitPad() {
        const box = this.pad.getBoundingClientRect();
        const ratio = window.devicePixelRatio || 1;
        this.pad.width = Math.max(1, Math.round(box.width * ratio));
        this.pad.height = Math.max(1, Math.round(box.height * ratio));
        this.drawPad();
    }

    /** Strokes are kept in parts of the pad: the phone may be turned. */
    point(ev) {
        const box = this.pad.getBoundingClientRect();
        return [(ev.clientX - box.left) / box.width, (ev.clientY - box.top) / box.height];
    }

    drawPad(canvas = this.pad) {
        const context = canvas.getContext("2d");
        const { width, height } = canvas;
        context.fillStyle = "#fff";
        context.fillRect(0, 0, width, height);
        context.strokeStyle = "#10243f";
        context.lineWidth = PEN * (width / Math.max(1, this.pad.clientWidth));
        context.lineCap = context.lineJoin = "round";
        for (const stroke of this.strokes) {
            context.beginPath();
            stroke.forEach(([x, y], index) => {
                context[index ? "lineTo" : "moveTo"](x * width, y * height);
            });
            if (stroke.length === 1) {
                context.lineTo(stroke[0][0] * width + 0.1, stroke[0][1] * height);
            }
            context.stroke();
        }
    }

    onPenDown(ev) {
        ev.preventDefault();
        try {
            this.pad.setPointerCapture(ev.pointerId);
        } catch {
            // a pointer that is gone already: the stroke is short, no more
        }
        this.stroke = [this.point(ev)];
        this.strokes.push(this.stroke);
        this.drawPad();
    }

    onPenMove(ev) {
        if (this.stroke) {
            ev.preventDefault();
            this.stroke.push(this.point(ev));
            this.drawPad();
        }
    }

    onPenUp() {
        if (this.stroke) {
            this.stroke = null;
            this.keep();
        }
    }

    onClear() {
        this.strokes = [];
        this.drawPad();
        this.keep();
    }

    signature() {
        if (!this.strokes.length) {
            return null;
        }
        return new Promise((done) => this.pad.toBlob(done, "image/png"));
    }

    // === Photos ===

    async onPhotos(ev) {
        const input = ev.currentTarget;
        const files = [...input.files];
        input.value = "";
        const limit = Number(this.form.dataset.maxPhotos);
        for (const file of files) {
            if (this.photos.length >= limit) {
                this.showError(_t("At most %s photos.", limit));
                break;
            }
            this.photos.push(await this.waitFor(shrink(file)));
        }
        this.showPhotos();
        this.keep();
    }

    showPhotos() {
        const box = this.el.querySelector(".cp-confirm-shots");
        for (const image of box.querySelectorAll("img")) {
            URL.revokeObjectURL(image.src);
        }
        box.replaceChildren(
            ...this.photos.map((blob, index) => {
                const item = document.createElement("span");
                item.className = "cp-confirm-shot";
                const image = document.createElement("img");
                image.src = URL.createObjectURL(blob);
                image.alt = _t("Photo %s", index + 1);
                const remove = document.createElement("button");
                remove.type = "button";
                remove.dataset.index = index;
                remove.setAttribute("aria-label", _t("Remove photo %s", index + 1));
                remove.textContent = "×";
                item.append(image, remove);
                return item;
            })
        );
    }

    onRemove(ev) {
        const button = ev.target.closest("button[data-index]");
        if (button) {
            this.photos.splice(Number(button.dataset.index), 1);
            this.showPhotos();
            this.keep();
        }
    }

    // === Sending ===

    async onSubmit() {
        this.showError("");
        if (!this.form.elements.receiver.value.trim()) {
            this.form.elements.receiver.focus();
            return this.showError(_t("Write who has received the goods."));
        }
        const isHere = this.form.elements.is_here;
        if (isHere && !isHere.checked) {
            isHere.focus();
            return this.showError(
                _t("By the tracker the vehicle is still far. If the goods are here, tick the box.")
            );
        }
        if (!this.strokes.length) {
            return this.showError(_t("Sign with your finger in the box."));
        }
        this.isQueued = true;
        await this.keep();
        await this.send();
    }

    async resend() {
        if (this.isQueued && !this.isSending) {
            await this.send();
        }
    }

    async send() {
        this.isSending = true;
        const button = this.form.querySelector("[type=submit]");
        button.disabled = true;
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
        try {
            const response = await fetch(this.form.dataset.url, {
                method: "POST",
                body: await this.makeBody(),
                signal: abort.signal,
                referrerPolicy: "no-referrer",
            });
            const answer = await this.readAnswer(response);
            if (answer.ok) {
                await this.finish();
            } else {
                this.isQueued = false;
                this.showQueued();
                this.keep();
                this.showError(answer.error);
            }
        } catch {
            // no network, or a server that is being restarted: it goes out later
            this.showQueued();
            this.waitForTimeout(() => this.resend(), RETRY_MS);
        } finally {
            clearTimeout(timer);
            this.isSending = false;
            button.disabled = false;
        }
    }

    /** A page instead of an answer: too big, or signed out; it helps to say so. */
    async readAnswer(response) {
        const isAnswer = response.headers.get("content-type")?.includes("json");
        if (isAnswer || response.status >= 500) {
            return response.json();
        }
        return {
            error:
                response.status === 413
                    ? _t("The photos are too large: remove one.")
                    : _t("Reload the page: what you entered is kept in this phone."),
        };
    }

    async makeBody() {
        const body = new FormData();
        body.append("key", this.key);
        const fields = this.fields;
        fields.arrived = toUtc(fields.arrived, this.offset);
        fields.unloaded = toUtc(fields.unloaded, this.offset);
        for (const [name, value] of Object.entries(fields)) {
            body.append(name, value);
        }
        if (this.form.dataset.csrf) {
            body.append("csrf_token", this.form.dataset.csrf);
        }
        body.append("signature", await this.signature(), "signature.png");
        this.photos.forEach((blob, index) => {
            body.append("photos", blob, `photo-${index + 1}.jpg`);
        });
        return body;
    }

    async finish() {
        this.isQueued = false;
        await this.drafts.drop();
        this.form.hidden = true;
        this.el.querySelector(".cp-confirm-done").hidden = false;
        this.el.scrollIntoView({ block: "nearest" });
        this.waitForTimeout(() => window.location.reload(), 1500);
    }

    showQueued() {
        this.el.querySelector(".cp-confirm-waiting").hidden = !this.isQueued;
    }

    showError(text) {
        const box = this.el.querySelector(".cp-form-errors");
        box.textContent = text || "";
        if (text) {
            box.scrollIntoView({ block: "nearest" });
        }
    }
}

registry.category("public.interactions").add("cement_logistics.confirm", CementConfirm);
