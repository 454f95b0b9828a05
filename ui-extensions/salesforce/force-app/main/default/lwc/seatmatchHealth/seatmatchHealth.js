import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** When it was compared, how old the lists are, and how the connections fare, with what is left of the day's API calls. */
export default class SeatmatchHealth extends LightningElement {
    /** [{label, sentence, tone}] */
    @api runs = [];
    /** [{sentence, tone}] */
    @api freshness = [];
    /** [{id, name, sentence, tone, budget}] */
    @api connections = [];
    @api words;

    get runRows() {
        return keyed(this.runs);
    }

    get lists() {
        return keyed(this.freshness);
    }

    get hasFreshness() {
        return this.freshness.length > 0;
    }

    get hasConnections() {
        return this.connections.length > 0;
    }
}
