import { LightningElement, api } from 'lwc';

/** Counts that each open the people behind them. */
export default class SeatmatchNumbers extends LightningElement {
    /** [{id, label, value, tone, target}] */
    @api numbers = [];
    /** False: where nothing can be opened, the words stand alone. */
    @api isOpenable = false;

    get tiles() {
        return this.numbers.map((number) => ({
            ...number,
            target: this.isOpenable ? number.target : null
        }));
    }
}
