import { LightningElement, api } from 'lwc';
import { few } from 'c/seatmatchMore';

/** What many people share, with the button that repairs them together. */
export default class SeatmatchCauses extends LightningElement {
    /** [{id, sentence, count, repair, target}] */
    @api causes = [];
    @api words;
    @api canAct = false;
    isWhole = false;

    get rows() {
        return few(this.causes, this.isWhole).map((cause) => ({
            ...cause,
            repair: this.canAct ? cause.repair : null
        }));
    }

    handleMore() {
        this.isWhole = !this.isWhole;
    }
}
