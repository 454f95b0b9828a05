import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** What happened, newest first. */
export default class SeatmatchTimeline extends LightningElement {
    /** [{when, sentence, tone}] */
    @api events = [];

    get rows() {
        return keyed(this.events);
    }
}
