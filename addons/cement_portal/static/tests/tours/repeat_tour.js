import { registry } from "@web/core/registry";

function inDays(count) {
    const day = new Date();
    day.setDate(day.getDate() + count);
    return day.toISOString().slice(0, 10);
}

/** From an order of last time to the same for another site. */
registry.category("web_tour.tours").add("cement_portal_repeat", {
    steps: () => [
        {
            content: "the order of last time",
            trigger: ".cp-order-table .cp-order-number a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".cp-order-actions [data-cp-dialog=cp-order-repeat]",
            run: "click",
        },
        {
            content: "another site",
            trigger: "#cp-order-repeat[open] select[name=site_id]",
            run: "selectByLabel Site South · Perm, Lesnaya South",
        },
        {
            trigger: "#cp-order-repeat input[name=day]",
            run() {
                this.anchor.value = inDays(6);
            },
        },
        {
            trigger: "#cp-order-repeat [type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the cart goes there, as a vehicle",
            trigger: ".cp-load .cp-vehicle",
        },
        {
            trigger: "body:contains(Site South)",
        },
        {
            trigger: ".cp-confirm-button:enabled:not([data-cp-way-out])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".cp-done-page .cp-table tbody tr a",
        },
    ],
});

/** The owner invites a colleague who may see one contract. */
registry.category("web_tour.tours").add("cement_portal_invite", {
    steps: () => [
        {
            trigger: "[data-cp-people-new]",
            run: "click",
        },
        {
            trigger: "#cp-people-dialog[open] [name=email]",
            run: "edit colleague@x.com",
        },
        {
            trigger: "#cp-people-dialog [name=name]",
            run: "edit New Colleague",
        },
        {
            trigger: "#cp-people-dialog [name=role][value=viewer]",
            run: "click",
        },
        {
            content: "one contract only",
            trigger: "#cp-people-dialog .cp-choice:contains(D-LIMITED) input",
            run: "click",
        },
        {
            trigger: "#cp-people-dialog [type=submit]",
            run: "click",
        },
        {
            content: "in the list at once, with the limit",
            trigger: ".cp-people-table tr:contains(New Colleague):contains(D-LIMITED)",
        },
        {
            content: "taken away",
            trigger: ".cp-people-table tr:contains(Other Colleague) [data-cp-people=remove]",
            run: "click",
        },
        {
            trigger: ".cp-people-table:not(:contains(Other Colleague))",
        },
        {
            content: "and given back",
            trigger: "#cp-live .cp-toast:contains(Other Colleague) button:contains(Undo)",
            run: "click",
        },
        {
            trigger: ".cp-people-table tr:contains(Other Colleague)",
        },
    ],
});

/** What the colleague sees: the order of that contract and no other. */
registry.category("web_tour.tours").add("cement_portal_limited", {
    steps: () => [
        {
            trigger: ".cp-order-table tbody tr:only-child a:contains(LIMITED-1)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "may not change it, and reads why",
            trigger: ".cp-order-reasons li",
        },
    ],
});
