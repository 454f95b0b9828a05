import { LightningElement, api } from 'lwc';
import { keyed } from 'c/seatmatchKeyed';

/** The files of a plan and what became of them; each keeps its log. */
export default class SeatmatchPlanTasks extends LightningElement {
    /** [{id, title, sentence, state, tone, isOpen, log}] */
    @api tasks = [];

    get rows() {
        return this.tasks.map((task) => ({
            ...task,
            className: task.isOpen ? 'task open' : 'task',
            log: keyed(task.log),
            hasLog: task.log.length > 0
        }));
    }
}
