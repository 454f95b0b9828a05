import { LightningElement, api } from 'lwc';

/** How much of something is done, as a bar with its sentence. */
export default class SeatmatchProgress extends LightningElement {
    @api label;
    @api value;
    @api of;

    get percent() {
        return this.of > 0 ? Math.round((100 * this.value) / this.of) : 0;
    }

    get valueText() {
        return `${this.value} / ${this.of}`;
    }

    get barStyle() {
        return `inline-size: ${this.percent}%`;
    }
}
