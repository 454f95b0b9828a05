import { LightningElement, api } from 'lwc';

/** Why people are Not Matched, as bars in the order given; the longest is the biggest count. */
export default class SeatmatchReasons extends LightningElement {
    /** [{id, label, count, tone, target}] */
    @api reasons = [];

    get bars() {
        const most = Math.max(1, ...this.reasons.map(({ count }) => count));
        return this.reasons.map((reason) => ({
            ...reason,
            barStyle: `inline-size: ${(100 * reason.count) / most}%`
        }));
    }
}
