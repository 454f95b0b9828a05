import { LightningElement, api } from 'lwc';

/** The first page: how many sync, what to do, why people are Not Matched. */
export default class SeatmatchOverview extends LightningElement {
    /** The answer of GET /api/panel. */
    @api panel;

    get hasHeadline() {
        return this.panel.headline !== null;
    }

    get emptyIcon() {
        return this.panel.state === 'ready'
            ? 'utility:success'
            : 'utility:date_time';
    }

    get hasNumbers() {
        return this.panel.numbers.length > 0;
    }

    get hasReasons() {
        return this.panel.reasons.length > 0;
    }

    get hasToDo() {
        return this.panel.state === 'ready';
    }

    get hasFileTasks() {
        return this.panel.fileTasks.length > 0;
    }

    get hasCauses() {
        return this.panel.causes.length > 0;
    }

    get hasPlans() {
        return this.panel.plans.length > 0;
    }

    get hasHealth() {
        const { runs, freshness, connections } = this.panel;
        return runs.length + freshness.length + connections.length > 0;
    }
}
