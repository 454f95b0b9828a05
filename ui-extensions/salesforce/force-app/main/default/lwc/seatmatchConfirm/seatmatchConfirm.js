import { LightningElement, api } from 'lwc';

/**
 * A last question before something is done, where it is done: the sentence, yes, no. The focus comes to it and Escape means no; the parent
 * gives the focus back.
 */
export default class SeatmatchConfirm extends LightningElement {
    @api heading;
    @api sentence;
    @api button;
    @api cancelLabel;
    @api variant = 'brand';
    @api isBusy = false;
    hasFocused = false;

    renderedCallback() {
        if (this.hasFocused) return;
        this.hasFocused = true;
        this.template.querySelector('[role="alertdialog"]').focus();
    }

    handleKey(event) {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.handleCancel();
    }

    handleConfirm() {
        this.dispatchEvent(new CustomEvent('confirm'));
    }

    handleCancel() {
        this.dispatchEvent(new CustomEvent('cancel'));
    }
}
