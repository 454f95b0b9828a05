import Record from 'c/seatmatchRecord';
import { answers, find, settled, show, textOf, throws } from 'jest/show.js';
import record from 'jest/record.json';

const { apex } = globalThis;

async function shown(answer) {
    apex.getRecord.mockImplementation(answers(answer));
    const element = show(Record, { recordId: '005A' });
    await settled();
    return element;
}

describe('c-seatmatch-record', () => {
    it('shows status, reason, next step and what differs of this user, and warns', async () => {
        const element = await shown(record);
        const text = textOf(element);
        const { person, warning } = record;
        for (const said of [
            warning,
            person.status,
            person.reason,
            person.nextStep
        ])
            expect(text).toContain(said);
        expect(find(element, 'mark')).not.toBeNull();
        expect(apex.getRecord).toHaveBeenCalledWith({ userId: '005A' });
    });

    it('says that nothing is known of somebody', async () => {
        const text = textOf(
            await shown({
                ...record,
                found: false,
                person: null,
                warning: null,
                heading: 'No license.',
                sentence: 'Nothing to sync.'
            })
        );
        expect(text).toContain('No license. Nothing to sync.');
    });

    it('asks anew when the page shows another user', async () => {
        const element = await shown(record);
        element.recordId = '005B';
        await settled();
        expect(apex.getRecord.mock.calls.map(([{ userId }]) => userId)).toEqual(
            ['005A', '005B']
        );
    });

    it('says what failed', async () => {
        apex.getRecord.mockImplementation(
            throws({
                kind: 'not-connected',
                title: 'This org is not connected.'
            })
        );
        const element = show(Record, { recordId: '005A' });
        await settled();
        expect(textOf(element)).toContain('This org is not connected.');
    });
});
