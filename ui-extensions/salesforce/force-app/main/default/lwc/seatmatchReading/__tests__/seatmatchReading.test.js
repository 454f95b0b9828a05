import { keepReading } from 'c/seatmatchReading';
import { settled } from 'jest/show.js';

const unavailable = { kind: 'unavailable', title: 'No.' };

describe('c/seatmatchReading', () => {
    it('shows that it loads, then the answer', async () => {
        const shown = [];
        keepReading(
            async () => ({ n: 1 }),
            (state) => shown.push(state)
        ).load();
        await settled();
        expect(shown).toEqual([
            { data: undefined, error: undefined, isLoading: true },
            { data: { n: 1 }, error: undefined, isLoading: false }
        ]);
    });

    it('never shows an older answer over a newer one', async () => {
        const waiting = [];
        let last;
        const reading = keepReading(
            () => new Promise((resolve) => waiting.push(resolve)),
            (state) => {
                last = state;
            }
        );
        reading.load();
        reading.load();
        waiting[1]({ n: 'new' });
        await settled();
        waiting[0]({ n: 'old' });
        await settled();
        expect(last.data).toEqual({ n: 'new' });
    });

    it('looks again when the answer says so, keeps what it showed while the server is silent, and stops when nobody is there', async () => {
        jest.useFakeTimers();
        const read = jest
            .fn()
            .mockResolvedValueOnce({ n: 1, poll: 5 })
            .mockRejectedValueOnce(unavailable)
            .mockResolvedValue({ n: 2, poll: 5 });
        let last;
        const reading = keepReading(read, (state) => {
            last = state;
        });
        reading.load();
        await settled();
        jest.advanceTimersByTime(4999);
        expect(read).toHaveBeenCalledTimes(1);
        jest.advanceTimersByTime(1);
        await settled();
        expect(last).toEqual({
            data: { n: 1, poll: 5 },
            error: unavailable,
            isLoading: false
        });
        jest.advanceTimersByTime(5000);
        await settled();
        expect(last).toMatchObject({ data: { n: 2 }, error: undefined });
        reading.stop();
        jest.advanceTimersByTime(60_000);
        expect(read).toHaveBeenCalledTimes(3);
    });

    it('does not look again where the right was taken', async () => {
        jest.useFakeTimers();
        const read = jest
            .fn()
            .mockResolvedValueOnce({ poll: 5 })
            .mockRejectedValue({ kind: 'no-rights', title: 'No.' });
        keepReading(read, () => {}).load();
        await settled();
        jest.advanceTimersByTime(5000);
        await settled();
        jest.advanceTimersByTime(60_000);
        expect(read).toHaveBeenCalledTimes(2);
    });

    it('leaves the org in peace while its page is hidden', async () => {
        jest.useFakeTimers();
        const read = jest.fn().mockResolvedValue({ poll: 5 });
        const hidden = jest.spyOn(document, 'hidden', 'get');
        hidden.mockReturnValue(true);
        const reading = keepReading(read, () => {});
        reading.load();
        await settled();
        jest.advanceTimersByTime(20_000);
        expect(read).toHaveBeenCalledTimes(1);
        hidden.mockReturnValue(false);
        jest.advanceTimersByTime(5000);
        expect(read).toHaveBeenCalledTimes(2);
        reading.stop();
    });
});
