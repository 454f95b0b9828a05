import { LightningElement, api } from 'lwc';
import {
    approvePlan,
    cancelPlan,
    getPlan,
    pausePlan,
    resumePlan
} from 'c/seatmatchService';
import { keepReading } from 'c/seatmatchReading';
import { keyed } from 'c/seatmatchKeyed';
import { changed } from 'c/seatmatchOpen';

const ended = new Set(['done', 'cancelled', 'expired']);
const acts = { cancel: cancelPlan, pause: pausePlan, resume: resumePlan };

/** A plan from what it will do to what it did: approve, watch, pause, cancel. */
export default class SeatmatchPlan extends LightningElement {
    @api planId;
    @api words;
    state = { isLoading: true };
    failure;
    isBusy = false;

    connectedCallback() {
        this.reading = keepReading(
            () => getPlan(this.planId),
            (state) => {
                this.state = state;
                if (state.data) this.name(state.data.title);
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

    get plan() {
        return this.state.data;
    }

    get isFirstLoad() {
        return this.state.isLoading && !this.plan;
    }

    get stops() {
        return keyed(this.plan.stops);
    }

    get steps() {
        return keyed(this.plan.steps);
    }

    get facts() {
        return keyed(this.plan.facts);
    }

    get notes() {
        return keyed(this.plan.notes);
    }

    get leftOut() {
        return keyed(this.plan.leftOut);
    }

    get missing() {
        return keyed(this.plan.giveBack.people);
    }

    get hasSteps() {
        return this.plan.steps.length > 0 && !ended.has(this.plan.state);
    }

    get hasFacts() {
        return this.plan.facts.length > 0;
    }

    get hasNotes() {
        return this.plan.notes.length > 0;
    }

    get hasTasks() {
        return this.plan.tasks.length > 0;
    }

    get hasLeftOut() {
        return this.plan.leftOut.length > 0;
    }

    get hasStarted() {
        return this.plan.state !== 'draft';
    }

    get hasActions() {
        return this.plan.actions.length > 0;
    }

    handleRetry() {
        this.reading.load();
    }

    handleApprove(event) {
        this.act(() => approvePlan(this.planId, event.detail));
    }

    handleAct(event) {
        this.act(() => acts[event.detail](this.planId));
    }

    /** Whatever comes of it, the plan is read anew: a refusal says that the world is another one than the one shown. */
    async act(doIt) {
        this.isBusy = true;
        this.failure = undefined;
        try {
            await doIt();
            changed(this);
        } catch (failure) {
            this.failure = failure;
        }
        await this.reading.load({ quietly: true });
        this.isBusy = false;
        this.dispatchEvent(new CustomEvent('acted'));
    }

    name(heading) {
        this.dispatchEvent(new CustomEvent('heading', { detail: heading }));
    }
}
