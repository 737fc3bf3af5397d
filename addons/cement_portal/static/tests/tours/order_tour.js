import { registry } from "@web/core/registry";

/** From the home page to the orders: 70 t of bulk cement, parted over two days. */
registry.category("web_tour.tours").add("cement_portal_order", {
    steps: () => [
        {
            content: "from home to the catalogue",
            trigger: "a.btn-primary[href='/my/catalog']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "enter tonnes of the bulk cement",
            trigger: ".cp-row:first [name=quantity]",
            run: "edit 70",
        },
        {
            content: "the first day that is possible stands there already",
            trigger: ".cp-row:first [name=day]:value(/^20/)",
        },
        {
            trigger: ".cp-row:first .cp-add-button",
            run: "click",
        },
        {
            content: "it is told, with a way back",
            trigger: "#cp-live .cp-toast:contains(70)",
        },
        {
            content: "the mini-cart knows tonnes and vehicles; open it",
            trigger: "#cp-mini:contains(70)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "three vehicles are drawn",
            trigger: ".cp-load .cp-vehicle",
        },
        {
            content: "part the line over two days",
            trigger: "[data-cp-spread]",
            run: "click",
        },
        {
            trigger: "#cp-spread .cp-spread-row:first [name=quantity]",
            run: "edit 30",
        },
        {
            trigger: "#cp-spread .cp-spread-row:last [name=quantity]",
            run: "edit 40",
        },
        {
            trigger: "#cp-spread [type=submit]",
            run: "click",
        },
        {
            content: "two days in the strip",
            trigger: ".cp-days .cp-day:nth-child(2)",
        },
        {
            content: "the one button",
            trigger: ".cp-confirm-button:enabled:not([data-cp-way-out])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the orders with their numbers",
            trigger: ".cp-done-page .cp-table tbody tr:nth-child(3) a",
        },
    ],
});
