import { LightningElement, api } from 'lwc';

const looks = {
    good: {
        icon: 'utility:success',
        variant: 'success',
        className: 'notice good'
    },
    warning: {
        icon: 'utility:warning',
        variant: 'warning',
        className: 'notice warning'
    },
    bad: { icon: 'utility:error', variant: 'error', className: 'notice bad' }
};
const plain = { icon: 'utility:info', className: 'notice' };

/** One sentence that must be seen, with the way to act on it. Red and loud where people have no license. */
export default class SeatmatchNotice extends LightningElement {
    @api tone;
    @api sentence;
    @api detail;
    @api label;
    @api target;

    get look() {
        return looks[this.tone] ?? plain;
    }
}
