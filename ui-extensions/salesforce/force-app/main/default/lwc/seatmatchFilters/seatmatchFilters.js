import { LightningElement, api } from 'lwc';

/** Search and filters of a list of people. Says what was chosen; the list is the server's. */
export default class SeatmatchFilters extends LightningElement {
    /** [{id, label, options: [{value, label, count}]}] */
    @api filters = [];
    /** What is chosen: {status, reason, …, search}. */
    @api chosen = {};
    @api words;

    get fields() {
        return this.filters.map(({ id, label, options }) => ({
            id,
            label,
            value: this.chosen[id] ?? '',
            options: [
                { value: '', label: this.words.all },
                ...options
                    .filter(({ value }) => value !== '')
                    .map(({ value, label: name, count }) => ({
                        value,
                        label: count === null ? name : `${name} (${count})`
                    }))
            ]
        }));
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
        this.choose({ [event.target.name]: event.detail.value });
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
