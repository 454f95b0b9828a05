import { LightningElement, api } from 'lwc';

const width = 240;
const height = 48;
const edge = 4;

/** How the headline went, as a line; the sentence says the same to those who don't see it. */
export default class SeatmatchTrend extends LightningElement {
    /** [{at, label, value, of}], oldest first. */
    @api points = [];
    @api sentence;

    get places() {
        const { points } = this;
        const values = points.map(({ value }) => value);
        const least = Math.min(...values);
        const span = Math.max(...values) - least || 1;
        return values.map((value, index) => ({
            x: edge + (index * (width - 2 * edge)) / (points.length - 1),
            y: height - edge - ((value - least) * (height - 2 * edge)) / span
        }));
    }

    get isDrawable() {
        return this.points.length > 1;
    }

    get viewBox() {
        return `0 0 ${width} ${height}`;
    }

    get line() {
        return this.places
            .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
            .join(' ');
    }

    get last() {
        return this.places[this.places.length - 1];
    }

    get firstLabel() {
        return this.points[0].label;
    }

    get lastLabel() {
        return this.points[this.points.length - 1].label;
    }
}
