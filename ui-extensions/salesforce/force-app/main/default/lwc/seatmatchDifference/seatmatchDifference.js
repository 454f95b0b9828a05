import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** Both sides' emails one below the other, so that what differs stands in one column. */
export default class SeatmatchDifference extends LightningElement {
    /** [{label, runs}] */
    @api emails = [];
    @api words;

    get sides() {
        return keyed(this.emails);
    }
}
