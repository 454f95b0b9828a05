import { LightningElement, api } from 'lwc';
import { getRecord } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';
import { keyed } from 'c/seatmatchKeyed';

/** On a user's record: does their license sync, and if not, why and what to do; and a warning before a changed email stops it. */
export default class SeatmatchRecord extends LightningElement {
    userId;
    state = { isLoading: true };

    @api
    get recordId() {
        return this.userId;
    }
    set recordId(userId) {
        const isAnother = this.userId !== undefined && this.userId !== userId;
        this.userId = userId;
        if (isAnother && this.reading) this.begin();
    }

    connectedCallback() {
        this.begin();
    }

    disconnectedCallback() {
        this.reading.stop();
    }

    get record() {
        return this.state.data;
    }

    get title() {
        return this.record?.words.title ?? 'Seatmatch';
    }

    get words() {
        return this.record?.words;
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.record;
    }

    get person() {
        return this.record.person;
    }

    get hasDifference() {
        return this.person.emails.some(({ runs }) =>
            runs.some(({ differs }) => differs)
        );
    }

    get repairs() {
        return keyed(this.person.repairs);
    }

    handleRetry() {
        this.reading.load();
    }

    begin() {
        this.reading?.stop();
        this.state = { isLoading: true };
        this.reading = keepReading(
            () => getRecord(this.userId),
            (state) => {
                this.state = state;
            }
        );
        this.reading.load();
    }
}
