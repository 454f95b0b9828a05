import { LightningElement, api } from 'lwc';

/** The one number: seats that sync, of how many, and how it went. */
export default class SeatmatchHeadline extends LightningElement {
    /** {label, value, of, percent, sentence} */
    @api headline;
    /** Where no heading beside it says what is counted. */
    @api isLabelled = false;
    @api trend;
    @api trendSentence;
}
