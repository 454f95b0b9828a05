import { LightningElement, api } from 'lwc';
import { getPeople } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';

/** A list of people, page by page from the server: search, filters and order are asked of it. */
export default class SeatmatchPeople extends LightningElement {
    @api words;
    /** What the list begins with: a target's filter, or where the reader was before. */
    @api filter = {};
    chosen;
    /** The cursors of the pages up to this one; the first page has none. */
    cursors = [];
    state = { isLoading: true };

    connectedCallback() {
        this.chosen = { ...this.filter };
        this.reading = keepReading(
            () => getPeople(this.query),
            (state) => {
                this.state = state;
            }
        );
        this.reading.load();
    }

    disconnectedCallback() {
        this.reading.stop();
    }

    @api
    refresh() {
        this.reading.load();
    }

    get query() {
        const cursor = this.cursors[this.cursors.length - 1];
        const asked = { ...this.chosen, cursor };
        return Object.fromEntries(
            Object.entries(asked).filter(([, value]) => value)
        );
    }

    get data() {
        return this.state.data;
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.data;
    }

    get busy() {
        return this.state.isLoading ? 'true' : 'false';
    }

    get hasRows() {
        return this.data?.rows.length > 0;
    }

    get listed() {
        const { sort, order, ...filters } = this.chosen;
        return { sort, order, filters };
    }

    get isFirstPage() {
        return this.cursors.length === 0;
    }

    get isLastPage() {
        return !this.data?.next;
    }

    get hasPages() {
        return !this.isFirstPage || !this.isLastPage;
    }

    handleChoose(event) {
        const { sort, order } = this.chosen;
        this.show({ ...event.detail, sort, order });
    }

    handleSort(event) {
        this.show({ ...this.chosen, ...event.detail });
    }

    handlePrevious() {
        this.cursors = this.cursors.slice(0, -1);
        this.reading.load();
    }

    handleNext() {
        this.cursors = [...this.cursors, this.data.next];
        this.reading.load();
    }

    handleRetry() {
        this.reading.load();
    }

    show(chosen) {
        this.chosen = chosen;
        this.cursors = [];
        this.reading.load();
        // The panel keeps it, so that the way back leads to the same list.
        this.dispatchEvent(new CustomEvent('filterchange', { detail: chosen }));
    }
}
