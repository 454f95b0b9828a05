import { LightningElement, api } from 'lwc';

const icons = {
    good: { name: 'utility:success', variant: 'success' },
    warning: { name: 'utility:warning', variant: 'warning' },
    bad: { name: 'utility:error', variant: 'error' },
    info: { name: 'utility:info', variant: '' }
};

/** A state in words, with a sign beside it: never by colour alone. */
export default class SeatmatchTone extends LightningElement {
    @api tone;
    @api label;

    get icon() {
        return icons[this.tone];
    }
}
