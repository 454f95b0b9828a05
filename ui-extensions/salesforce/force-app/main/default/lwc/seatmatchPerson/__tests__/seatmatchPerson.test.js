import Person from 'c/seatmatchPerson';
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
import person from 'jest/person.json';
import { words } from 'jest/panel.json';

const { apex } = globalThis;

async function shown(answer = person, more = {}) {
    apex.getPerson.mockImplementation(answers(answer));
    const element = show(Person, {
        personKey: person.key,
        words,
        canAct: true,
        ...more
    });
    await settled();
    return element;
}

describe('c-seatmatch-person', () => {
    it('says status, reason, next step, whose it is and when it is done', async () => {
        const text = textOf(await shown());
        for (const field of [
            'status',
            'reason',
            'sentence',
            'nextStep',
            'actor',
            'since',
            'closedBy'
        ])
            expect(text).toContain(person[field]);
        expect(apex.getPerson).toHaveBeenCalledWith({ key: person.key });
    });

    it('marks the characters that differ, for eyes and for ears, and leaves the emails whole', async () => {
        const element = await shown();
        const emails = findAll(element, '.email').map((email) => {
            const copy = email.cloneNode(true);
            for (const aside of copy.querySelectorAll('.aside')) aside.remove();
            return copy.textContent;
        });
        expect(emails).toEqual([person.licenseEmail, person.crmEmail]);
        const differing = person.emails
            .flatMap(({ runs }) => runs)
            .filter(({ differs }) => differs);
        const marks = findAll(element, 'mark');
        expect(marks).toHaveLength(differing.length);
        expect(textOf(marks[0])).toContain(`${words.differs}:`);
    });

    it('says what kind of character it is where nobody could see it', async () => {
        const runs = [
            { text: 'a', differs: false, note: null },
            { text: '\u200b', differs: true, note: 'Zero width space' }
        ];
        const emails = [{ label: 'LinkedIn', runs }];
        expect(textOf(await shown({ ...person, emails }))).toContain(
            'Zero width space'
        );
    });

    it('lists every rule that was tried and what happened', async () => {
        const text = textOf(await shown());
        for (const { rule, outcome, detail } of person.trace)
            for (const said of [rule, outcome, detail])
                expect(text).toContain(said);
        for (const { when, sentence } of person.timeline)
            expect(text).toContain(`${when} ${sentence}`);
    });

    it('opens the plan that was made for them', async () => {
        apex.createPlan.mockImplementation(answers({ id: '7' }));
        const element = await shown();
        const opened = jest.fn();
        element.addEventListener('seatmatchopen', opened);
        press(element, person.repair.button);
        await settled();
        expect(apex.createPlan.mock.calls[0][0].choiceJson).toBe(
            JSON.stringify(person.repair.choice)
        );
        expect(opened.mock.calls[0][0].detail).toEqual({
            view: 'plan',
            id: '7'
        });
    });

    it('says why no plan was made', async () => {
        apex.createPlan.mockImplementation(
            throws({ kind: 'refused', title: 'Solve the other one first.' })
        );
        const element = await shown();
        press(element, person.repair.button);
        await settled();
        expect(textOf(element)).toContain('Solve the other one first.');
    });

    it('offers nothing to those who may only look', async () => {
        const element = await shown(person, { canAct: false });
        expect(find(element, 'c-seatmatch-repair')).toBeNull();
    });

    it('warns, suggests and names running repairs where the server does', async () => {
        const text = textOf(
            await shown({
                ...person,
                warning: 'Another email since.',
                suggestions: [
                    {
                        name: 'Bo',
                        email: 'bo@acme.example',
                        sentence: 'Same name.'
                    }
                ],
                repairs: [
                    {
                        sentence: 'Plan 3 runs.',
                        target: { view: 'plan', id: '3' }
                    }
                ]
            })
        );
        for (const words_ of ['Another email since.', 'Bo', 'Plan 3 runs.'])
            expect(text).toContain(words_);
    });

    it('says what failed', async () => {
        apex.getPerson.mockImplementation(
            throws({ kind: 'not-found', title: 'Nobody has this key.' })
        );
        const element = show(Person, { personKey: 'x', words });
        await settled();
        expect(textOf(element)).toContain('Nobody has this key.');
    });
});
