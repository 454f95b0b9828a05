import { LightningElement, api } from 'lwc';

/** Nothing to show, and why that is so: everyone is matched, nothing compared yet, nobody found. */
export default class SeatmatchEmpty extends LightningElement {
    @api heading;
    @api sentence;
    @api iconName = 'utility:success';

    get variant() {
        return this.iconName === 'utility:success' ? 'success' : '';
    }
}
