import { LightningElement, api } from 'lwc';

/** Drafts, what is under way, and what ended lately. */
export default class SeatmatchPlans extends LightningElement {
    /** [{id, title, state, tone, sentence, progress: {value, of}, target}] */
    @api plans = [];
}
