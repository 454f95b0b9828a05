import { LightningElement, api } from 'lwc';

/** What many people share, with the button that repairs them together. */
export default class SeatmatchCauses extends LightningElement {
    /** [{id, sentence, count, repair, target}] */
    @api causes = [];
    @api words;
    @api canAct = false;

    get rows() {
        return this.causes.map((cause) => ({
            ...cause,
            repair: this.canAct ? cause.repair : null
        }));
    }
}
