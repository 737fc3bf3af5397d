import { Interaction } from "@web/public/interaction";

// Several messages of one push become one question to the server.
const GATHER_MS = 250;

/** Listens for records that have changed, and asks once for all of them. */
export class RecordListener extends Interaction {
    /**
     * @param {String} type of the messages
     * @param {Function} onIds gets the ids that several messages named
     * @param {String} [key] under which a message names them
     */
    listen(type, onIds, key = "ids") {
        const waiting = new Set();
        let timer = null;
        const bus = this.services.bus_service;
        const listener = (message) => {
            for (const id of message[key]) {
                waiting.add(id);
            }
            timer ||= this.waitForTimeout(() => {
                timer = null;
                const gathered = [...waiting];
                waiting.clear();
                onIds(gathered);
            }, GATHER_MS);
        };
        bus.subscribe(type, listener);
        this.registerCleanup(() => bus.unsubscribe(type, listener));
        if (!this.isListening) {
            this.isListening = true;
            this.startBus();
        }
    }

    /**
     * The chatter of core listens before its store is there and fails on a message
     * that comes in between: where there is one, the bus starts after it.
     */
    startBus(tries = 40) {
        const isWaiting = document.querySelector(".o_portal_chatter");
        if (!isWaiting || this.services["mail.store"] || !tries) {
            this.services.bus_service.start();
        } else {
            this.waitForTimeout(() => this.startBus(tries - 1), 500);
        }
    }
}
