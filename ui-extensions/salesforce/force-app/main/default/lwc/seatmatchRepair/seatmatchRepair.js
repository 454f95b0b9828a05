import { LightningElement, api } from 'lwc';
import { createPlan } from 'c/seatmatchService';
import { changed, open } from 'c/seatmatchOpen';

/** Plans the repair of somebody and opens the plan. Nothing is changed before it is approved there. */
export default class SeatmatchRepair extends LightningElement {
    /** {button, choice} */
    @api repair;
    @api variant = 'neutral';
    @api words;
    isPlanning = false;
    error;

    async handleClick() {
        this.isPlanning = true;
        this.error = undefined;
        try {
            const { id } = await createPlan(this.repair.choice);
            changed(this);
            open(this, { view: 'plan', id });
        } catch (error) {
            this.error = error;
        }
        this.isPlanning = false;
    }
}
