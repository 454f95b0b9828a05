import { LightningElement, api } from 'lwc';

const atFirst = 6;

/** The rows of a list that are shown before somebody asks for all of them. */
export const few = (rows, isWhole) => (isWhole ? rows : rows.slice(0, atFirst));

/** Shows a long list whole, and short again. */
export default class SeatmatchMore extends LightningElement {
    @api total = 0;
    @api isWhole = false;
    @api words;

    get isLong() {
        return this.total > atFirst;
    }

    get label() {
        return this.isWhole
            ? this.words.close
            : `${this.words.all} (${this.total})`;
    }

    get expanded() {
        return this.isWhole ? 'true' : 'false';
    }

    handleClick() {
        this.dispatchEvent(new CustomEvent('more'));
    }
}
