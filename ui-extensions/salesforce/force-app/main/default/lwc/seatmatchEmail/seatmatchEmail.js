import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** One email with the characters marked that differ from the other side's, for eyes and for ears. */
export default class SeatmatchEmail extends LightningElement {
    /** [{text, differs, note}] */
    @api runs = [];
    @api words;

    get pieces() {
        return keyed(this.runs);
    }

    get notes() {
        return this.pieces.filter(({ note }) => note);
    }
}
