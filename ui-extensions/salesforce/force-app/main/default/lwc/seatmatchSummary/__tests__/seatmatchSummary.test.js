import Summary from 'c/seatmatchSummary';
import {
    answers,
    find,
    press,
    settled,
    show,
    textOf,
    throws
} from 'jest/show.js';
import panel from 'jest/panel.json';

const { apex } = globalThis;

describe('c-seatmatch-summary', () => {
    it('shows the number, the counts and what to do, with nothing to open', async () => {
        apex.getPanel.mockImplementation(answers(panel));
        const element = show(Summary);
        await settled();
        const text = textOf(element);
        expect(text).toContain(panel.title);
        expect(text).toContain(panel.headline.sentence);
        expect(text).toContain(panel.toDo[0].sentence);
        expect(find(element, 'button.link')).toBeNull();
    });

    it('says what failed, and tries again', async () => {
        apex.getPanel.mockImplementation(
            throws({ kind: 'no-rights', title: 'Not for you.' })
        );
        const element = show(Summary);
        await settled();
        expect(textOf(element)).toContain('Not for you.');
        apex.getPanel.mockImplementation(answers(panel));
        press(element, 'Try again');
        await settled();
        expect(textOf(element)).toContain(panel.headline.sentence);
    });
});
