import { LightningElement, api } from 'lwc';

/** What people have to do, with whose turn it is. */
export default class SeatmatchToDo extends LightningElement {
    /** [{id, actor, sentence, count, target}] */
    @api tasks = [];
    @api words;
    @api isOpenable = false;

    get rows() {
        return this.tasks.map((task) => ({
            ...task,
            target: this.isOpenable ? task.target : null
        }));
    }

    get hasTasks() {
        return this.tasks.length > 0;
    }
}
