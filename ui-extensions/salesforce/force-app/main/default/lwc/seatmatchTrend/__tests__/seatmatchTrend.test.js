import Trend from 'c/seatmatchTrend';
import { find, show, textOf } from 'jest/show.js';
import panel from 'jest/panel.json';

describe('c-seatmatch-trend', () => {
    it('draws a line through every run and says the same in words', () => {
        const element = show(Trend, {
            points: panel.trend,
            sentence: panel.trendSentence
        });
        const points = find(element, 'polyline').getAttribute('points');
        expect(points.split(' ')).toHaveLength(panel.trend.length);
        expect(points).not.toContain('NaN');
        expect(find(element, 'svg').getAttribute('aria-hidden')).toBe('true');
        expect(textOf(element)).toContain(panel.trendSentence);
    });

    it('draws a level line where nothing changed, and nothing out of one run', () => {
        const [run] = panel.trend;
        const level = show(Trend, { points: [run, run], sentence: '' });
        expect(find(level, 'polyline').getAttribute('points')).not.toContain(
            'NaN'
        );
        expect(find(show(Trend, { points: [run] }), 'svg')).toBeNull();
    });
});
