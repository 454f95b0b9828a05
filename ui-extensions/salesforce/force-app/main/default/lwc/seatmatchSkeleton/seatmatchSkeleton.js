import { LightningElement, api } from 'lwc';
import { ownWords } from 'c/seatmatchService';

/** The shape of what is about to come, and the word for it for those who don't see shapes. */
export default class SeatmatchSkeleton extends LightningElement {
    @api words;

    get label() {
        return this.words?.loading ?? ownWords.loading;
    }
}
