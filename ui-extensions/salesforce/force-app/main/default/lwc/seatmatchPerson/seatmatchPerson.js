import { LightningElement, api } from 'lwc';
import { getPerson } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';
import { keyed } from 'c/seatmatchKeyed';

/** One person explained: what differs, who they are by which rule, what happened, what to do. */
export default class SeatmatchPerson extends LightningElement {
    @api personKey;
    @api words;
    @api canAct = false;
    state = { isLoading: true };

    connectedCallback() {
        this.reading = keepReading(
            () => getPerson(this.personKey),
            (state) => {
                this.state = state;
                if (state.data) this.name(state.data.name);
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

    get person() {
        return this.state.data;
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.person;
    }

    get repair() {
        return this.canAct ? this.person.repair : null;
    }

    get also() {
        return keyed(this.person.also);
    }

    get hasAlso() {
        return this.person.also.length > 0;
    }

    get suggestions() {
        return keyed(this.person.suggestions);
    }

    get repairs() {
        return keyed(this.person.repairs);
    }

    get hasEmails() {
        return this.person.emails.length > 0;
    }

    get hasSuggestions() {
        return this.person.suggestions.length > 0;
    }

    get hasTrace() {
        return this.person.trace.length > 0;
    }

    get hasRepairs() {
        return this.person.repairs.length > 0;
    }

    get hasTimeline() {
        return this.person.timeline.length > 0;
    }

    handleRetry() {
        this.reading.load();
    }

    name(heading) {
        this.dispatchEvent(new CustomEvent('heading', { detail: heading }));
    }
}
