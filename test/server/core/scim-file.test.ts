import { describe, expect, test } from 'vitest';
import { leaveRest } from '../../../server/core/carry-out.ts';
import { fileTasks, jobHead, jobStep } from '../../../server/core/job-view.ts';
import { fileOut, openGate, type PlanProgress, releaseNext, sayOf, sentAgain, takeProof } from '../../../server/core/plan-progress.ts';
import { takeExport } from '../../../server/core/read-export.ts';
import { rematchWording, startRematch } from '../../../server/core/rematch.ts';
import { emailDiffers, planOf } from './example-plan.ts';

const ids = ['1', '2', '3'];
const plan = planOf(
  ids.map((id) => emailDiffers(id, `p${id}@old.example`, `p${id}@acme.example`)),
  { routes: Object.fromEntries(ids.map((id) => [id, 'scim' as const])) },
);
const at = (minutes: number): string => new Date(Date.parse('2026-11-21T10:00:00.000Z') + minutes * 60_000).toISOString();
const stamp = (minutes: number) => ({ at: at(minutes), by: 'Automatic delivery', expired: false });

function sent(minutes: number): PlanProgress {
  const nothing: PlanProgress = { planId: plan.id, seal: '', files: [], heldBack: [] };
  const made = releaseNext(plan, nothing, (name) => `${name}-retry`, stamp(minutes), openGate);
  if (made.kind !== 'file') return expect.fail('Nothing holds it.');
  const said = sayOf(plan, made.progress, 'uploaded', stamp(minutes));
  return said.ok ? said.progress : expect.fail(said.sentence);
}

const read = (minutes: number, emails: Readonly<Record<string, string>>) => ({
  asOf: at(minutes),
  isComplete: false,
  people: Object.entries(emails).map(([id, email]) => ({
    seatId: '',
    uniqueUserId: id,
    email,
    licenses: null,
    status: 'Assigned',
  })),
});
const outcomesOf = (progress: PlanProgress) =>
  Object.fromEntries(Object.entries(fileOut(progress)!.outcomes).map(([row, { outcome }]) => [row, outcome]));

describe('a file that goes over SCIM, person by person', () => {
  test('has nobody’s task in it: nothing to download, to upload or to prove', () => {
    const progress = sent(0);
    const people = ids.map((id) => ({ key: id, state: startRematch({ ...startOf(id) }, at(0)) }));
    const facts = { plan, progress, isOver: false, people, waitingFor: null, now: at(1), assignee: null, guided: () => [] };
    expect(jobHead(facts)).toBe('3 people, over SCIM. No invitation is sent and no license is touched.');
    const tasks = fileTasks(facts);
    expect(tasks.flatMap(({ can }) => Object.values(can)).filter(Boolean)).toEqual([]);
    expect(jobStep(tasks, false).sentence).toBe('Seatmatch changes it over SCIM and reads it back');
    const wording = rematchWording(people[0]!.state, at(1), 'Salesforce', 'scim');
    expect(wording.actor).toBe('nobody-wait');
    expect(`${wording.sentence} ${wording.nextStep}`).not.toMatch(/upload|file/iu);
  });

  test('is still out while somebody in it was not come to, whatever an export shows of them', () => {
    const { progress } = takeExport(plan, sent(0), read(5, { 1: 'p1@acme.example', 2: 'p2@old.example' }), stamp(5));
    expect(outcomesOf(progress)).toEqual({ 0: 'done' });
  });

  test('counts an hour from when the last of its people went before an old address says that LinkedIn did nothing', () => {
    const first = sent(0);
    const again = (progress: PlanProgress, minutes: number) => sentAgain(plan, progress, fileOut(progress)!, stamp(minutes));
    const second = again(first, 20);
    const later = again(second, 50);
    expect([second, later].map((one) => fileOut(one)!.log.map(({ at: when }) => when))).toEqual([
      [at(0), at(0), at(20)],
      [at(0), at(0), at(50)],
    ]);
    const shown = (minutes: number) => outcomesOf(takeExport(plan, later, read(minutes, { 1: 'p1@old.example' }), stamp(minutes)).progress);
    expect(shown(109)).toEqual({});
    expect(shown(111)).toEqual({ 0: 'untouched' });
  });

  test('leaves out whoever nobody came to before the plan ran out', () => {
    const { progress } = takeExport(plan, sent(0), read(5, { 1: 'p1@acme.example' }), stamp(5));
    const { progress: rest, licenseIds } = leaveRest(plan, progress, stamp(26 * 60));
    expect([...licenseIds]).toEqual(['2', '3']);
    expect(rest.files.map(({ state, outcomes }) => [state, Object.values(outcomes).map(({ outcome }) => outcome)])).toEqual([
      ['closed', ['done', 'left-out', 'left-out']],
    ]);
    expect(leaveRest(plan, rest, stamp(27 * 60)).progress).toBe(rest);
  });

  test('waits for a read of what LinkedIn took and no read has shown', () => {
    const progress = sent(0);
    const taken = takeProof(plan, progress, fileOut(progress)!.name, { 0: { outcome: 'accepted' } }, stamp(1)).progress;
    expect(outcomesOf(taken)).toEqual({ 0: 'accepted' });
    expect(outcomesOf(takeExport(plan, taken, read(2, { 1: 'p1@acme.example' }), stamp(2)).progress)).toEqual({ 0: 'done' });
  });
});

const startOf = (id: string) => ({
  mode: 'email-first' as const,
  licenseId: `LIC-${id}`,
  seatId: `LIC-${id}`,
  uniqueUserId: '',
  crmUserId: '005',
  name: 'Anna',
  oldEmail: `p${id}@old.example`,
  newEmail: `p${id}@acme.example`,
  licenses: [],
});
