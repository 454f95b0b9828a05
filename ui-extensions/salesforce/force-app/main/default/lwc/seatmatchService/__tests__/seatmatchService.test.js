import {
    approvePlan,
    compareNow,
    createPlan,
    getPanel,
    getPeople,
    getPlanPeople
} from 'c/seatmatchService';
import { answers, throws } from 'jest/show.js';

const { apex } = globalThis;
const keyOf = (method, call) => method.mock.calls[call][0].idempotencyKey;

describe('c/seatmatchService', () => {
    it('hands answers on as objects and parameters as Apex names them', async () => {
        apex.getPanel.mockImplementation(answers({ title: 'Acme' }));
        expect(await getPanel()).toEqual({ title: 'Acme' });
        apex.getPeople.mockImplementation(answers({ rows: [] }));
        await getPeople({ status: 'all' });
        expect(apex.getPeople).toHaveBeenCalledWith({
            filter: { status: 'all' }
        });
        apex.getPlanPeople.mockImplementation(answers({ rows: [] }));
        await getPlanPeople('7', 'c1');
        expect(apex.getPlanPeople).toHaveBeenCalledWith({
            planId: '7',
            cursor: 'c1'
        });
    });

    it('hands a refusal on in the words of the server', async () => {
        const told = { kind: 'refused', title: 'No.', detail: 'Ask.' };
        apex.getPanel.mockImplementation(throws(told));
        await expect(getPanel()).rejects.toEqual(told);
        apex.getPanel.mockImplementation(
            throws({ kind: 'not-found', title: 'Gone.' })
        );
        await expect(getPanel()).rejects.toEqual({
            kind: 'not-found',
            title: 'Gone.',
            detail: ''
        });
    });

    it.each([
        ['a script error', throws('Script-thrown exception')],
        ['JSON of somebody else', throws({ error: 'x' })],
        ['JSON that is no object', throws('null')],
        ['no body', () => Promise.reject(new Error('network'))],
        ['an answer that is no JSON', () => Promise.resolve('<html>')]
    ])('has words of its own for %s', async (_, implementation) => {
        apex.getPanel.mockImplementation(implementation);
        await expect(getPanel()).rejects.toMatchObject({
            kind: 'unavailable',
            title: 'Seatmatch does not answer.'
        });
    });

    it('keeps the key of an action until the server has answered: a repeat does nothing twice', async () => {
        const choice = { rootCause: 'c1' };
        apex.createPlan.mockImplementation(throws('no answer'));
        await expect(createPlan(choice)).rejects.toBeDefined();
        await expect(createPlan(choice)).rejects.toBeDefined();
        apex.createPlan.mockImplementation(answers({ id: '7' }));
        await createPlan(choice);
        await createPlan(choice);
        const keys = [0, 1, 2, 3].map((call) => keyOf(apex.createPlan, call));
        expect(keys[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
        expect(keys[1]).toBe(keys[0]);
        expect(keys[2]).toBe(keys[0]);
        expect(keys[3]).not.toBe(keys[0]);
        expect(apex.createPlan.mock.calls[0][0].choiceJson).toBe(
            '{"rootCause":"c1"}'
        );
    });

    it('takes a new key after a refusal, and another one for another plan', async () => {
        apex.approvePlan.mockImplementation(
            throws({ kind: 'refused', title: 'Changed.' })
        );
        await expect(approvePlan('7', 's')).rejects.toBeDefined();
        await expect(approvePlan('7', 's')).rejects.toBeDefined();
        apex.approvePlan.mockImplementation(throws('no answer'));
        await expect(approvePlan('8', 's')).rejects.toBeDefined();
        await expect(approvePlan('9', 's')).rejects.toBeDefined();
        const keys = [0, 1, 2, 3].map((call) => keyOf(apex.approvePlan, call));
        expect(new Set(keys).size).toBe(4);
    });

    it('makes a key where the browser offers none', async () => {
        const given = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
        Object.defineProperty(globalThis, 'crypto', {
            configurable: true,
            value: {
                getRandomValues: (bytes) => bytes.fill(255)
            }
        });
        apex.compareNow.mockImplementation(answers({}));
        await compareNow();
        if (given) Object.defineProperty(globalThis, 'crypto', given);
        else delete globalThis.crypto;
        expect(keyOf(apex.compareNow, 0)).toBe(
            'ffffffff-ffff-4fff-bfff-ffffffffffff'
        );
    });
});
