import { expect, test } from 'vitest';
import type { Exported, Read } from '../../../server/core/read-export.ts';
import { advanceRematch, type Rematch, startRematch } from '../../../server/core/rematch.ts';
import { whatHappened } from '../../../server/core/what-happened.ts';
import { emailDiffers, planOf } from './example-plan.ts';

const plan = planOf([emailDiffers('E1', 'jane@old.example', 'jane@acme.example')]);
const nothing = { planId: plan.id, seal: '', files: [], heldBack: [] };
const at = (hour: number): string => `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;
const jane = startRematch(
  {
    mode: 'email-first',
    licenseId: 'E1',
    seatId: '',
    uniqueUserId: 'E1',
    crmUserId: '005A',
    name: 'Jane Roe',
    oldEmail: 'jane@old.example',
    newEmail: 'jane@acme.example',
    licenses: [],
  },
  at(0),
);
const shown = (uniqueUserId: string, email: string): Exported => ({
  seatId: '',
  uniqueUserId,
  email,
  licenses: ['Sales Navigator Advanced Plus'],
  status: 'Activated',
});
const after = (rematch: Rematch, read: Read): Rematch =>
  whatHappened(
    plan,
    nothing,
    read,
  )(rematch).reduce((state, event) => advanceRematch(state, event, { at: at(9), by: 'ada', crmJobHours: 24 }), rematch);

test('an address is taken until a complete list shows it free: a filtered one only leaves its holder out', () => {
  const people = [shown('E1', 'jane@old.example'), shown('', 'jane@acme.example')];
  const taken = after(jane, { people, asOf: at(1), isComplete: true });
  expect(taken.seen).toMatchObject({ isTargetTaken: true });
  const filtered = after(taken, { people: people.slice(0, 1), asOf: at(2), isComplete: false });
  expect(filtered.seen).toMatchObject({ isTargetTaken: true });
  expect(after(filtered, { people: people.slice(0, 1), asOf: at(3), isComplete: true }).seen).toMatchObject({ isTargetTaken: false });
});

test('a filtered list misses nobody', () => {
  const others = [shown('E2', 'bo@acme.example')];
  expect(after(jane, { people: others, asOf: at(1), isComplete: false })).toBe(jane);
  expect(after(jane, { people: others, asOf: at(1), isComplete: true })).toMatchObject({ ended: 'conflict' });
});
