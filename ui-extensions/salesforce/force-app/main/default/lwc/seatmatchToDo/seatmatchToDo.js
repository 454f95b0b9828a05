import { LightningElement, api } from 'lwc';
import { few } from 'c/seatmatchMore';

/** What people have to do, with whose turn it is. */
export default class SeatmatchToDo extends LightningElement {
    /** [{id, actor, sentence, count, target}] */
    @api tasks = [];
    @api words;
    @api isOpenable = false;
    isWhole = false;

    get rows() {
        return few(this.tasks, this.isWhole).map((task) => ({
            ...task,
            target: this.isOpenable ? task.target : null
        }));
    }

    get hasTasks() {
        return this.tasks.length > 0;
    }

    handleMore() {
        this.isWhole = !this.isWhole;
    }
}
