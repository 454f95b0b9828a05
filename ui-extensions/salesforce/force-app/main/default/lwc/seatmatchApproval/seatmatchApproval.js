import { LightningElement, api } from 'lwc';

/** The one way to approve a plan: a button, then the sentence that says what it costs, then yes or no. */
export default class SeatmatchApproval extends LightningElement {
    /** {heading, sentence, button, seal, possible} */
    @api approval;
    @api words;
    @api isBusy = false;
    isAsking = false;
    isGivingFocusBack = false;

    renderedCallback() {
        if (!this.isGivingFocusBack) return;
        this.isGivingFocusBack = false;
        this.template.querySelector('lightning-button')?.focus();
    }

    get isImpossible() {
        return !this.approval.possible;
    }

    handleAsk() {
        this.isAsking = true;
    }

    handleCancel() {
        this.isAsking = false;
        this.isGivingFocusBack = true;
    }

    handleConfirm() {
        this.dispatchEvent(
            new CustomEvent('approve', { detail: this.approval.seal })
        );
    }
}
