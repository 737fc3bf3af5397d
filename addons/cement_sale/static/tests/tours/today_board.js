import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("cement_sale_today_board", {
    steps: () => [
        {
            content: "The tile of new orders opens its list",
            trigger:
                ".o_kanban_record:has(span:contains('New orders')) a[name='action_open']",
            run: "click",
        },
        {
            content: "The first row opens the order",
            trigger: ".o_list_view .o_data_row td[name='name']",
            run: "click",
        },
        {
            content: "The order is taken to work",
            trigger: "button[name='action_cement_processing']",
            run: "click",
        },
        {
            content: "The page of transport",
            trigger:
                ".o_form_view:has(.o_arrow_button_current[data-value='processing']) .o_notebook a[name='cement']",
            run: "click",
        },
        {
            content: "The history tells of both states",
            trigger: "div[name='status_event_ids'] .o_data_row:nth-child(2)",
        },
        {
            content: "The request behind the order",
            trigger: "button[name='action_view_cement_cart']",
            run: "click",
        },
        {
            content: "It shows its orders",
            trigger: ".o_notebook a[name='orders']",
            run: "click",
        },
        {
            content: "The order stands there",
            trigger: "div[name='order_ids'] .o_data_row",
        },
    ],
});
