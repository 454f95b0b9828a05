import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** How far a plan is; said aloud when it moves. */
export default class SeatmatchPlanProgress extends LightningElement {
    /** {value, of, sentence, counts: [{label, count, tone}]} */
    @api progress;
    @api next;
    @api words;

    get counts() {
        return keyed(this.progress.counts);
    }
}
