import People from 'c/seatmatchPeople';
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
import people from 'jest/people.json';
import { words } from 'jest/panel.json';

const { apex } = globalThis;
const asked = () => apex.getPeople.mock.lastCall[0].filter;

async function shown(filter = { status: 'not-matched' }) {
    const element = show(People, { words, filter });
    await settled();
    return element;
}

describe('c-seatmatch-people', () => {
    it('shows its skeleton until the first page is there', async () => {
        apex.getPeople.mockImplementation(answers(people));
        const element = show(People, { words, filter: {} });
        expect(textOf(find(element, 'c-seatmatch-skeleton'))).toContain(
            words.loading
        );
        await settled();
        expect(find(element, 'c-seatmatch-skeleton')).toBeNull();
        expect(findAll(element, 'tbody tr')).toHaveLength(people.rows.length);
        expect(textOf(element)).toContain(people.totalSentence);
    });

    it('asks the server page by page, and for the first one again', async () => {
        apex.getPeople.mockImplementation(answers({ ...people, next: 'c2' }));
        const element = await shown();
        expect(asked()).toEqual({ status: 'not-matched' });
        press(element, words.next);
        await settled();
        expect(asked()).toEqual({ status: 'not-matched', cursor: 'c2' });
        press(element, words.previous);
        await settled();
        expect(asked()).toEqual({ status: 'not-matched' });
    });

    it('lets the server sort, and tells which way', async () => {
        apex.getPeople.mockImplementation(answers({ ...people, next: 'c2' }));
        const element = await shown();
        press(element, words.next);
        await settled();
        press(element, words.name);
        await settled();
        expect(asked()).toEqual({
            status: 'not-matched',
            sort: 'name',
            order: 'asc'
        });
        expect(findAll(element, 'th[aria-sort="ascending"]')).toHaveLength(1);
        press(element, words.name);
        await settled();
        expect(asked().order).toBe('desc');
    });

    it('searches when Enter is pressed, and says to its panel what is listed', async () => {
        apex.getPeople.mockImplementation(answers(people));
        const element = await shown();
        const listed = jest.fn();
        element.addEventListener('filterchange', listed);
        const search = find(element, 'lightning-input');
        search.value = 'bauer';
        search.dispatchEvent(new KeyboardEvent('keydown', { key: 'b' }));
        expect(apex.getPeople).toHaveBeenCalledTimes(1);
        search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
        await settled();
        expect(asked()).toMatchObject({ search: 'bauer' });
        expect(listed.mock.calls[0][0].detail.search).toBe('bauer');
    });

    it('filters by what the server offers, and takes all filters back', async () => {
        apex.getPeople.mockImplementation(answers(people));
        const element = await shown({});
        const select = find(element, 'select[name="reason"]');
        const { value } = people.filters.find(({ id }) => id === 'reason')
            .options[0];
        select.value = value;
        select.dispatchEvent(new CustomEvent('change'));
        await settled();
        expect(asked()).toEqual({ reason: value });
        press(element, words.clearFilter);
        await settled();
        expect(asked()).toEqual({});
    });

    it('says that nobody fits', async () => {
        apex.getPeople.mockImplementation(
            answers({ ...people, rows: [], total: 0 })
        );
        expect(textOf(await shown())).toContain(words.noResults);
    });

    it('says why there is no list, and tries again', async () => {
        apex.getPeople.mockImplementation(
            throws({ kind: 'no-rights', title: 'Not for you.' })
        );
        const element = await shown();
        expect(textOf(element)).toContain('Not for you.');
        apex.getPeople.mockImplementation(answers(people));
        press(element, words.retry);
        await settled();
        expect(find(element, '[role="alert"]')).toBeNull();
        expect(findAll(element, 'tbody tr')).not.toHaveLength(0);
    });
});
