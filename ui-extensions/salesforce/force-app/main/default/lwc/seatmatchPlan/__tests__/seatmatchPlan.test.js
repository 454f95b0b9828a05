import Plan from 'c/seatmatchPlan';
import {
    answers,
    find,
    findAll,
    press,
    settled,
    show,
    textOf,
    throws
} from 'jest/show.js';
import draft from 'jest/draft.json';
import running from 'jest/running.json';
import { words } from 'jest/panel.json';

const { apex } = globalThis;

async function shown(plan) {
    apex.getPlan.mockImplementation(answers(plan));
    const element = show(Plan, { planId: plan.id, words });
    await settled();
    return element;
}

async function click(element, label) {
    press(element, label);
    await settled();
}

describe('c-seatmatch-plan', () => {
    it('says what will happen, what it costs and to whom, before anything does', async () => {
        const text = textOf(await shown(draft));
        for (const said of [
            draft.stateWords,
            draft.price,
            ...draft.steps,
            ...draft.facts.map(({ label, value }) => `${label} ${value}`),
            ...draft.people.rows.map(({ before }) => before)
        ])
            expect(text).toContain(said);
    });

    it('approves by the seal that was shown, once the question is answered', async () => {
        const element = await shown(draft);
        const changed = jest.fn();
        element.addEventListener('seatmatchchanged', changed);
        await click(element, words.approve);
        expect(apex.approvePlan).not.toHaveBeenCalled();
        expect(textOf(find(element, '[role="alertdialog"]'))).toContain(
            draft.approval.sentence
        );
        apex.approvePlan.mockImplementation(answers({}));
        apex.getPlan.mockImplementation(answers(running));
        await click(element, draft.approval.button);
        expect(apex.approvePlan.mock.calls[0][0]).toMatchObject({
            planId: draft.id,
            seal: draft.approval.seal
        });
        expect(changed).toHaveBeenCalledTimes(1);
        expect(textOf(element)).toContain(running.progress.sentence);
    });

    it('shows a refusal with its reason and the plan as it is now', async () => {
        const element = await shown(draft);
        await click(element, words.approve);
        apex.approvePlan.mockImplementation(
            throws({ kind: 'refused', title: 'It changed.', detail: 'Look.' })
        );
        apex.getPlan.mockImplementation(
            answers({ ...draft, stateWords: 'Anew', approval: null })
        );
        await click(element, draft.approval.button);
        expect(textOf(find(element, '[role="alert"]'))).toContain(
            'It changed.'
        );
        expect(textOf(element)).toContain('Anew');
        expect(find(element, 'c-seatmatch-approval')).toBeNull();
    });

    it('cannot be approved while a guard stops it', async () => {
        const stops = [{ sentence: 'Over the limit.', nextStep: 'Ask.' }];
        const approval = { ...draft.approval, possible: false };
        const element = await shown({ ...draft, stops, approval });
        expect(textOf(element)).toContain('Over the limit. Ask.');
        expect(find(element, 'lightning-button').disabled).toBe(true);
    });

    it('is red and names everybody who has no license right now', async () => {
        const giveBack = {
            sentence: '2 have no license.',
            people: ['Bo', 'Al']
        };
        const element = await shown({ ...running, giveBack });
        const alarm = find(element, '[role="alert"]');
        expect(textOf(alarm)).toContain('2 have no license.');
        expect(findAll(alarm, 'li').map((li) => textOf(li).trim())).toEqual([
            'Bo',
            'Al'
        ]);
        expect(find(element, '.bad')).not.toBeNull();
    });

    it('asks before it cancels, pauses at once, and hands files over on a page of their own', async () => {
        const files = {
            id: 'open',
            label: 'Get the file',
            confirm: null,
            href: 'https://seatmatch.acme.example/files'
        };
        const actions = [
            files,
            ...running.actions.filter(({ id }) => id !== 'open')
        ];
        const element = await shown({ ...running, actions });
        expect(find(element, 'a').href).toBe(files.href);
        const byId = Object.fromEntries(actions.map((one) => [one.id, one]));
        apex.pausePlan.mockImplementation(answers({}));
        await click(element, byId.pause.label);
        expect(apex.pausePlan.mock.calls[0][0].planId).toBe(running.id);
        apex.cancelPlan.mockImplementation(answers({}));
        await click(element, byId.cancel.label);
        expect(apex.cancelPlan).not.toHaveBeenCalled();
        expect(textOf(element)).toContain(byId.cancel.confirm);
        await click(element, words.back);
        expect(find(element, '[role="alertdialog"]')).toBeNull();
        await click(element, byId.cancel.label);
        await click(element, byId.cancel.label);
        expect(apex.cancelPlan).toHaveBeenCalledTimes(1);
    });

    it('moves by itself while it runs', async () => {
        jest.useFakeTimers();
        const element = await shown({ ...running, poll: 2 });
        const progress = { ...running.progress, sentence: 'Half of it.' };
        apex.getPlan.mockImplementation(answers({ ...running, progress }));
        jest.advanceTimersByTime(2000);
        await settled();
        expect(textOf(find(element, '[role="status"]'))).toContain(
            'Half of it.'
        );
        element.remove();
    });

    it('reads the people of a long plan page by page', async () => {
        const people = { ...draft.people, next: 'c2' };
        const element = await shown({ ...draft, people });
        const [row] = draft.people.rows;
        apex.getPlanPeople.mockImplementation(
            answers({ total: 3, rows: [{ ...row, name: 'Third' }], next: null })
        );
        await click(element, words.next);
        expect(apex.getPlanPeople).toHaveBeenCalledWith({
            planId: draft.id,
            cursor: 'c2'
        });
        expect(textOf(element)).toContain('Third');
        await click(element, words.previous);
        expect(textOf(element)).toContain(row.name);
    });

    it('says what failed, and tries again', async () => {
        apex.getPlan.mockImplementation(throws('no answer'));
        const element = show(Plan, { planId: '7', words });
        await settled();
        expect(textOf(element)).toContain('Seatmatch does not answer.');
        apex.getPlan.mockImplementation(answers(draft));
        await click(element, words.retry);
        expect(textOf(element)).toContain(draft.price);
    });
});
