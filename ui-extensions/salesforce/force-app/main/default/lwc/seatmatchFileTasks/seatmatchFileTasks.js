import { LightningElement, api } from 'lwc';

/** Files that somebody carries; red while people wait for their license. */
export default class SeatmatchFileTasks extends LightningElement {
    /** [{id, title, sentence, tone, progress: {value, of}, target}] */
    @api tasks = [];

    get rows() {
        return this.tasks.map((task) => ({
            ...task,
            className: task.tone === 'bad' ? 'task bad' : 'task'
        }));
    }
}
