import { registry } from "@web/core/registry";

/** Set a date of the line that is being edited. */
const typed = (name, value) => ({
    content: `${name}: ${value}`,
    trigger: `.o_selected_row div[name=${name}] input, .o_selected_row div[name=${name}] button`,
    run: "click",
});

registry.category("web_tour.tours").add("cement_spring_order", {
    steps: () => [
        {
            content: "the silo trailer is chosen, the year is the next one",
            trigger: ".o_axle_calendar select[name=year]",
            run: "select 2027",
        },
        {
            content: "Perm has no closed season yet",
            trigger: "tr[data-region='Пермский край'] button[data-week='16']:contains(25.8)",
        },
        {
            content: "enter the order",
            trigger: "button:contains(New order of a region)",
            run: "click",
        },
        {
            content: "its number",
            trigger: ".o_field_widget[name=name] input",
            run: "edit 112-од",
        },
        {
            content: "its region",
            trigger: ".o_field_widget[name=state_id] input",
            run: "edit Пермский",
        },
        {
            content: "from the list",
            trigger: ".ui-autocomplete .dropdown-item:contains(Пермский край)",
            run: "click",
        },
        {
            content: "a rule",
            trigger: ".o_field_widget[name=rule_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        typed("date_from", ""),
        {
            content: "from the 15th of April",
            trigger: ".o_selected_row div[name=date_from] input",
            run: "edit 04/15/2027",
        },
        typed("date_to", ""),
        {
            content: "until the 24th of May",
            trigger: ".o_selected_row div[name=date_to] input",
            run: "edit 05/24/2027",
        },
        {
            content: "6 t on a single axle",
            trigger: ".o_selected_row div[name=limit_single] input",
            run: "edit 6",
        },
        {
            content: "5 t on each of two",
            trigger: ".o_selected_row div[name=limit_double] input",
            run: "edit 5",
        },
        {
            content: "4 t on each of three",
            trigger: ".o_selected_row div[name=limit_triple] input",
            run: "edit 4",
        },
        {
            content: "no limit of the whole vehicle: the place is empty, not 0",
            trigger: ".o_field_widget[name=rule_ids] td[name=limit_gross]",
            run() {
                if (this.anchor.textContent.trim() || this.anchor.querySelector("input")?.value) {
                    throw new Error("A limit that is not named shows a number");
                }
            },
        },
        {
            content: "it is the published order",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "it is in force",
            trigger: ".o_statusbar_buttons button[name=action_unconfirm]",
        },
        {
            content: "back to the calendar",
            trigger: ".breadcrumb-item a:contains(Calendar), .o_back_button",
            run: "click",
        },
        {
            content: "the next year again",
            trigger: ".o_axle_calendar select[name=year]",
            run: "select 2027",
        },
        {
            content: "the weeks of the order have changed",
            trigger: "tr[data-region='Пермский край'] button[data-week='16']:contains(7.4)",
            run: "click",
        },
        {
            content: "why",
            trigger: ".o_axle_why:contains(112-од)",
        },
    ],
});
