import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** Every rule that was tried, in order, and what it found. */
export default class SeatmatchTrace extends LightningElement {
    /** [{rule, outcome, tone, detail}] */
    @api trace = [];

    get rules() {
        return keyed(this.trace);
    }
}
