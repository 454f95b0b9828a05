import { LightningElement, api } from 'lwc';

const columns = [
    'name',
    'status',
    'reason',
    'licenseEmail',
    'crmEmail',
    'since'
];
const sorts = { licenseEmail: 'email', crmEmail: null };

/**
 * People as a plain SLDS table: a real table reads better aloud than the grid of lightning-datatable, and on a phone its rows become cards.
 */
export default class SeatmatchPeopleTable extends LightningElement {
    @api rows = [];
    @api words;
    /** Sorted by which column, and which way: as asked of the server. */
    @api sort;
    @api order;

    get columns() {
        return columns.map((id) => {
            const sort = id in sorts ? sorts[id] : id;
            const isSorted = sort !== null && sort === this.sort;
            const isDescending = this.order === 'desc';
            return {
                id,
                sort,
                label: this.words[id],
                ariaSort: isSorted
                    ? isDescending
                        ? 'descending'
                        : 'ascending'
                    : null,
                iconName: isSorted
                    ? isDescending
                        ? 'utility:arrowdown'
                        : 'utility:arrowup'
                    : null
            };
        });
    }

    get people() {
        return this.rows.map((row) => ({
            ...row,
            target: { view: 'person', key: row.key }
        }));
    }

    handleSort(event) {
        const { sort } = event.currentTarget.dataset;
        const order =
            sort === this.sort && this.order !== 'desc' ? 'desc' : 'asc';
        this.dispatchEvent(
            new CustomEvent('sort', { detail: { sort, order } })
        );
    }
}
