import { LightningElement, api } from 'lwc';

const icons = { open: 'utility:new_window' };

/** What can be done with a plan beside approving it; what needs a confirmation asks first. */
export default class SeatmatchPlanActions extends LightningElement {
    /** [{id, label, confirm, href}] */
    @api actions = [];
    @api words;
    @api isBusy = false;
    asked;
    focusOn;

    renderedCallback() {
        if (!this.focusOn) return;
        this.template.querySelector(`[data-id="${this.focusOn}"]`)?.focus();
        this.focusOn = undefined;
    }

    get buttons() {
        return this.actions.map((action) => ({
            ...action,
            iconName: icons[action.id]
        }));
    }

    /** Still among what can be done: the plan may have gone on while the question stood there. */
    get question() {
        return this.actions.find(({ id }) => id === this.asked);
    }

    handleClick(event) {
        const { id } = event.target.dataset;
        const { confirm } = this.actions.find((action) => action.id === id);
        if (confirm) this.asked = id;
        else this.act(id);
    }

    handleConfirm() {
        const id = this.asked;
        this.asked = undefined;
        this.act(id);
    }

    handleCancel() {
        this.focusOn = this.asked;
        this.asked = undefined;
    }

    act(id) {
        this.dispatchEvent(new CustomEvent('act', { detail: id }));
    }
}
