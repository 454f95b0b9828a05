import ErrorPanel from 'c/seatmatchErrorPanel';
import { find, press, show, textOf } from 'jest/show.js';

const error = { kind: 'refused', title: 'It changed.', detail: 'Look again.' };

describe('c-seatmatch-error-panel', () => {
    it('is an alert with what failed and what to do', () => {
        const element = show(ErrorPanel, { error });
        const alert = find(element, '[role="alert"]');
        expect(textOf(alert)).toContain('It changed. Look again.');
    });

    it('asks its parent to try again, in the words of the server where there are some', () => {
        const again = jest.fn();
        const element = show(ErrorPanel, { error });
        element.addEventListener('retry', again);
        press(element, 'Try again');
        expect(again).toHaveBeenCalledTimes(1);
        const words = { retry: 'Noch einmal' };
        press(show(ErrorPanel, { error, words }), 'Noch einmal');
    });

    it('offers no second try of what was refused', () => {
        const element = show(ErrorPanel, { error, withoutRetry: true });
        expect(find(element, 'lightning-button')).toBeNull();
    });

    it.each([
        ['no-rights', 'utility:lock'],
        ['not-connected', 'utility:unlinked'],
        ['unavailable', 'utility:error']
    ])('has a sign of its own for %s', (kind, iconName) => {
        const element = show(ErrorPanel, { error: { ...error, kind } });
        expect(find(element, 'lightning-icon').iconName).toBe(iconName);
    });
});
