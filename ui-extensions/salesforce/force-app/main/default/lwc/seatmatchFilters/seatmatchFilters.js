import { LightningElement, api } from 'lwc';

const named = ({ value, label, count }) => ({
    value,
    label: count === null ? label : `${label} (${count})`
});

/** Search and filters of a list of people, with the selects of the browser: a phone shows them as its own. Says what was chosen; the list is the server's. */
export default class SeatmatchFilters extends LightningElement {
    /** [{id, label, options: [{value, label, count}]}] */
    @api filters = [];
    /** What is chosen: {status, reason, …, search}. */
    @api chosen = {};
    @api words;

    get fields() {
        return this.filters
            .filter(({ options }) => options.length > 0)
            .map(({ id, label, options }) => ({
                id,
                label,
                options: [...this.wayOut(options), ...options.map(named)].map(
                    (option) => ({
                        ...option,
                        isChosen: option.value === (this.chosen[id] ?? '')
                    })
                )
            }));
    }

    /** The choice of none: everybody, or, where the server has a word for that, whatever it shows unasked. */
    wayOut(options) {
        const isThere = options.some(({ value }) => value === 'all');
        const label = isThere ? this.words.filter : this.words.all;
        return [{ value: '', label }];
    }

    get isFiltered() {
        return Object.values(this.chosen).some((value) => value);
    }

    /** Typing is no question yet: Enter and leaving the field are, and emptying it. */
    handleType(event) {
        if (event.detail.value === '') this.handleSearch(event);
    }

    handleKey(event) {
        if (event.key === 'Enter') this.handleSearch(event);
    }

    handleSearch(event) {
        const search = event.target.value ?? '';
        if (search !== (this.chosen.search ?? '')) this.choose({ search });
    }

    handleFilter(event) {
        this.choose({ [event.target.name]: event.target.value });
    }

    handleClear() {
        this.dispatchEvent(new CustomEvent('choose', { detail: {} }));
    }

    choose(change) {
        this.dispatchEvent(
            new CustomEvent('choose', { detail: { ...this.chosen, ...change } })
        );
    }
}
