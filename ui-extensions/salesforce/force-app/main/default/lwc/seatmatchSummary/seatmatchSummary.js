import { LightningElement } from 'lwc';
import { getPanel } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';

/** The home page's card: the one number, the counts and what is to be done. The panel's tab has the rest. */
export default class SeatmatchSummary extends LightningElement {
    state = { isLoading: true };

    connectedCallback() {
        this.reading = keepReading(getPanel, (state) => {
            this.state = state;
        });
        this.reading.load();
    }

    disconnectedCallback() {
        this.reading.stop();
    }

    get panel() {
        return this.state.data;
    }

    get title() {
        return this.panel?.title ?? 'Seatmatch';
    }

    get words() {
        return this.panel?.words;
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.panel;
    }

    get hasNumbers() {
        return this.panel.numbers.length > 0;
    }

    get isReady() {
        return this.panel.state === 'ready';
    }

    handleRetry() {
        this.reading.load();
    }
}
