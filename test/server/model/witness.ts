import { expect } from 'vitest';
import type { AdminCenter, Person } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { emailKey, findByEmail } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { isLicenseKind, type PlanRow } from '../../../server/core/plan.ts';
import { giveBack, openGate, sittingsUnderWay } from '../../../server/core/plan-progress.ts';
import type { BroughtExport, PlanView } from './desk.ts';
import type { World } from './world.ts';

/** A file as somebody has it on their disk. */
export interface OnDisk {
  readonly planId: string;
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly rows: readonly PlanRow[];
}

/**
 * What somebody who looks over everybody's shoulder knows: who was asked and what they said, which lists were whole, what every uploaded
 * row was allowed to do. The simulator's journal is held against it after each step.
 */
export interface Witness {
  readonly world: World;
  /** License id → the simulator's person, and the licenses they had when the plan was approved. */
  readonly people: Map<string, { readonly person: Person; readonly licenses: readonly string[] }>;
  /** `plan/license id` of everybody who said yes, or an admin for them. */
  readonly confirmed: Set<string>;
  /** Moments of whole lists that were brought, by plan. */
  readonly wholeLists: Map<string, number[]>;
  /** Where people were in the newest whole list, by the simulator's person; kept up with our own uploads since. */
  known: Map<string, string>;
  /** When somebody last said "uploaded", by plan. */
  readonly saidAt: Map<string, number>;
  readonly exports: BroughtExport[];
  readonly results: Uint8Array[];
  /** What was fetched, the newest last. */
  readonly disk: OnDisk[];
  /** Numbers of uploads that were ours, and what was in them. */
  readonly uploads: Map<number, OnDisk>;
  /** When files that were long replaced were uploaded all the same, by the upload's number: only a later list tells. */
  readonly late: Map<number, number>;
  /** How many entries of the journal were looked at. */
  looked: number;
  /** What Admin Center shows of November's assignments as somebody typed it in last; null: nobody did. */
  ledger: World['contract']['ledger'];
  /** Assignments that our uploads spent since, by month. */
  readonly spent: Map<string, number>;
  /** Steps taken. */
  steps: number;
}

export const ours = 'ada';

export const witnessOf = (world: World): Witness => ({
  world,
  people: new Map(),
  confirmed: new Set(),
  wholeLists: new Map(),
  known: new Map(),
  saidAt: new Map(),
  exports: [],
  results: [],
  disk: [],
  uploads: new Map(),
  late: new Map(),
  looked: 0,
  ledger: world.contract.ledger,
  spent: new Map(),
  steps: 0,
});

/** The plan was approved now: its people are these. */
export function seeApproval(witness: Witness, view: PlanView, asOf: string | null): void {
  const { center } = witness.world;
  for (const file of view.plan.files)
    for (const row of file.rows) {
      const person = personOf(center, row);
      if (person !== undefined) witness.people.set(`${view.plan.id}/${row.licenseId}`, { person, licenses: [...person.licenseTypes] });
    }
  if (asOf !== null) witness.wholeLists.set(view.plan.id, [Date.parse(asOf)]);
}

const personOf = (center: AdminCenter, row: PlanRow): Person | undefined =>
  center.people.find(({ seatId, uniqueUserId }) => row.licenseId === seatId || row.licenseId === uniqueUserId) ??
  findByEmail(center, row.licenseId) ??
  findByEmail(center, row.existingEmail);

const day = 24 * 3_600_000;

/** A file leaves the house now: what it may do must be allowed now. */
export function seeDownload(witness: Witness, view: PlanView, file: OnDisk): void {
  const { center, contract } = witness.world;
  const { ledger } = witness;
  const id = view.plan.id;
  if (file.kind === 'license-off') {
    expect(view.plan.mode, 'licenses are taken by a plan that was approved as full').toBe('full');
    const lists = (witness.wholeLists.get(id) ?? []).filter((asOf) => center.now - asOf <= day && asOf > (witness.saidAt.get(id) ?? 0));
    expect(lists.length, `${file.name} rests on a whole list of today, from after our last write`).toBeGreaterThan(0);
    const month = new Date(center.now).toISOString().slice(0, 7);
    if (ledger === null || month !== '2026-11') expect(file.rows.length, 'unknown assignments allow one person').toBeLessThanOrEqual(1);
    else
      expect(
        ledger.used + (witness.spent.get(month) ?? 0) + file.rows.length,
        'every license that goes has an assignment to come back',
      ).toBeLessThanOrEqual(ledger.limit);
    if (contract.freeLicenses === 0) expect(file.rows.length, 'no license is free: one at a time').toBe(1);
    const planned = view.plan.files.findIndex(({ name }) => name === file.name);
    const back = view.plan.files[planned + 1];
    for (const row of file.rows) {
      const was = witness.people.get(`${id}/${row.licenseId}`);
      expect(witness.confirmed.has(`${id}/${row.licenseId}`), `${row.name} said that they know`).toBe(true);
      expect(back?.kind, 'its way back is there').toBe('license-on');
      const given = back!.rows.find(({ licenseId }) => licenseId === row.licenseId)?.licenses ?? [];
      if (was !== undefined) expect(given, `${row.name} gets back what they had`).toEqual(expect.arrayContaining([...was.licenses]));
    }
  } else if (!isLicenseKind(file.kind as 'email-change')) {
    for (const row of file.rows) {
      const me = witness.people.get(`${id}/${row.licenseId}`)?.person.id;
      for (const [person, email] of witness.known)
        if (person !== me && email === emailKey(row.newEmail)) expect.fail(`${row.newEmail} is known to belong to somebody else`);
    }
  }
}

/** After each step: what LinkedIn did by our rows, and whether everybody is where they should be. */
export function look(witness: Witness, view: PlanView | null): void {
  const { center } = witness.world;
  for (const entry of center.journal.slice(witness.looked)) {
    const upload = entry.upload === null ? undefined : witness.uploads.get(entry.upload);
    if (upload === undefined && entry.by !== ours) continue;
    const person = center.people.find(({ id }) => id === entry.person);
    if (entry.what === 'overwritten') expect.fail(`A row for ${entry.to} changed ${entry.from}`);
    if (entry.what === 'email') {
      if (person !== undefined) witness.known.set(person.id, emailKey(entry.to));
      if (upload !== undefined)
        expect(
          upload.rows.map(({ newEmail }) => emailKey(newEmail)),
          'only emails of the plan are written',
        ).toContain(emailKey(entry.to));
    }
    if (entry.what === 'license-removed' && upload !== undefined) expect(upload.kind, 'only off files take licenses').toBe('license-off');
    if (entry.what === 'license-assigned') {
      const month = new Date(entry.at).toISOString().slice(0, 7);
      witness.spent.set(month, (witness.spent.get(month) ?? 0) + 1);
    }
  }
  witness.looked = center.journal.length;
  const emails = center.people.map(({ profileEmail }) => emailKey(profileEmail));
  expect(new Set(emails).size, 'nobody shares an address').toBe(emails.length);
  if (view === null) return;
  const open = view.progress.files.filter(({ state }) => ['made', 'downloaded', 'said-to-be-uploaded', 'seen'].includes(state));
  expect(open.length, 'one file is out at a time').toBeLessThanOrEqual(1);
  // Only proof closes a file: neither a word nor a tick.
  for (const { name, state, rows, outcomes } of view.progress.files)
    if (state === 'closed')
      for (const row of rows) {
        const outcome = outcomes[row];
        const isKnown = outcome !== undefined && outcome.outcome !== 'accepted' && !(outcome.outcome === 'untouched' && !outcome.proven);
        expect(isKnown, `${name} is closed, so each of its rows is known`).toBe(true);
      }
  nobodyIsForgotten(witness, view);
}

/** Whoever lost a license by one of our files is in the sitting under way, and "Give everyone back" has them. */
function nobodyIsForgotten(witness: Witness, view: PlanView): void {
  const { center } = witness.world;
  const shown = Math.max(...(witness.wholeLists.get(view.plan.id) ?? [])) - center.settings.shownAfterMinutes.licenseOff * 60_000;
  const gone = new Set(withoutOurs(witness, (upload) => (witness.late.get(upload) ?? 0) <= shown));
  if (gone.size === 0) return;
  const rows = sittingsUnderWay(view.plan, view.progress).flatMap((sitting) =>
    sitting.rows.map((row) => view.plan.files[sitting.off]!.rows[row]!.licenseId),
  );
  for (const [key, { person }] of witness.people) {
    const [planId, licenseId] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
    if (planId !== view.plan.id || !gone.has(person.id)) continue;
    expect(view.state, `${person.profileEmail} has no license, so the plan runs`).toBe('running');
    expect(rows, `${person.profileEmail} has no license, and the plan knows`).toContain(licenseId);
  }
  const stamp = { at: new Date(witness.world.center.now).toISOString(), by: ours };
  const back = giveBack(view.plan, view.progress, (name) => `${name}-retry`, stamp, openGate);
  expect(back.kind, 'Give everyone back is there').not.toBe('finished');
}

/**
 * Whom our uploads left without something they had; another writer's doing is not ours.
 * @param counts which uploads to count, by number; default all
 */
export function withoutOurs({ world: { center }, uploads }: Witness, counts: (upload: number) => boolean = () => true): readonly string[] {
  const people = new Map<string, Set<string>>();
  for (const { person, what, from, to, upload } of center.journal) {
    if (what !== 'license-removed' && what !== 'license-assigned' && what !== 'removed') continue;
    if (what === 'license-removed' && upload !== null && !counts(upload)) continue;
    const lost = people.get(person) ?? new Set<string>();
    people.set(person, lost);
    const list = (text: string): string[] => (text === '' ? [] : text.split(', '));
    if (what === 'license-assigned') for (const type of list(to)) lost.delete(type);
    else if (what === 'removed') lost.clear();
    else
      for (const type of list(from).filter((one) => !list(to).includes(one))) {
        if (upload !== null && uploads.has(upload)) lost.add(type);
        // Another admin decided that it goes.
        else lost.delete(type);
      }
  }
  return [...people].filter(([, lost]) => lost.size > 0).map(([person]) => person);
}
