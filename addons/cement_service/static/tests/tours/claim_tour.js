import { registry } from "@web/core/registry";

// the smallest PNG there is
const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function choose(input, name, type, bytes) {
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** From the page of an order to its claim: a damaged pallet, with a photo. */
registry.category("web_tour.tours").add("cement_service_claim", {
    steps: () => [
        {
            content: "what is needed seldom",
            trigger: ".cp-order-more > summary",
            run: "click",
        },
        {
            content: "complain about the order",
            trigger: "a.cp-order-claim",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the mass is asked only when the kind needs it",
            trigger: "#cp-claim-form:has(#cp-claim-mass-field[hidden]) [value=packaging]",
            run: "click",
        },
        {
            trigger: "#cp-claim-mass",
            run: "edit 1,5",
        },
        {
            trigger: "#cp-claim-text",
            run: "edit Two pallets are wet",
        },
        {
            content: "a photo is needed for this kind",
            trigger: "#cp-claim-form [type=submit]",
            run: "click",
        },
        {
            trigger: "#cp-claim-form .cp-form-errors:not(:empty)",
        },
        {
            content: "a page is no photo",
            trigger: ".cp-claim-camera:visible",
            run() {
                const input = document.querySelector("[data-cp-pick][multiple]");
                choose(input, "page.html", "text/html", "<html></html>");
            },
        },
        {
            trigger: ".cp-form-errors:contains(page.html)",
            run() {
                const input = document.querySelector("[data-cp-pick][capture]");
                const bytes = Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0));
                choose(input, "pallet.png", "image/png", bytes);
            },
        },
        {
            content: "it is seen before it is sent",
            trigger: "#cp-claim-previews li img",
        },
        {
            trigger: "#cp-claim-form [type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the claim with its photo and its status",
            trigger: ".cp-claim .cp-claim-photos img",
        },
    ],
});
