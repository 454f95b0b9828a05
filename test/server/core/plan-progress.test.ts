import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import type { Plan, PlanRow } from '../../../server/core/plan.ts';
import {
  type FileProgress,
  fileOut,
  type Gate,
  giveBack,
  type Hold,
  openGate,
  type PlanProgress,
  type Release,
  type RowOutcome,
  releaseNext,
  resultOutcome,
  rowsOf,
  type Said,
  sayOf,
  siftMade,
  sittingUnderWay,
  takeProof,
  unprovenOut,
} from '../../../server/core/plan-progress.ts';
import { type Exported, takeExport } from '../../../server/core/read-export.ts';
import { emailDiffers } from './example-finding.ts';
import { disagrees, fullPlan, planOf } from './example-plan.ts';

const start = Date.parse('2026-11-21T10:00:00.000Z');
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();
const by = 'ada@acme.example';
const type = 'Sales Navigator Advanced Plus';

const nothing = (plan: Plan): PlanProgress => ({ planId: plan.id, seal: 'ab', files: [], heldBack: [] });
const next = (plan: Plan, progress: PlanProgress, minutes: number, gate: Gate = openGate): Release =>
  releaseNext(plan, progress, retryFileName, { at: at(minutes), by }, gate);
const back = (plan: Plan, progress: PlanProgress, minutes: number): Release =>
  giveBack(plan, progress, retryFileName, { at: at(minutes), by }, openGate);

function released(outcome: Release): { readonly progress: PlanProgress; readonly file: FileProgress } {
  if (outcome.kind !== 'file') throw new Error(`No file was released: ${outcome.kind}`);
  return outcome;
}
function said(plan: Plan, progress: PlanProgress, what: Said, minutes: number): PlanProgress {
  const outcome = sayOf(plan, progress, what, { at: at(minutes), by });
  if (!outcome.ok) throw new Error(outcome.sentence);
  return outcome.progress;
}
const shown = (plan: Plan, progress: PlanProgress, people: readonly Exported[], minutes: number, expired = false): PlanProgress =>
  takeExport(plan, progress, { people, asOf: at(minutes), isComplete: false }, { at: at(minutes), by, expired }).progress;
const result = (plan: Plan, progress: PlanProgress, outcomes: Readonly<Record<string, RowOutcome>>, minutes: number): PlanProgress => {
  const { name, file } = progress.files.at(-1)!;
  const { kind } = plan.files[file]!;
  const read = Object.fromEntries(Object.entries(outcomes).map(([row, outcome]) => [row, resultOutcome(kind, outcome)]));
  return takeProof(plan, progress, name, read, { at: at(minutes), by, expired: false }).progress;
};
const person = (row: Pick<PlanRow, 'licenseId' | 'newEmail'>, has: boolean): Exported => ({
  seatId: '',
  uniqueUserId: row.licenseId,
  email: row.newEmail,
  licenses: has ? [type] : [],
  status: has ? 'Invited' : 'Unassigned',
  crmSyncStatus: '',
  crmSync: '',
});
const everybody = (plan: Plan, has: (row: PlanRow) => boolean): readonly Exported[] =>
  [...new Map(plan.files.flatMap((file) => file.rows).map((row) => [row.licenseId, row])).values()].map((row) => person(row, has(row)));

/** A plan of one sitting whose off file was downloaded and said to be uploaded at minute 2. */
function offIsOut(n = 2): { readonly plan: Plan; readonly progress: PlanProgress } {
  const plan = fullPlan(n);
  const first = released(next(plan, nothing(plan), 0));
  return { plan, progress: said(plan, said(plan, first.progress, 'downloaded', 1), 'uploaded', 2) };
}

describe('a sitting', () => {
  it('releases the on file once an export shows that the licenses are gone, and ends when one shows them back', () => {
    const { plan, progress } = offIsOut();
    expect(next(plan, progress, 3)).toMatchObject({ kind: 'out', file: { name: plan.files[0]!.name } });
    const gone = shown(
      plan,
      progress,
      everybody(plan, () => false),
      5,
    );
    expect(gone.files[0]).toMatchObject({ state: 'closed' });
    const on = released(next(plan, gone, 6));
    expect(on.file).toMatchObject({ name: plan.files[1]!.name, rows: [0, 1], state: 'made', retryOf: null });
    const again = shown(
      plan,
      said(plan, on.progress, 'uploaded', 7),
      everybody(plan, () => true),
      8,
    );
    expect(again.files[1]).toMatchObject({ state: 'closed' });
    expect(sittingUnderWay(plan, again)).toBeNull();
    expect(next(plan, again, 9)).toMatchObject({ kind: 'finished' });
  });

  it('does not take a result file for proof that a license is gone, or back', () => {
    const { plan, progress } = offIsOut();
    const taken = result(plan, progress, { 0: { outcome: 'done' }, 1: { outcome: 'done' } }, 3);
    expect(taken.files[0]).toMatchObject({ state: 'seen', outcomes: { 0: { outcome: 'accepted' } } });
    expect(next(plan, taken, 4)).toMatchObject({ kind: 'out' });
    const on = released(
      next(
        plan,
        shown(
          plan,
          taken,
          everybody(plan, () => false),
          5,
        ),
        6,
      ),
    );
    const given = result(plan, said(plan, on.progress, 'uploaded', 7), { 0: { outcome: 'done' }, 1: { outcome: 'done' } }, 8);
    expect(next(plan, given, 9)).toMatchObject({ kind: 'out' });
    expect(sittingUnderWay(plan, given)).toMatchObject({ rows: [0, 1] });
  });

  it('counts from the download of the off file: nobody may be without a license while it was only made', () => {
    const plan = fullPlan(2);
    const first = released(next(plan, nothing(plan), 0));
    expect(sittingUnderWay(plan, first.progress)).toBeNull();
    expect(back(plan, first.progress, 1)).toMatchObject({ kind: 'finished' });
    const downloaded = said(plan, first.progress, 'downloaded', 1);
    expect(sittingUnderWay(plan, downloaded)).toEqual({ off: 0, on: 1, rows: [0, 1], since: at(1) });
  });

  it('gives everybody back at any time from the download on, confirmed or not', () => {
    const { plan, progress } = offIsOut(3);
    const some = shown(plan, progress, [person(plan.files[0]!.rows[1]!, false)], 3);
    for (const before of [progress, some]) {
      const on = released(back(plan, before, 4));
      expect(on.file).toMatchObject({ name: plan.files[1]!.name, rows: [0, 1, 2] });
      expect(on.progress.files[0]).toMatchObject({ state: 'replaced' });
      expect(back(plan, on.progress, 5)).toMatchObject({ kind: 'out', file: { name: on.file.name } });
    }
  });

  it('leaves out of the on file whom an export from an hour after the upload still shows with the license', () => {
    const { plan, progress } = offIsOut();
    const mixed = everybody(plan, (row) => row.licenseId === '1');
    const early = shown(plan, progress, mixed, 61);
    expect(early.files[0]!.outcomes).toEqual({ 0: { outcome: 'done' } });
    expect(next(plan, early, 61)).toMatchObject({ kind: 'out' });
    const late = shown(plan, early, mixed, 62);
    expect(released(next(plan, late, 63)).file).toMatchObject({ name: plan.files[1]!.name, rows: [0] });
  });

  it('gives back to whoever kept TeamLink Extend and lost the license that was taken', () => {
    const holder = disagrees('0');
    const plan = planOf([{ ...holder, license: { ...holder.license!, licenses: [type, 'TeamLink Extend'] } }], { mode: 'full' });
    const first = released(next(plan, nothing(plan), 0));
    const out = said(plan, said(plan, first.progress, 'downloaded', 1), 'uploaded', 2);
    const [row] = plan.files[0]!.rows;
    const left = { ...person(row!, true), licenses: ['TeamLink Extend'], status: 'Activated' };
    const gone = shown(plan, out, [left], 70);
    expect(gone.files[0]!.outcomes).toEqual({ 0: { outcome: 'done' } });
    expect(sittingUnderWay(plan, gone)).toMatchObject({ rows: [0] });
  });

  it('does not try a second time to take a license, but gives back without end', () => {
    const { plan, progress } = offIsOut();
    const refused = result(plan, progress, { 0: { outcome: 'refused', message: 'no' }, 1: { outcome: 'done' } }, 3);
    const gone = shown(plan, refused, [person(plan.files[0]!.rows[1]!, false)], 4);
    let on = released(next(plan, gone, 5));
    expect(on.file).toMatchObject({ name: plan.files[1]!.name, rows: [0, 1] });
    const names = [on.file.name];
    for (let minutes = 6; minutes < 12; minutes += 2) {
      const tried = said(plan, on.progress, 'uploaded', minutes);
      const failed = result(
        plan,
        tried,
        { 0: { outcome: 'refused', message: 'no' }, 1: { outcome: 'refused', message: 'no' } },
        minutes + 1,
      );
      on = released(next(plan, failed, minutes + 1));
      names.push(on.file.name);
      expect(on.file).toMatchObject({ rows: [0, 1], retryOf: names.at(-2) });
    }
    expect(names.slice(1)).toEqual([
      'license-on-2026-11-21-a-7f3c1d20-retry.csv',
      'license-on-2026-11-21-a-7f3c1d20-retry-2.csv',
      'license-on-2026-11-21-a-7f3c1d20-retry-3.csv',
    ]);
  });

  it('repeats for whoever does not have every recorded license again', () => {
    const { plan, progress } = offIsOut(1);
    const gone = shown(
      plan,
      progress,
      everybody(plan, () => false),
      3,
    );
    const on = said(plan, released(next(plan, gone, 4)).progress, 'uploaded', 5);
    const other = [{ ...person(plan.files[0]!.rows[0]!, true), licenses: ['Sales Navigator Advanced'] }];
    expect(shown(plan, on, other, 19).files[1]).toMatchObject({ state: 'said-to-be-uploaded', outcomes: {} });
    const lacking = shown(plan, on, other, 20);
    expect(released(next(plan, lacking, 20)).file).toMatchObject({ rows: [0], retryOf: plan.files[1]!.name });
  });

  it('never runs out, is never thrown away after the download, and its on file never at all', () => {
    const plan = fullPlan(1);
    const first = released(next(plan, nothing(plan), 0));
    expect(sayOf(plan, first.progress, 'discarded', { at: at(1), by })).toMatchObject({ ok: true, file: { state: 'discarded' } });
    const downloaded = said(plan, first.progress, 'downloaded', 1);
    expect(sayOf(plan, downloaded, 'discarded', { at: at(2), by })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('Give everyone back'),
    });
    const days = 60 * 24 * 3;
    const gone = shown(
      plan,
      downloaded,
      everybody(plan, () => false),
      days,
      true,
    );
    expect(gone.files[0]).toMatchObject({ state: 'closed' });
    const on = released(next(plan, gone, days));
    expect(sayOf(plan, on.progress, 'discarded', { at: at(days), by })).toMatchObject({ ok: false });
    const done = shown(
      plan,
      said(plan, on.progress, 'uploaded', days),
      everybody(plan, () => true),
      days + 1,
      true,
    );
    expect(done.files[1]).toMatchObject({ state: 'closed' });
  });

  it('opens again when the off file reaches somebody after all: thrown away, or later than its on file', () => {
    const plan = fullPlan(1);
    const thrown = said(plan, released(next(plan, nothing(plan), 0)).progress, 'discarded', 1);
    const reached = shown(
      plan,
      thrown,
      everybody(plan, () => false),
      10,
    );
    expect(reached.files[0]).toMatchObject({ state: 'late' });
    expect(released(next(plan, reached, 11)).file).toMatchObject({ name: plan.files[1]!.name });

    const out = said(plan, released(next(plan, nothing(plan), 0)).progress, 'downloaded', 1);
    const on = said(plan, released(back(plan, out, 2)).progress, 'uploaded', 3);
    const closed = shown(
      plan,
      on,
      everybody(plan, () => true),
      4,
    );
    expect(sittingUnderWay(plan, closed)).toBeNull();
    const late = shown(
      plan,
      closed,
      everybody(plan, () => false),
      60,
    );
    expect(sittingUnderWay(plan, late)).toMatchObject({ rows: [0] });
    expect(released(back(plan, late, 61)).file).toMatchObject({ rows: [0], retryOf: plan.files[1]!.name });
  });

  it('does not believe a license that is still there to be back while the off file may be on its way', () => {
    const { plan, progress } = offIsOut(1);
    const on = said(plan, released(back(plan, progress, 3)).progress, 'uploaded', 4);
    const has = everybody(plan, () => true);
    expect(sittingUnderWay(plan, shown(plan, on, has, 30))).not.toBeNull();
    expect(sittingUnderWay(plan, shown(plan, on, has, 62))).toBeNull();
  });

  it('takes exports in any order: one from between off and on, read last, opens nothing again', () => {
    const { plan, progress } = offIsOut(1);
    const on = said(plan, released(back(plan, progress, 3)).progress, 'uploaded', 4);
    const closed = shown(
      plan,
      on,
      everybody(plan, () => true),
      90,
    );
    const read = takeExport(
      plan,
      closed,
      {
        people: everybody(plan, () => false),
        asOf: at(3.5),
        isComplete: false,
      },
      { at: at(91), by, expired: false },
    ).progress;
    expect(read.files[0]!.outcomes).toEqual({ 0: { outcome: 'done' } });
    expect(sittingUnderWay(plan, read)).toBeNull();
  });

  it('looks for an off file that was fetched and never said to be uploaded after the licenses are back: it may still come', () => {
    const plan = fullPlan(1);
    const off = said(plan, released(next(plan, nothing(plan), 0)).progress, 'downloaded', 1);
    const has = everybody(plan, () => true);
    const none = everybody(plan, () => false);
    const closed = shown(plan, said(plan, released(next(plan, shown(plan, off, none, 3), 4)).progress, 'uploaded', 5), has, 30);
    expect(sittingUnderWay(plan, closed)).toBeNull();
    expect(sittingUnderWay(plan, shown(plan, closed, none, 90))).toMatchObject({ rows: [0] });
  });

  it('says nothing of licenses where the export does not', () => {
    const { plan, progress } = offIsOut(1);
    const silent = [{ ...person(plan.files[0]!.rows[0]!, true), licenses: null, status: '' }];
    expect(shown(plan, progress, silent, 90)).toEqual(progress);
    const on = said(
      plan,
      released(
        next(
          plan,
          shown(
            plan,
            progress,
            everybody(plan, () => false),
            3,
          ),
          4,
        ),
      ).progress,
      'uploaded',
      5,
    );
    const untyped = [{ ...person(plan.files[0]!.rows[0]!, true), licenses: null }];
    expect(sittingUnderWay(plan, shown(plan, on, untyped, 90))).not.toBeNull();
  });
});

describe('an email file', () => {
  it('takes nobody for gone by a filtered export, nor before LinkedIn had its time', () => {
    const plan = planOf([emailDiffers('1', 'p1@old.example', 'p1@acme.example'), emailDiffers('2', 'p2@old.example', 'p2@acme.example')]);
    const out = said(plan, released(next(plan, nothing(plan), 0)).progress, 'uploaded', 2);
    const [first] = everybody(plan, () => true);
    const read = (minutes: number, isComplete: boolean) =>
      takeExport(plan, out, { people: [first!], asOf: at(minutes), isComplete }, { at: at(minutes), by, expired: false }).progress.files[0];
    expect(read(90, false)).toMatchObject({ state: 'seen', outcomes: { 0: { outcome: 'done' } } });
    expect(read(61, true)).toMatchObject({ state: 'seen' });
    expect(read(62, true)).toMatchObject({ state: 'closed', outcomes: { 0: { outcome: 'done' }, 1: { outcome: 'gone' } } });
  });
});

describe('an email file that was only downloaded', () => {
  it('is not taken for uploaded because somebody else moved one of its people', () => {
    const plan = planOf([emailDiffers('1', 'p1@old.example', 'p1@acme.example'), emailDiffers('2', 'p2@old.example', 'p2@acme.example')]);
    const out = said(plan, released(next(plan, nothing(plan), 0)).progress, 'downloaded', 1);
    const [first, second] = everybody(plan, () => true);
    const people = [
      { ...first!, email: 'elsewhere@acme.example' },
      { ...second!, email: 'p2@old.example' },
    ];
    const once = shown(plan, out, people, 30);
    expect(once.files[0]).toMatchObject({ state: 'downloaded', outcomes: { 0: { outcome: 'changed-by-hand' } } });
    expect(shown(plan, shown(plan, once, people, 30), people, 60)).toEqual(once);
  });
});

describe('a gate', () => {
  const held = (sentence: string): Hold => ({ code: 'paused', sentence });
  const shut = (kind: string): Gate => ({ ...openGate, file: (file) => (file.kind === kind ? 'Not now.' : null), row: () => null });

  it('keeps a whole file back until it opens', () => {
    const plan = fullPlan(1);
    const waits = next(plan, nothing(plan), 0, shut('license-off'));
    expect(waits).toEqual({ kind: 'waiting', progress: nothing(plan), file: plan.files[0], sentence: 'Not now.' });
    expect(next(plan, nothing(plan), 0)).toMatchObject({ kind: 'file' });
  });

  it('keeps single people back with the reason, and the on file is for the others', () => {
    const plan = fullPlan(2);
    const gate: Gate = { ...openGate, file: () => null, row: (row) => (row.licenseId === '0' ? held('Did not answer.') : null) };
    const off = released(next(plan, nothing(plan), 0, gate));
    expect(off.file.rows).toEqual([1]);
    expect(off.progress.heldBack).toEqual([{ licenseId: '0', ...held('Did not answer.') }]);
    const gone = shown(
      plan,
      said(plan, said(plan, off.progress, 'downloaded', 1), 'uploaded', 2),
      everybody(plan, () => false),
      3,
    );
    expect(released(next(plan, gone, 4, gate)).file.rows).toEqual([1]);
  });

  it('says of somebody who was held back the first reason, also once that has ended their repair', () => {
    const plan = fullPlan(2);
    const gate = (code: Hold['code']): Gate => ({
      ...openGate,
      row: ({ licenseId }) => (licenseId === '0' ? { code, sentence: 'Paused.' } : null),
    });
    const off = released(next(plan, nothing(plan), 0, gate('paused')));
    const thrown = said(plan, off.progress, 'discarded', 1);
    const again = next(plan, { ...thrown, files: [] }, 2, gate('repair-ended'));
    expect(released(again).progress.heldBack).toEqual([{ licenseId: '0', code: 'paused', sentence: 'Paused.' }]);
  });

  it('skips a sitting that nobody may be in', () => {
    const plan = fullPlan(5);
    const gate: Gate = {
      ...openGate,
      file: () => null,
      row: ({ licenseId }) => (['0', '1', '2'].includes(licenseId) ? held('No.') : null),
    };
    expect(released(next(plan, nothing(plan), 0, gate)).file).toMatchObject({ file: 2, rows: [0, 1] });
  });

  it('is not asked about what gives licenses back', () => {
    const { plan, progress } = offIsOut();
    const closed: Gate = { ...openGate, file: () => 'Shut.', row: () => held('Shut.') };
    const gone = shown(
      plan,
      progress,
      everybody(plan, () => false),
      3,
    );
    expect(released(next(plan, gone, 4, closed)).file.rows).toEqual([0, 1]);
    expect(released(back(plan, progress, 4)).file.rows).toEqual([0, 1]);
  });

  it('says where somebody is now, so that a license is given back to them and not to a stranger at their former address', () => {
    const { plan, progress } = offIsOut();
    const moved = plan.files[0]!.rows[1]!;
    const where: Gate = {
      ...openGate,
      address: ({ licenseId, newEmail }) => (licenseId === moved.licenseId ? 'new@acme.example' : newEmail),
    };
    const stamp = { at: at(4), by };
    const gone = shown(
      plan,
      progress,
      everybody(plan, () => false),
      3,
    );
    for (const release of [next(plan, gone, 4, where), giveBack(plan, gone, retryFileName, stamp, where)]) {
      const { file } = released(release);
      expect(rowsOf(plan, file).map(({ newEmail }) => newEmail)).toEqual([plan.files[1]!.rows[0]!.newEmail, 'new@acme.example']);
    }
    // Moved after it was made, before anybody has it.
    const on = released(next(plan, gone, 4));
    expect(on.file.addresses).toBeUndefined();
    expect(siftMade(plan, on.progress, stamp, where)).toMatchObject({ file: { addresses: { 1: 'new@acme.example' } } });
    expect(siftMade(plan, on.progress, stamp, openGate)).toMatchObject({ progress: on.progress });
  });

  it('is asked again before failing rows are repeated', () => {
    const plan = planOf([1, 2].map((n) => emailDiffers(`${n}`, `p${n}@gone.example`, `q${n}@acme.example`)));
    const out = released(next(plan, nothing(plan), 0)).progress;
    const refused = result(plan, out, { 0: { outcome: 'refused', message: 'no' }, 1: { outcome: 'refused', message: 'no' } }, 1);
    expect(next(plan, refused, 2, shut('email-change'))).toMatchObject({ kind: 'waiting' });
    const gate: Gate = { ...openGate, file: () => null, row: ({ licenseId }) => (licenseId === '1' ? held('Gone.') : null) };
    const retry = released(next(plan, refused, 2, gate));
    expect(retry.file).toMatchObject({ rows: [1], retryOf: plan.files[0]!.name });
    expect(retry.progress.heldBack).toEqual([{ licenseId: '1', ...held('Gone.') }]);
    const none: Gate = { ...openGate, file: () => null, row: () => held('Gone.') };
    expect(next(plan, refused, 2, none)).toMatchObject({ kind: 'finished', progress: { files: [{ state: 'closed' }] } });
  });

  it('takes no license of somebody whose new email was not seen', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example'), disagrees('2')], {
      mode: 'full',
      scope: { kind: 'people', licenseIds: ['1', '2'] },
    });
    const out = released(next(plan, nothing(plan), 0)).progress;
    const thrown = said(plan, out, 'discarded', 1);
    const off = released(next(plan, thrown, 2));
    expect(off.file).toMatchObject({ file: 1, rows: [1] });
    expect(off.progress.heldBack).toMatchObject([{ licenseId: '1', sentence: expect.stringContaining('was not seen') }]);
  });
});

describe('a plan that is to end', () => {
  it('ends with an email file of which every row is known, also if none was carried out', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example')]);
    const first = released(next(plan, nothing(plan), 0));
    expect(unprovenOut(plan, first.progress)).toBeNull();
    const out = said(plan, said(plan, first.progress, 'downloaded', 1), 'uploaded', 2);
    expect(unprovenOut(plan, out)).toMatchObject({ name: first.file.name });
    const [row] = plan.files[0]!.rows;
    const unchanged = shown(plan, out, [{ ...person(row!, true), email: row!.existingEmail }], 3);
    expect(unprovenOut(plan, unchanged)).toBeNull();
  });
});

describe('one file at a time', () => {
  it('is told about only while one is out', () => {
    const plan = fullPlan(1);
    expect(sayOf(plan, nothing(plan), 'uploaded', { at: at(0), by })).toEqual({ ok: false, sentence: 'No file is out.' });
  });

  it('takes a second download for no news', () => {
    const { plan, progress } = offIsOut(1);
    expect(said(plan, progress, 'downloaded', 9)).toEqual(progress);
  });
});

/** A little LinkedIn whose uploads take a while, and people who do what they like with the files. */
describe('whatever people do between off and on', () => {
  type Action =
    | { readonly do: 'next' | 'give-back' | 'download' | 'discard' }
    | { readonly do: 'upload'; readonly delay: number; readonly fails: number }
    | { readonly do: 'export'; readonly who: number }
    | { readonly do: 'wait'; readonly minutes: number };
  const action: fc.Arbitrary<Action> = fc.oneof(
    { arbitrary: fc.constantFrom<Action[]>({ do: 'next' }, { do: 'download' }), weight: 4 },
    { arbitrary: fc.constantFrom<Action[]>({ do: 'give-back' }, { do: 'discard' }), weight: 1 },
    { arbitrary: fc.record({ do: fc.constant('upload' as const), delay: fc.nat(59), fails: fc.nat(31) }), weight: 4 },
    { arbitrary: fc.record({ do: fc.constant('export' as const), who: fc.nat(63) }), weight: 4 },
    { arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }), weight: 3 },
  );

  function world(plan: Plan) {
    let minutes = 0;
    let progress = nothing(plan);
    const ids = [...new Set(plan.files.flatMap((file) => file.rows.map((row) => row.licenseId)))];
    const has = new Map(ids.map((id) => [id, true]));
    const pending: { readonly at: number; readonly id: string; readonly has: boolean }[] = [];
    const settle = (): void => {
      pending.sort((a, b) => a.at - b.at);
      while (pending.length > 0 && pending[0]!.at <= minutes) {
        const { id, has: holds } = pending.shift()!;
        has.set(id, holds);
      }
    };
    const take = (outcome: Release): void => {
      if (outcome.kind !== 'out') progress = outcome.progress;
    };
    return {
      has,
      state: () => progress,
      mayBeWithout: () => {
        const sitting = sittingUnderWay(plan, progress);
        return new Set(sitting === null ? [] : sitting.rows.map((row) => plan.files[sitting.off]!.rows[row]!.licenseId));
      },
      act(step: Action): void {
        minutes += 1;
        settle();
        const out = fileOut(progress);
        if (step.do === 'next') take(next(plan, progress, minutes));
        else if (step.do === 'give-back') take(back(plan, progress, minutes));
        else if (step.do === 'wait') minutes += step.minutes;
        else if (step.do === 'download' && out !== null) progress = said(plan, progress, 'downloaded', minutes);
        else if (step.do === 'discard') {
          const outcome = sayOf(plan, progress, 'discarded', { at: at(minutes), by });
          if (outcome.ok) progress = outcome.progress;
        } else if (step.do === 'upload' && out?.state === 'downloaded') {
          progress = said(plan, progress, 'uploaded', minutes);
          const { kind, rows } = plan.files[out.file]!;
          out.rows.forEach((row, index) => {
            if ((step.fails >> index) & 1) return;
            const isOn = kind === 'license-on';
            pending.push({ at: minutes + (isOn ? step.delay % 15 : step.delay), id: rows[row]!.licenseId, has: isOn });
          });
        } else if (step.do === 'export') {
          const people = everybody(plan, (row) => has.get(row.licenseId)!).filter((_, index) => (step.who >> index) & 1);
          progress = shown(plan, progress, people, minutes);
        }
        settle();
      },
      /** What an honest person does until nothing is left to do. */
      finish(): void {
        for (let turn = 0; turn < 60; turn++) {
          minutes += 61;
          settle();
          progress = shown(
            plan,
            progress,
            everybody(plan, (row) => has.get(row.licenseId)!),
            minutes,
          );
          const outcome = sittingUnderWay(plan, progress) === null ? next(plan, progress, minutes) : back(plan, progress, minutes);
          if (outcome.kind === 'finished') return;
          take(outcome);
          this.act({ do: 'download' });
          this.act({ do: 'upload', delay: 0, fails: 0 });
        }
        throw new Error('It does not come to an end.');
      },
    };
  }

  it('whoever has no license is in the sitting that is under way, and Give everyone back holds them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(action, { maxLength: 40 }), (n, actions) => {
        const plan = fullPlan(n, { canary: 2, sittingSize: 2 });
        const here = world(plan);
        for (const step of actions) {
          here.act(step);
          const without = [...here.has].filter(([, holds]) => !holds).map(([id]) => id);
          for (const id of without) expect([...here.mayBeWithout()]).toContain(id);
          if (without.length === 0) continue;
          const outcome = back(plan, here.state(), 100_000);
          const file = outcome.kind === 'finished' || outcome.kind === 'waiting' ? null : outcome.file;
          expect(plan.files[file!.file]!.kind).toBe('license-on');
          const given = file!.rows.map((row) => plan.files[file!.file]!.rows[row]!.licenseId);
          for (const id of without) expect(given).toContain(id);
        }
        here.finish();
        expect([...here.has.values()].every((holds) => holds)).toBe(true);
        expect(sittingUnderWay(plan, here.state())).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('taking the same proof twice is taking it once', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), fc.nat(63), fc.nat(31), (actions, who, holds) => {
        const plan = fullPlan(3, { canary: 2 });
        const here = world(plan);
        for (const step of actions) here.act(step);
        const people = everybody(plan, (row) => ((holds >> Number(row.licenseId)) & 1) === 1).filter((_, index) => (who >> index) & 1);
        const once = shown(plan, here.state(), people, 100_000);
        expect(shown(plan, once, people, 100_000)).toEqual(once);
      }),
      {
        numRuns: 500,
        // The first person back shows that the on file was carried out, and so that the second, never seen without, has theirs.
        examples: [
          [
            [{ do: 'next' }, { do: 'download' }, { do: 'upload', delay: 0, fails: 0 }, { do: 'export', who: 61 }, { do: 'give-back' }],
            3,
            3,
          ],
        ],
      },
    );
  });
});
