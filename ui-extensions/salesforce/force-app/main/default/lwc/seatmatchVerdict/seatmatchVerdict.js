import { LightningElement, api } from 'lwc';

/** What is wrong with one person and what to do: the same words on the person's page and on the user's record. */
export default class SeatmatchVerdict extends LightningElement {
    @api person;
    @api words;
}
