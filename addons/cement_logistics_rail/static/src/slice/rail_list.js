import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {onWillStart, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** A list of wagons that says how old its data is. */
export class RailListRenderer extends ListRenderer {
    static template = "cement_logistics_rail.ListRenderer";

    setup() {
        super.setup();
        this.railSlice = useState({text: "", stale: false});
        const orm = useService("orm");
        onWillStart(async () => {
            Object.assign(
                this.railSlice,
                await orm.call("cement.wagon.trip", "get_slice", [])
            );
        });
    }
}

registry.category("views").add("cement_rail_list", {
    ...listView,
    Renderer: RailListRenderer,
});

/** The list of reports with the button that brings one in. */
export class RailImportController extends ListController {
    uploadReports() {
        this.env.services.action.doAction(
            "cement_logistics_rail.cement_dislocation_upload_action",
            {onClose: () => this.model.load()}
        );
    }
}

registry.category("views").add("cement_rail_import_list", {
    ...listView,
    Controller: RailImportController,
    buttonTemplate: "cement_logistics_rail.UploadButtons",
});
