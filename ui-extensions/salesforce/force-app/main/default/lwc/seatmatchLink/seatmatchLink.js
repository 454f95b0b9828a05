import { LightningElement, api } from 'lwc';
import { open } from 'c/seatmatchOpen';

/** Words that open something in the panel; without a target, or outside the panel, words alone. */
export default class SeatmatchLink extends LightningElement {
    @api label;
    @api target;

    handleClick() {
        open(this, this.target);
    }
}
