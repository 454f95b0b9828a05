import Overview from 'c/seatmatchOverview';
import { find, findAll, press, settled, show, textOf } from 'jest/show.js';
import panel from 'jest/panel.json';

const without = {
    ...panel,
    headline: null,
    numbers: [],
    reasons: [],
    toDo: [],
    fileTasks: [],
    causes: [],
    plans: [],
    runs: [],
    freshness: [],
    connections: []
};

describe('c-seatmatch-overview', () => {
    it('shows the number, the counts, the reasons and the connections as the server says them', () => {
        const text = textOf(show(Overview, { panel }));
        const { headline, numbers, reasons, runs, freshness, connections } =
            panel;
        for (const words of [
            headline.sentence,
            ...numbers.map(({ value, label }) => `${value} ${label}`),
            ...reasons.map(({ label, count }) => `${label} ${count}`),
            ...runs.map(({ sentence }) => sentence),
            ...freshness.map(({ sentence }) => sentence),
            ...connections.map(({ name, sentence }) => `${name} ${sentence}`)
        ])
            expect(text).toContain(words);
    });

    it('meters what is left of the day at each connection that counts', () => {
        const element = show(Overview, { panel });
        const { budget } = panel.connections.find(({ budget: one }) => one);
        const meter = find(element, `[aria-label="${budget.sentence}"]`);
        expect(meter.getAttribute('aria-valuetext')).toBe(
            `${budget.value} / ${budget.of}`
        );
    });

    it('draws the longest bar for the biggest reason and none outside its track', () => {
        const element = show(Overview, { panel });
        const widths = findAll(element, '.bar').map((bar) =>
            Number(/([\d.]+)%/u.exec(bar.getAttribute('style'))[1])
        );
        expect(widths).toHaveLength(panel.reasons.length);
        expect(Math.max(...widths)).toBe(100);
    });

    it('shows six things to do first, all on demand, and six again', async () => {
        const element = show(Overview, { panel });
        const toDo = find(element, 'c-seatmatch-to-do');
        const rows = () => findAll(toDo, 'li').length;
        expect(rows()).toBe(6);
        press(toDo, `All (${panel.toDo.length})`);
        await settled();
        expect(rows()).toBe(panel.toDo.length);
        expect(find(toDo, '[aria-expanded="true"]')).not.toBeNull();
        press(toDo, panel.words.close);
        await settled();
        expect(rows()).toBe(6);
    });

    it('marks a file red while people wait for their license', () => {
        const fileTasks = [{ ...panel.fileTasks[0], tone: 'bad' }];
        const element = show(Overview, { panel: { ...panel, fileTasks } });
        expect(find(element, 'li.bad')).not.toBeNull();
        const calm = show(Overview, { panel });
        expect(find(calm, 'li.bad')).toBeNull();
    });

    it('offers repairs to those who may act alone', () => {
        const repairs = (element) => findAll(element, 'c-seatmatch-repair');
        expect(repairs(show(Overview, { panel })).length).toBeGreaterThan(0);
        const viewer = { ...panel.viewer, canAct: false };
        const looking = show(Overview, { panel: { ...panel, viewer } });
        expect(repairs(looking)).toHaveLength(0);
    });

    it.each([
        ['ready', 'utility:success'],
        ['empty', 'utility:date_time'],
        ['working', 'utility:date_time']
    ])('where it is %s it says so and shows no empty box', (state, icon) => {
        const message = { heading: 'Now', sentence: 'This.' };
        const element = show(Overview, {
            panel: { ...without, state, message }
        });
        expect(textOf(element)).toContain('Now This.');
        expect(find(element, 'c-seatmatch-empty').iconName).toBe(icon);
        const cards = findAll(element, 'lightning-card');
        expect(cards).toHaveLength(state === 'ready' ? 1 : 0);
    });
});
