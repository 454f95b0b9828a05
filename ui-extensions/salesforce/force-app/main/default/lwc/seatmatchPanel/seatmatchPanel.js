import { LightningElement } from 'lwc';
import { compareNow, getPanel } from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';
import { keyed } from 'c/seatmatchKeyed';

const overview = { view: 'overview' };

/** The panel: what is always there (title, alarms, the way back) and one view at a time below it. */
export default class SeatmatchPanel extends LightningElement {
    state = { isLoading: true };
    /** Where the reader is and how they came here; the first is the overview. */
    places = [overview];
    heading;
    failure;
    isComparing = false;
    isMovingFocus = false;

    connectedCallback() {
        this.reading = keepReading(getPanel, (state) => {
            this.state = state;
        });
        this.reading.load();
    }

    disconnectedCallback() {
        this.reading.stop();
    }

    renderedCallback() {
        if (!this.isMovingFocus) return;
        this.isMovingFocus = false;
        this.focusTitle();
    }

    get panel() {
        return this.state.data;
    }

    get words() {
        return this.panel.words;
    }

    get place() {
        return this.places[this.places.length - 1];
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.panel;
    }

    get retryWords() {
        return this.panel?.words;
    }

    get isOverview() {
        return this.place.view === 'overview';
    }

    get isPeople() {
        return this.place.view === 'people';
    }

    get isPerson() {
        return this.place.view === 'person';
    }

    get isPlan() {
        return this.place.view === 'plan';
    }

    get title() {
        if (this.isOverview) return this.panel?.title ?? 'Seatmatch';
        return this.heading ?? this.words[this.place.view];
    }

    get canCompare() {
        return this.isOverview && this.panel.viewer.canAct;
    }

    get hasWayBack() {
        return this.places.length > 1;
    }

    /** What a screen reader says when another view is shown, and when it is known whom it is about. */
    get announcement() {
        return this.panel && !this.isOverview ? this.title : '';
    }

    get banners() {
        return keyed(this.panel.banners);
    }

    /** One view as a list of one: another person is another element, not the same one with the old one's answer in it. */
    get shown() {
        const { view, key, id, filter } = this.place;
        const depth = this.places.length;
        return [{ at: `${depth} ${view} ${key ?? id ?? ''}`, key, id, filter }];
    }

    handleOpen(event) {
        event.stopPropagation();
        const isHere =
            JSON.stringify(event.detail) === JSON.stringify(this.place);
        if (isHere) this.focusTitle();
        else this.go([...this.places, event.detail]);
    }

    handleBack() {
        this.go(this.places.slice(0, -1));
    }

    handleFilter(event) {
        const place = { view: 'people', filter: event.detail };
        this.places = [...this.places.slice(0, -1), place];
    }

    handleHeading(event) {
        this.heading = event.detail;
    }

    handleChanged(event) {
        event.stopPropagation();
        this.reading.load({ quietly: true });
    }

    handleRefresh() {
        this.reading.load();
        this.template.querySelector('[data-view]')?.refresh();
    }

    async handleCompare() {
        this.isComparing = true;
        this.failure = undefined;
        try {
            await compareNow();
        } catch (failure) {
            this.failure = failure;
        }
        await this.reading.load({ quietly: true });
        this.isComparing = false;
    }

    /** What was pressed is gone or opened another view: whoever does not see that goes on from the title. */
    focusTitle() {
        this.template.querySelector('h1').focus();
    }

    go(places) {
        this.places = places;
        this.heading = undefined;
        this.failure = undefined;
        this.isMovingFocus = true;
    }
}
