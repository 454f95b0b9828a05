import Panel from 'c/seatmatchPanel';
import {
    answers,
    find,
    press,
    settled,
    show,
    textOf,
    throws
} from 'jest/show.js';
import draft from 'jest/draft.json';
import panel from 'jest/panel.json';
import people from 'jest/people.json';
import person from 'jest/person.json';

const { apex } = globalThis;
const { words } = panel;
const title = (element) => textOf(find(element, 'h1')).trim();

async function shown(answer = panel) {
    apex.getPanel.mockImplementation(answers(answer));
    apex.getPeople.mockImplementation(answers(people));
    apex.getPerson.mockImplementation(answers(person));
    apex.getPlan.mockImplementation(answers(draft));
    const element = show(Panel);
    await settled();
    return element;
}

async function click(element, label) {
    press(element, label);
    await settled();
}

describe('c-seatmatch-panel', () => {
    it('goes from a number to people, to a person and the same way back', async () => {
        const element = await shown();
        expect(title(element)).toBe(panel.title);
        const number = panel.numbers.find(({ target }) => target);
        await click(element, number.label);
        expect(apex.getPeople.mock.calls[0][0].filter).toEqual(
            number.target.filter
        );
        expect(title(element)).toBe(words.people);
        await click(element, people.rows[0].name);
        expect(apex.getPerson).toHaveBeenCalledWith({
            key: people.rows[0].key
        });
        expect(title(element)).toBe(person.name);
        expect(textOf(find(element, '[aria-live]'))).toContain(person.name);
        await click(element, words.back);
        expect(title(element)).toBe(words.people);
        await click(element, words.back);
        expect(title(element)).toBe(panel.title);
        expect(find(element, 'c-seatmatch-overview')).not.toBeNull();
    });

    it('keeps what was searched for on the way back', async () => {
        const element = await shown();
        await click(element, panel.numbers.find(({ target }) => target).label);
        const search = find(element, 'lightning-input');
        search.value = 'bauer';
        search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
        await settled();
        await click(element, people.rows[0].name);
        await click(element, words.back);
        expect(apex.getPeople.mock.lastCall[0].filter.search).toBe('bauer');
    });

    it('opens the plan of a cause that was planned, and reads its own numbers anew', async () => {
        apex.createPlan.mockImplementation(answers({ id: draft.id }));
        const element = await shown();
        const { repair } = panel.causes.find((cause) => cause.repair);
        await click(element, repair.button);
        expect(title(element)).toBe(draft.title);
        expect(apex.getPanel).toHaveBeenCalledTimes(2);
    });

    it('shows alarms and banners above every view', async () => {
        const alarm = {
            id: 'a',
            tone: 'bad',
            sentence: 'Two have no license.',
            label: 'Give back',
            target: { view: 'plan', id: '7' }
        };
        const element = await shown({ ...panel, alarms: [alarm] });
        await click(element, alarm.label);
        expect(apex.getPlan).toHaveBeenCalledWith({ planId: '7' });
        // Pressed where it leads to, it leads nowhere else.
        await click(element, alarm.label);
        await click(element, words.back);
        expect(title(element)).toBe(panel.title);
        await click(element, alarm.label);
        expect(textOf(find(element, '.notices'))).toContain(alarm.sentence);
        expect(textOf(element)).toContain(panel.banners[0].sentence);
    });

    it('compares now for those who may, and says why not to the others', async () => {
        apex.compareNow.mockImplementation(answers({}));
        const element = await shown();
        await click(element, words.compareNow);
        expect(apex.compareNow).toHaveBeenCalledTimes(1);
        const viewer = { canAct: false, name: 'Bo', sentence: 'Look only.' };
        const looking = await shown({ ...panel, viewer });
        expect(textOf(looking)).toContain('Look only.');
        expect(textOf(looking)).not.toContain(words.compareNow);
    });

    it('says why nothing was compared', async () => {
        apex.compareNow.mockImplementation(
            throws({ kind: 'refused', title: 'One is under way.' })
        );
        const element = await shown();
        await click(element, words.compareNow);
        expect(textOf(element)).toContain('One is under way.');
    });

    it.each(['no-rights', 'not-connected', 'unavailable'])(
        'says in one place what is wrong (%s), and goes on once it is not',
        async (kind) => {
            apex.getPanel.mockImplementation(
                throws({ kind, title: 'Not now.', detail: 'Do this.' })
            );
            const element = show(Panel);
            expect(textOf(element)).toContain('Loading');
            await settled();
            expect(textOf(element)).toContain('Not now. Do this.');
            apex.getPanel.mockImplementation(answers(panel));
            await click(element, 'Try again');
            expect(title(element)).toBe(panel.title);
            expect(find(element, '[role="alert"]')).toBeNull();
        }
    );

    it('reads what is shown anew on demand', async () => {
        const element = await shown();
        await click(element, panel.numbers.find(({ target }) => target).label);
        find(element, 'lightning-button-icon').click();
        await settled();
        expect(apex.getPanel).toHaveBeenCalledTimes(2);
        expect(apex.getPeople).toHaveBeenCalledTimes(2);
    });
});
