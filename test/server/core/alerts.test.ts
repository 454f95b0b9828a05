import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type AlertFacts,
  type AlertState,
  alarmEvents,
  alertPayload,
  alertWords,
  defaultAlerts,
  namelessSentence,
  nextAlert,
  type OpenAlert,
  testPayload,
  watch,
} from '../../../server/core/alerts.ts';
import { alertEvents } from '../../../server/core/status.ts';

const minute = 60_000;

/** What is told over a row of looks. */
function notices(looks: readonly { readonly after: number; readonly holds: boolean }[], debounceMs: number) {
  const told: { notice: 'raised' | 'recovered'; at: number }[] = [];
  let state: AlertState | null = null;
  let at = 0;
  for (const { after, holds } of looks) {
    at += after;
    const move = nextAlert(state, holds, at, debounceMs);
    state = move.state;
    if (move.notice !== null) told.push({ notice: move.notice, at });
  }
  return { told, state };
}

const looks = fc.array(fc.record({ after: fc.integer({ min: 1, max: 20 * minute }), holds: fc.boolean() }), { maxLength: 60 });
const debounce = fc.integer({ min: 0, max: 15 * minute });

describe('one notice for each change of state', () => {
  test('notices take turns, raised first, whatever is seen: no repeat, and no recovery of what nobody was told of', () => {
    fc.assert(
      fc.property(looks, debounce, (row, debounceMs) => {
        const { told } = notices(row, debounceMs);
        expect(told.map(({ notice }) => notice)).toEqual(told.map((_, index) => (index % 2 === 0 ? 'raised' : 'recovered')));
      }),
    );
  });

  test('after the state has stood still for longer than the debounce, the last notice says what holds', () => {
    fc.assert(
      fc.property(looks, debounce, fc.boolean(), (row, debounceMs, holds) => {
        const still = [0, 1].map(() => ({ after: debounceMs + 1, holds }));
        const { told, state } = notices([...row, ...still], debounceMs);
        expect(told.at(-1)?.notice ?? 'recovered').toBe(holds ? 'raised' : 'recovered');
        expect(state !== null).toBe(holds);
        // A repeat of the same look changes nothing.
        expect(notices([...row, ...still, ...still], debounceMs).told).toEqual(told);
      }),
    );
  });

  test('what comes and goes within the debounce is told to nobody, in either direction', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (row) => {
        const flapping = row.flatMap((holds) => [
          { after: minute, holds },
          { after: minute, holds: !holds },
          { after: minute, holds },
          { after: minute, holds: !holds },
        ]);
        expect(notices(flapping, 10 * minute).told).toEqual([]);
        const raised = [
          { after: minute, holds: true },
          { after: 11 * minute, holds: true },
        ];
        expect(notices([...raised, ...flapping], 10 * minute).told.map(({ notice }) => notice)).toEqual(['raised']);
      }),
    );
  });
});

const quiet: AlertFacts = {
  now: '2026-11-30T12:00:00.000Z',
  runs: [],
  newcomers: [],
  repairsFailed: 0,
  held: null,
  connections: [],
  newestList: null,
  staleAfterDays: 7,
  assignmentsLeft: null,
};
const run = (matched: number, id = 'r') => ({ id, asOf: quiet.now, matched, of: 200 });
const seen = (facts: Partial<AlertFacts>, open: OpenAlert[] = [], settings = defaultAlerts) =>
  watch({ ...quiet, ...facts }, settings, open).map(({ kind, sentence }) => [kind, sentence]);

describe('what holds', () => {
  test('is nothing where nothing is known', () => {
    expect(seen({})).toEqual([]);
    expect(seen({ runs: [run(100)] })).toEqual([]);
    expect(seen({ runs: [{ ...run(0), of: 0 }, run(100)] })).toEqual([]);
  });

  test('a match rate is measured by what it was before it fell, not by the comparison before', () => {
    expect(seen({ runs: [run(191), run(200)] })).toEqual([]);
    expect(seen({ runs: [run(190), run(200)] })).toEqual([
      ['match-rate', 'The match rate fell from 100 % to 95 %: 190 of 200 licenses are Matched.'],
    ]);
    const open: OpenAlert[] = [{ kind: 'match-rate', subject: 'contract', detail: { baseline: 100 } }];
    expect(seen({ runs: [run(190), run(190)] }, open)).toHaveLength(1);
    expect(seen({ runs: [run(191), run(190)] }, open)).toEqual([]);
  });

  test('newcomers are counted at their own comparison, and watched until the last of them is gone', () => {
    const settings = {
      ...defaultAlerts,
      events: { ...defaultAlerts.events, 'not-matched': { on: true, threshold: 3, channels: null } },
    };
    const newcomers = (people: number) => ({ newcomers: [{ run: 'r', people }] });
    expect(seen(newcomers(2), [], settings)).toEqual([]);
    expect(seen(newcomers(3), [], settings)).toEqual([['not-matched', '3 people are new among the Not Matched.']]);
    expect(seen(newcomers(1), [{ kind: 'not-matched', subject: 'r', detail: {} }], settings)).toHaveLength(1);
  });

  test('a token is spoken of two weeks before its end, a connection when its test failed, a list and assignments at their limits', () => {
    const connection = { id: 'c', name: 'LinkedIn', endsAt: null, wrong: null };
    expect(seen({ connections: [connection, { ...connection, endsAt: '2026-12-14T12:00:00.000Z' }] })).toEqual([]);
    expect(seen({ connections: [{ ...connection, endsAt: '2026-12-14T11:59:00.000Z' }] })).toEqual([
      ['connection-ends', 'The token of the connection LinkedIn ends in 13 days.'],
    ]);
    expect(seen({ connections: [{ ...connection, endsAt: '2026-11-30T11:00:00.000Z' }] })[0]?.[1]).toContain('has ended');
    expect(seen({ connections: [{ ...connection, wrong: 'The access was refused.' }] })).toEqual([
      ['connection-ends', 'The connection LinkedIn is broken. The access was refused.'],
    ]);
    expect(seen({ newestList: '2026-11-23T12:00:01.000Z' })).toEqual([]);
    expect(seen({ newestList: '2026-11-23T12:00:00.000Z' })).toEqual([['export-old', 'The newest LinkedIn export is 7 days old.']]);
    expect(seen({ assignmentsLeft: 6 })).toEqual([]);
    expect(seen({ assignmentsLeft: 5 })).toEqual([['assignments-low', '5 license assignments are left this month.']]);
    expect(seen({ repairsFailed: 1, held: { run: 'r', sentence: 'Is it right?' } })).toEqual([
      ['repair-failed', 'The repair of 1 person failed.'],
      ['run-held', 'A comparison waits for an answer. Is it right?'],
    ]);
  });
});

describe('what leaves', () => {
  test('every event has two types of its own', () => {
    const types = alertEvents.flatMap((event) => [alertWords[event].raised, alertWords[event].recovered]);
    expect(new Set(types).size).toBe(alertEvents.length * 2);
    for (const type of types) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/u);
    expect(new Set(Object.values(alarmEvents).filter((event) => event !== null))).toEqual(new Set(alertEvents));
  });

  test('has the body that docs/alerts.md describes, with every type', async () => {
    const text = await readFile(path.resolve(import.meta.dirname, '../../../docs/alerts.md'), 'utf8');
    const schema = JSON.parse(text.split('```json\n')[1]!.split('```')[0]!) as Parameters<typeof z.fromJSONSchema>[0];
    const body = z.fromJSONSchema(schema);
    const contract = { id: '7b0f1c9e-6a3f-4f0e-9d11-0c8a5a3f1a11', name: 'Sales Navigator' };
    const told = { alarmId: contract.id, contract, since: quiet.now, at: quiet.now, count: 2, sentence: 'It fell.' };
    for (const event of alertEvents)
      for (const state of ['raised', 'recovered'] as const) {
        const { data, ...rest } = alertPayload({ ...told, event, state });
        const payload = { ...rest, data: { ...data, url: 'https://seatmatch.example/' } };
        expect(body.safeParse(payload).error, rest.type).toBeUndefined();
        expect(body.safeParse({ ...payload, type: 'made_up' }).success).toBe(false);
        expect(text).toContain(`\`${rest.type}\``);
      }
    expect(body.safeParse(testPayload(contract, quiet.now)).error).toBeUndefined();
  });

  test('names nobody: a sentence with a name becomes one with a number', () => {
    const named = 'Anna Ahlund and Bo have no license since {since}.';
    expect(namelessSentence('no-license', named, 2)).toBe('2 people have no license since {since}.');
    for (const kind of ['stuck-onboarding', 'conflict', 'auto-repair-stopped'] as const)
      expect(namelessSentence(kind, 'Anna Ahlund is stuck.', 1)).not.toContain('Anna');
    const payload = alertPayload({
      alarmId: 'a',
      event: 'seatless',
      state: 'raised',
      contract: { id: 'c', name: 'Sales Navigator' },
      since: quiet.now,
      at: quiet.now,
      count: 2,
      sentence: '2 people have no license.',
    });
    expect(payload).toMatchObject({ type: 'seat.missing', data: { version: 1, state: 'raised', count: 2 } });
  });
});
