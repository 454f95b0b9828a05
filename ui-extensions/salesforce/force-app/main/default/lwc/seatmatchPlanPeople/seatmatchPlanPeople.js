import { LightningElement, api } from 'lwc';
import { getPlanPeople } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';

/** Who is in a plan: the email before and after, and how far each one is. */
export default class SeatmatchPlanPeople extends LightningElement {
    @api planId;
    @api words;
    first;
    cursors = [];
    state = {};

    /** The first page, {total, rows, next}, which comes with the plan and is read anew with it. */
    @api
    get people() {
        return this.first;
    }
    set people(people) {
        this.first = people;
        if (this.cursors.length > 0) this.reading.load({ quietly: true });
    }

    connectedCallback() {
        this.reading = keepReading(
            () =>
                getPlanPeople(
                    this.planId,
                    this.cursors[this.cursors.length - 1]
                ),
            (state) => {
                this.state = state;
            }
        );
    }

    disconnectedCallback() {
        this.reading.stop();
    }

    get page() {
        return this.cursors.length > 0 && this.state.data
            ? this.state.data
            : this.first;
    }

    get rows() {
        return this.page.rows.map((row) => ({
            ...row,
            target: { view: 'person', key: row.key }
        }));
    }

    get isFirstPage() {
        return this.cursors.length === 0;
    }

    get isLastPage() {
        return !this.page.next;
    }

    get hasPages() {
        return !this.isFirstPage || !this.isLastPage;
    }

    handleNext() {
        this.cursors = [...this.cursors, this.page.next];
        this.reading.load();
    }

    handlePrevious() {
        this.cursors = this.cursors.slice(0, -1);
        this.handleRetry();
    }

    handleRetry() {
        if (!this.isFirstPage) this.reading.load();
    }
}
