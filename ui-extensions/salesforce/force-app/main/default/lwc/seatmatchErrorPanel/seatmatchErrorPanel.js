import { LightningElement, api } from 'lwc';
import { ownWords } from 'c/seatmatchService';

const icons = {
    'no-rights': 'utility:lock',
    'not-connected': 'utility:unlinked',
    'not-found': 'utility:search',
    refused: 'utility:warning'
};

/** What failed, what to do, and the way to try again. The only place that shows a failure. */
export default class SeatmatchErrorPanel extends LightningElement {
    /** {kind, title, detail} */
    @api error;
    /** The server's words, where it has answered before. */
    @api words;
    @api withoutRetry = false;

    get iconName() {
        return icons[this.error.kind] ?? 'utility:error';
    }

    get retryLabel() {
        return this.words?.retry ?? ownWords.retry;
    }

    get isRetryable() {
        return !this.withoutRetry;
    }

    handleRetry() {
        this.dispatchEvent(new CustomEvent('retry'));
    }
}
