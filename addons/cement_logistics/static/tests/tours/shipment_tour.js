import { registry } from "@web/core/registry";

// the smallest PNG there is
const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** From home to the cargo on the map, its page, and a link for the foreman. */
registry.category("web_tour.tours").add("cement_logistics_cargo", {
    steps: () => [
        {
            content: "the first answer of the home page",
            trigger: "a.cp-ship-answer:contains(km):not(:visible), a.cp-ship-answer",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the vehicle is on the map",
            trigger: ".cp-ship-map[data-points='1'] .cp-mark",
            run: "click",
        },
        {
            content: "the map has chosen the row",
            trigger: ".cp-ship-table tr.cp-chosen",
        },
        {
            trigger: ".leaflet-popup .cp-map-popup a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page of the shipment with its way",
            trigger: ".cp-shipment .cp-stop-current",
        },
        {
            content: "no page is wider than the phone",
            trigger: ".cp-ship-share [data-cp-link]",
            run({ anchor }) {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("the page scrolls to the side");
                }
                anchor.click();
            },
        },
        {
            content: "the link is made",
            trigger: ".cp-ship-link input:value('/cement/track/'), .cp-ship-link input",
        },
    ],
});

function draw(pad) {
    const box = pad.getBoundingClientRect();
    const at = (type, x, y) =>
        pad.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                pointerId: 1,
                clientX: box.left + box.width * x,
                clientY: box.top + box.height * y,
            })
        );
    at("pointerdown", 0.1, 0.8);
    for (let step = 0; step <= 20; step++) {
        at("pointermove", 0.1 + step * 0.04, 0.5 + 0.3 * Math.sin(step));
    }
    at("pointerup", 0.9, 0.5);
}

/** The foreman: mass, name, photo, signature; once with a network that fails. */
registry.category("web_tour.tours").add("cement_logistics_confirm", {
    steps: () => [
        {
            content: "the map is there before delivery",
            trigger: ".cp-ship-map[data-points='1']",
        },
        {
            trigger: ".cp-confirm-form [name=mass]",
            run: "edit 19.98",
        },
        {
            content: "without a name nothing is sent",
            trigger: ".cp-confirm-form [type=submit]",
            run: "click",
        },
        {
            trigger: ".cp-confirm-form .cp-form-errors:not(:empty)",
        },
        {
            trigger: ".cp-confirm-form [name=receiver]",
            run: "edit I. Foreman",
        },
        {
            content: "a photo",
            trigger: ".cp-confirm-shoot",
            run() {
                const bytes = Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0));
                const transfer = new DataTransfer();
                transfer.items.add(new File([bytes], "seal.png", { type: "image/png" }));
                const input = document.querySelector(".cp-confirm-shoot input");
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".cp-confirm-shot img",
        },
        {
            content: "the signature",
            trigger: ".cp-confirm-pad",
            run({ anchor }) {
                draw(anchor);
            },
        },
        {
            content: "no network: the confirmation waits in the phone",
            trigger: ".cp-confirm-form [type=submit]",
            run({ anchor }) {
                const real = window.fetch;
                window.fetch = () => Promise.reject(new TypeError("no network"));
                anchor.click();
                setTimeout(() => (window.fetch = real), 500);
            },
        },
        {
            trigger: ".cp-confirm-waiting:visible",
        },
        {
            content: "the network is back: it goes out by itself",
            trigger: ".cp-confirm",
            run() {
                setTimeout(() => window.dispatchEvent(new Event("online")), 800);
            },
            expectUnloadPage: true,
        },
        {
            content: "the receipt stands there, the map is gone",
            trigger: ".cp-track-body:not(:has(.cp-ship-map)):contains(Delivery confirmed)",
        },
    ],
});

registry.category("web_tour.tours").add("cement_logistics_backend_map", {
    steps: () => [
        {
            trigger: ".cp-map-action .cp-mark",
            run: "click",
        },
        {
            trigger: ".cp-map-popup a",
            run: "click",
        },
        {
            content: "the form of the shipment",
            trigger: ".o_form_view .o_field_widget[name=vehicle_plate]",
        },
    ],
});
