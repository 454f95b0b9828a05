import Notice from 'c/seatmatchNotice';
import { find, press, show, textOf } from 'jest/show.js';

describe('c-seatmatch-notice', () => {
    it('is red with a sign and its sentence where people have no license', () => {
        const sentence = '3 people have no license right now.';
        const element = show(Notice, { tone: 'bad', sentence });
        expect(find(element, '.bad')).not.toBeNull();
        expect(find(element, 'lightning-icon').variant).toBe('error');
        expect(textOf(element)).toContain(sentence);
    });

    it('opens what it is about', () => {
        const opened = jest.fn();
        document.body.addEventListener('seatmatchopen', opened);
        const target = { view: 'plan', id: '7' };
        const element = show(Notice, {
            tone: 'warning',
            sentence: 'Look.',
            label: 'Open the plan',
            target
        });
        press(element, 'Open the plan');
        document.body.removeEventListener('seatmatchopen', opened);
        expect(opened.mock.calls[0][0].detail).toEqual(target);
    });

    it('shows a tone it does not know as information', () => {
        const element = show(Notice, { tone: 'odd', sentence: 'x' });
        expect(find(element, 'lightning-icon').iconName).toBe('utility:info');
    });
});
