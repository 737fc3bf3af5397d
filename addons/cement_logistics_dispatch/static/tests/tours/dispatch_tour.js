import { registry } from "@web/core/registry";

/** From the page of the order: ask for a change, then book an hour. */
registry.category("web_tour.tours").add("cement_dispatch_client", {
    steps: () => [
        {
            content: "ask for a change",
            trigger: "a.cp-order-change",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#cp-change-form [value=day]", run: "click" },
        {
            content: "only the field of the chosen kind is shown",
            trigger: "#cp-change-form:has([data-cp-kind=quantity][hidden]) [value=quantity]",
            run: "click",
        },
        { trigger: "#cp-change-quantity:visible", run: "edit 15" },
        { trigger: "#cp-change-reason", run: "edit The silo is small" },
        {
            trigger: "#cp-change-form [type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "the request is on the order", trigger: "#changes [data-cp-withdraw]" },
        {
            content: "book an hour",
            trigger: "#pickup a.btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".cp-pickup-form [name=slot_id]", run: "click" },
        { trigger: "#cp-plate", run: "edit a123bc196" },
        { trigger: "#cp-driver", run: "edit Ivan" },
        {
            trigger: ".cp-pickup-form [type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "the pass with its code", trigger: ".cp-pass-card img.cp-pass-qr" },
    ],
});

/** The dispatcher moves an order by keyboard to the next day. */
registry.category("web_tour.tours").add("cement_dispatch_board", {
    steps: () => [
        {
            content: "the card stands on its first day",
            trigger: ".cement_board_cell:nth-child(2) .cement_board_card",
            run() {
                this.anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })
                );
            },
        },
        {
            content: "and then on the next",
            trigger: ".cement_board_cell:nth-child(3) .cement_board_card",
        },
    ],
});

/** The cart wishes an hour and repeats for two weeks more. */
registry.category("web_tour.tours").add("cement_dispatch_weeks", {
    steps: () => [
        {
            trigger: ".cp-line [name=desired_from]",
            run() {
                this.anchor.value = "08:30";
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "the hour is with the vehicles",
            trigger: "#cp-plan:not(.cp-busy) .cp-group-facts:contains(08:30)",
        },
        { trigger: "[data-cp-weeks]", run: "select 2" },
        { trigger: "[data-cp-weeks-add]", run: "click" },
        {
            content: "three weeks are there",
            trigger: "#cp-asked:has(.cp-asked-group:nth-of-type(3))",
        },
    ],
});
