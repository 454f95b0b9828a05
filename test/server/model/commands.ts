import fc from 'fast-check';
import { expect } from 'vitest';
import { emailKey, findByEmail, hourMs, minuteMs } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { carryOut } from '../../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import type { FaultInput } from '../../../connectors/serve-simulator.ts';
import { fileOut, rowsOf, sittingUnderWay } from '../../../server/core/plan-progress.ts';
import type { QuestionAnswer } from '../../../server/core/status.ts';
import type { BroughtExport, Desk, PlanView } from './desk.ts';
import { look, type OnDisk, seeApproval, seeDownload, type Witness, withoutOurs } from './witness.ts';
import type { WorldSpec } from './world.ts';

type Story = fc.AsyncCommand<Witness, Desk>;

/** One thing that somebody does, or that happens. After it the witness looks at everything. */
const story = <Given>(name: string, given: fc.Arbitrary<Given>, happen: (witness: Witness, desk: Desk, given: Given) => Promise<void>) =>
  given.map(
    (value): Story => ({
      check: () => true,
      async run(witness, desk) {
        witness.steps += 1;
        // No two things happen in the same moment.
        advanceTo(witness.world.center, witness.world.center.now + minuteMs);
        await happen(witness, desk, value);
        await takeChecklist(witness, desk);
        look(witness, await desk.view());
      },
      toString: () => `${name}(${value === undefined || value === null ? '' : JSON.stringify(value)})`,
    }),
  );

const nothing = fc.constant(null);

function readAll(
  { world: { center } }: Witness,
  faults: { readonly lostRows?: number; readonly isStale?: boolean; readonly admits?: boolean } = {},
): BroughtExport {
  const { csv, shown, asOf } = exportUsers(
    center,
    {},
    {},
    { lostRows: faults.lostRows ?? 0, ...(faults.isStale ? { stale: { admits: true } } : {}) },
  );
  return { csv, shown, asOf };
}

async function bring(witness: Witness, desk: Desk, read: BroughtExport): Promise<void> {
  const before = await desk.view();
  await desk.bringExport(read);
  if (before?.state !== 'running') return;
  seeList(witness, before, read);
}

function seeList(witness: Witness, { plan }: PlanView, { csv, shown, asOf, isPart }: BroughtExport): void {
  const { center } = witness.world;
  const lines = csv.trimEnd().split(/\r?\n/);
  if (lines.length - 1 !== shown || isPart) return;
  witness.wholeLists.set(plan.id, [...(witness.wholeLists.get(plan.id) ?? []), Date.parse(asOf)]);
  if (Date.parse(asOf) !== center.now) return;
  const text = csv.toLowerCase();
  witness.known = new Map(
    center.people
      .map(({ id, profileEmail }) => [id, emailKey(profileEmail)] as const)
      // What the list does not show yet is not known.
      .filter(([, email]) => text.includes(email)),
  );
}

async function approve(witness: Witness, desk: Desk, spec: WorldSpec, mode: WorldSpec['mode']): Promise<void> {
  const read = readAll(witness);
  const ids =
    mode === 'full'
      ? witness.world.center.people.map(({ seatId, uniqueUserId, profileEmail }) => seatId || uniqueUserId || profileEmail)
      : [];
  const before = (await desk.view())?.plan.id;
  await desk.plan({ mode, route: spec.route, licenseIds: ids }, read, witness.world.crm);
  const view = await desk.view();
  if (view === null || view.plan.id === before) return;
  seeApproval(witness, view, read.asOf);
  seeList(witness, view, read);
}

async function download(witness: Witness, desk: Desk): Promise<OnDisk | null> {
  const before = await desk.view();
  const isSaid = before !== null && fileOut(before.progress)?.state !== 'made';
  const fetched = await desk.download();
  const view = await desk.view();
  if (fetched === null || view === null) return null;
  const { kind } = view.plan.files[fetched.file.file]!;
  const file: OnDisk = {
    planId: view.plan.id,
    name: view.plan.files[fetched.file.file]!.name,
    kind,
    text: fetched.text,
    rows: rowsOf(view.plan, fetched.file),
  };
  const isKnown = witness.disk.some((one) => one.text === file.text && one.name === file.name);
  // What is done by hand is a list to look at: done is done.
  if (isSaid && isKnown && isByHand(view)) return file;
  if (!isKnown) seeDownload(witness, view, file);
  witness.disk.push(file);
  return file;
}

/** The server's own step, with whatever goes wrong on the way. */
async function overScim(witness: Witness, desk: Desk, { network, isKilled }: ScimFault): Promise<void> {
  const { scim } = witness.world;
  if (scim === null) return;
  const number = ++scim.upload;
  if (network !== null) scim.simulator.fault(network);
  const before = await desk.view();
  await desk.carryOut(isKilled);
  scim.simulator.clearFaults();
  const view = await desk.view();
  const out = before === null ? null : fileOut(before.progress);
  if (out === null || view === null || view.state === 'draft') return;
  const planned = view.plan.files[out.file]!;
  const now = view.progress.files.find(({ name }) => name === out.name)!;
  const wasSent = now.log.some(({ state, at }) => state === 'said-to-be-uploaded' && Date.parse(at) === witness.world.center.now);
  if (planned.route !== 'scim' || !wasSent) return;
  const rows = now.rows.map((row) => planned.rows[row]!);
  const file: OnDisk = { planId: view.plan.id, name: planned.name, kind: planned.kind, text: '', rows };
  const isFirst = now.log.filter(({ state }) => state === 'said-to-be-uploaded').length === 1;
  if (isFirst) seeDownload(witness, view, file);
  witness.uploads.set(number, file);
  witness.saidAt.set(view.plan.id, witness.world.center.now);
}

interface ScimFault {
  readonly network: FaultInput | null;
  readonly isKilled: boolean;
}
const noScimFault: ScimFault = { network: null, isKilled: false };

const isByHand = ({ plan, progress }: PlanView): boolean => {
  const out = fileOut(progress);
  return out !== null && plan.files[out.file]!.route === 'guided';
};

/** A checklist that takes licenses is out as soon as it is open: whoever opened it has it. */
async function takeChecklist(witness: Witness, desk: Desk): Promise<void> {
  const view = await desk.view();
  if (view === null || view.state !== 'running' || !isByHand(view)) return;
  const out = fileOut(view.progress)!;
  if (out.state === 'downloaded' && !witness.disk.some(({ planId, name }) => planId === view.plan.id && name === out.name))
    await download(witness, desk);
}

interface UploadFault {
  readonly stops: boolean;
  readonly refuses: number;
  readonly isFirstScan: boolean;
  readonly isTwice: boolean;
}
const noFault: UploadFault = { stops: false, refuses: 0, isFirstScan: false, isTwice: false };

/** Somebody uploads what they have on their disk; the result file is kept, whether it is ever brought or not. */
function upload(witness: Witness, file: OnDisk, fault: UploadFault): void {
  const { center } = witness.world;
  const refuses = Math.max(fault.refuses, witness.world.refuses);
  for (let time = 0; time < (fault.isTwice ? 2 : 1); time++) {
    witness.uploads.set(center.counters.uploads + 1, file);
    const before = center.journal.length;
    const { result } = uploadFile(center, file.name, new TextEncoder().encode(file.text), {
      ...(fault.stops ? { stopAfterBatches: 1 } : {}),
      ...(refuses > 0 ? { refusePercent: refuses } : {}),
      ...(fault.isFirstScan ? { firstScan: true } : {}),
    });
    witness.results.push(result);
    if (time > 0 && refuses === 0) expect(center.journal.length, 'a file uploaded twice does what it does once').toBe(before);
  }
}

async function say(witness: Witness, desk: Desk): Promise<void> {
  const view = await desk.view();
  const refusal = await desk.say('uploaded');
  // Said again, or of a file that nobody has, it tells of no write.
  const isWrite = view !== null && fileOut(view.progress)?.state === 'downloaded';
  if (refusal === null && isWrite) witness.saidAt.set(view.plan.id, witness.world.center.now);
}

/** The file that is out and on somebody's disk. */
async function fileAtHand(witness: Witness, desk: Desk): Promise<OnDisk | null> {
  const view = await desk.view();
  const out = view?.state === 'running' ? fileOut(view.progress) : null;
  if (!view || !out || out.state !== 'downloaded') return null;
  const { name } = view.plan.files[out.file]!;
  return witness.disk.findLast((file) => file.planId === view.plan.id && file.name === name) ?? null;
}

async function answer(witness: Witness, desk: Desk, licenseId: string, said: QuestionAnswer): Promise<void> {
  const view = await desk.view();
  const refusal = await desk.answer(licenseId, said);
  if (refusal === null && said === 'confirmed' && view !== null) witness.confirmed.add(`${view.plan.id}/${licenseId}`);
}

/** What the page asks for, done as it asks: the way through a plan that nothing disturbs. */
async function goOn(witness: Witness, desk: Desk, spec: WorldSpec, fault: UploadFault): Promise<void> {
  const view = await desk.view();
  if (view === null || view.state !== 'running') {
    const isAgain = view !== null && view.plan.mode === 'email-first';
    return approve(witness, desk, spec, isAgain ? 'full' : spec.mode);
  }
  const out = fileOut(view.progress);
  if (out !== null && view.plan.files[out.file]!.route === 'scim') {
    await overScim(witness, desk, noScimFault);
    if (fileOut((await desk.view())!.progress)?.name !== out.name) return;
    advanceTo(witness.world.center, witness.world.center.now + 61 * minuteMs);
    await overScim(witness, desk, noScimFault);
    await bring(witness, desk, readAll(witness));
    if (fileOut((await desk.view())!.progress)?.name === out.name) await desk.next();
    return;
  }
  if (out?.state === 'made') return void (await download(witness, desk));
  const atHand = await fileAtHand(witness, desk);
  if (atHand !== null) {
    upload(witness, atHand, fault);
    return say(witness, desk);
  }
  if (out !== null) {
    advanceTo(witness.world.center, witness.world.center.now + 61 * minuteMs);
    await bring(witness, desk, readAll(witness));
    if (fileOut((await desk.view())!.progress)?.name === out.name) await desk.next();
    return;
  }
  const asked = view.people.find(({ step, ended, answer: given }) => step === 'ask-person' && ended === null && given === null);
  if (asked !== undefined) return answer(witness, desk, asked.licenseId, 'confirmed');
  const invited = witness.world.center.people.find(({ license }) => license === 'invited');
  if ((await desk.next()) === null) return;
  if ((await desk.startSitting()) === null) return;
  if (invited !== undefined) carryOut(witness.world.center, { do: 'accept', person: invited.id });
  await bring(witness, desk, readAll(witness));
  if ((await desk.startSitting()) === null) return;
  advanceTo(witness.world.center, witness.world.center.now + 25 * hourMs);
}

const damages = ['semicolons', 'lost-row', 'changed-cell', 'own-row'] as const;
function damaged(bytes: Uint8Array, how: (typeof damages)[number]): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const spoiled = (): string[] => {
    switch (how) {
      case 'semicolons':
        return lines.map((line) => line.replaceAll(',', ';'));
      case 'lost-row':
        return lines.toSpliced(1, 1);
      case 'changed-cell':
        return lines.map((line, index) => (index === 1 ? line.replace('acme', 'acne') : line));
      case 'own-row':
        return lines.toSpliced(1, 0, lines[1]?.replace(/^[^,]*/u, 'own@acme.example') ?? '');
    }
  };
  return new TextEncoder().encode(spoiled().join('\r\n'));
}

const who = fc.nat(5);
const fault: fc.Arbitrary<UploadFault> = fc.record({
  stops: fc.nat(4).map((n) => n === 4),
  refuses: fc.constantFrom(0, 0, 0, 50),
  isFirstScan: fc.nat(7).map((n) => n === 7),
  isTwice: fc.nat(3).map((n) => n === 3),
});

const scimFault: fc.Arbitrary<ScimFault> = fc.record({
  network: fc.constantFrom<(FaultInput | null)[]>(
    null,
    null,
    { kind: 'drop', on: 'patch', times: 9 },
    { kind: 'cut-body', on: 'patch' },
    { kind: 'status', status: 503, on: 'patch', after: 1, times: 9 },
    { kind: 'status', status: 503, on: 'user', times: 9 },
    { kind: 'status', status: 401, on: 'any', after: 2, times: 99 },
    { kind: 'quirk', quirk: 'touched-meanwhile', on: 'patch' },
  ),
  isKilled: fc.boolean(),
});

/** Everything that may happen in the world of a spec, in stories of at most so many steps. */
export const storyOf = (spec: WorldSpec, maxCommands: number) => {
  const licenseOf = (view: PlanView, index: number): string => view.people[index % view.people.length]!.licenseId;
  const calm = story('go on', nothing, (witness, desk) => goOn(witness, desk, spec, noFault));
  const each: fc.Arbitrary<Story>[] = [
    ...Array.from({ length: 12 }, () => calm),
    story('go on, with a faulty upload', fault, (witness, desk, given) => goOn(witness, desk, spec, given)),
    ...(spec.route === 'scim' ? Array.from({ length: 3 }, () => story('go on over SCIM', scimFault, overScim)) : []),
    story('next', nothing, async (_, desk) => void (await desk.next())),
    story('give everyone back', nothing, async (_, desk) => void (await desk.giveBack())),
    story('download', nothing, async (witness, desk) => void (await download(witness, desk))),
    story('throw away', nothing, async (_, desk) => void (await desk.say('discarded'))),
    story('say uploaded', nothing, say),
    story('upload without a word', fault, async (witness, desk, given) => {
      const file = await fileAtHand(witness, desk);
      if (file !== null) upload(witness, file, given);
    }),
    // What was replaced and lies about still takes and gives; only between off and on does anybody still look.
    story('upload an old file', fc.nat(3), async (witness, desk, back) => {
      const view = await desk.view();
      const file = witness.disk.at(-1 - back);
      if (!view || !file || file.planId !== view.plan.id || sittingUnderWay(view.plan, view.progress) === null) return;
      if ([...witness.uploads.values()].includes(file)) return;
      witness.late.set(witness.world.center.counters.uploads + 1, witness.world.center.now);
      upload(witness, file, noFault);
    }),
    story(
      'bring a result',
      fc.record({ back: fc.nat(2), how: fc.option(fc.constantFrom(...damages), { freq: 3 }) }),
      async (witness, desk, { back, how }) => {
        const result = witness.results.at(-1 - back);
        if (result === undefined) return;
        await desk.bringResult(how === null ? result : damaged(result, how));
      },
    ),
    story(
      'bring a list',
      fc.record({ lostRows: fc.constantFrom(0, 0, 1), isStale: fc.nat(4).map((n) => n === 4), tells: fc.boolean() }),
      async (witness, desk, given) => {
        const read = readAll(witness, given);
        witness.exports.push(read);
        await bring(witness, desk, given.tells ? read : { ...read, shown: null });
      },
    ),
    story('bring a filtered list', fc.nat(63), async (witness, desk, mask) => {
      const { center } = witness.world;
      // A stranger who was given an address without a seat looks as its former owner would: a filtered list cannot tell them apart.
      const ours = center.people.slice(0, spec.people.length + spec.crowd);
      const emails = ours.filter((_, index) => (mask >> index) & 1).map(({ profileEmail }) => profileEmail);
      const { csv, asOf } = exportUsers(center, { emails });
      if (emails.length > 0 && csv.trimEnd().includes('\n')) await bring(witness, desk, { csv, asOf, shown: null });
    }),
    // Some who share a group, say: the number that Admin Center shows above a filtered list fits it. Then they want to get on with it.
    story('bring a part as the whole', who, async (witness, desk, given) => {
      const { center } = witness.world;
      const { csv, shown, asOf } = exportUsers(center, { emails: [center.people[given % center.people.length]!.profileEmail] });
      // Nobody, where LinkedIn does not show a new address yet.
      if (shown === 0 || center.people.length - shown <= 5) return;
      for (const { licenseId, step } of (await desk.view())?.people ?? [])
        if (step === 'ask-person') await answer(witness, desk, licenseId, 'confirmed');
      await bring(witness, desk, { csv, shown, asOf, isPart: true });
      if ((await desk.startSitting()) === null) await download(witness, desk);
    }),
    // Other admins spend them as well.
    story('type the assignments in', fc.nat(12), async (witness, desk, used) => {
      const { center } = witness.world;
      if (witness.ledger === null || center.now >= Date.parse(witness.ledger.resetAt)) return;
      await desk.tellAssignments(used);
      witness.ledger = { ...witness.ledger, used };
      witness.spent.clear();
    }),
    story('keep a list for later', nothing, async (witness) => void witness.exports.push(readAll(witness))),
    story('bring an old list', fc.nat(3), async (witness, desk, back) => {
      const read = witness.exports.at(-1 - back);
      if (read !== undefined) await bring(witness, desk, read);
    }),
    story('wait', fc.constantFrom(5, 20, 70, 6 * 60, 25 * 60, 3 * 24 * 60, 8 * 24 * 60), async ({ world: { center } }, desk, minutes) => {
      advanceTo(center, center.now + minutes * minuteMs);
      await desk.tick();
    }),
    story(
      'answer',
      fc.record({ who, said: fc.constantFrom<QuestionAnswer[]>('confirmed', 'confirmed', 'wrong-person', 'not-now') }),
      async (witness, desk, given) => {
        const view = await desk.view();
        if (view?.state === 'running') await answer(witness, desk, licenseOf(view, given.who), given.said);
      },
    ),
    story('start the sitting', nothing, async (_, desk) => void (await desk.startSitting())),
    story(
      'steer the plan',
      fc.constantFrom('pause', 'resume', 'resume', 'cancel' as const),
      async (_, desk, action) => void (await desk.steerPlan(action as 'pause')),
    ),
    story('steer a person', fc.record({ who, action: fc.constantFrom('pause', 'resume', 'cancel' as const) }), async (_, desk, given) => {
      const view = await desk.view();
      if (view?.state === 'running') await desk.steerPerson(licenseOf(view, given.who), given.action as 'pause');
    }),
    story('accept', fc.record({ who, wrongProfile: fc.nat(4).map((n) => n === 4) }), async ({ world: { center } }, _, given) => {
      carryOut(center, { do: 'accept', person: center.people[given.who % center.people.length]!.id, wrongProfile: given.wrongProfile });
    }),
    story(
      'another admin',
      fc.record({ who, does: fc.constantFrom('corrects', 'moves', 'takes', 'gives', 'squats' as const) }),
      async (witness, desk, given) => {
        const { center } = witness.world;
        const view = await desk.view();
        const person = center.people[given.who % center.people.length]!;
        const row = view?.plan.files.flatMap(({ rows }) => rows).find(({ existingEmail }) => findByEmail(center, existingEmail) === person);
        switch (given.does) {
          // The very change of the plan, by hand.
          case 'corrects':
            if (row !== undefined) carryOut(center, { do: 'set-email', person: person.id, email: row.newEmail });
            break;
          case 'moves':
            // Nothing would say who they are, and nobody can follow them (docs/engine.md).
            if (person.uniqueUserId === '' && (person.seatId === '' || withoutOurs(witness).includes(person.id))) break;
            carryOut(center, { do: 'set-email', person: person.id, email: `elsewhere${given.who}@acme.example` });
            break;
          case 'takes':
            carryOut(center, { do: 'set-license', person: person.id, types: [] });
            break;
          case 'gives':
            carryOut(center, { do: 'set-license', person: person.id, types: ['Sales Navigator Advanced Plus'] });
            break;
          // Somebody new gets the address that was meant for somebody else.
          case 'squats':
            if (row !== undefined && findByEmail(center, row.newEmail) === undefined)
              carryOut(center, { do: 'add-user', email: row.newEmail, givenName: 'Some', familyName: 'Body' });
            break;
        }
      },
    ),
    story('other licenses', fc.nat(2), async ({ world: { center } }, _, count) => {
      carryOut(center, { do: 'take-licenses', type: 'Sales Navigator Advanced Plus', count });
    }),
  ];
  return fc.commands(each, { size: '+1', maxCommands });
};

/** What an honest person does until nothing is left to do: every plan can end, and everybody has what they had. */
export async function finish(witness: Witness, desk: Desk): Promise<void> {
  const { center } = witness.world;
  witness.world.refuses = 0;
  carryOut(center, { do: 'settings', settings: { monthlyAssignments: null } });
  carryOut(center, { do: 'take-licenses', type: 'Sales Navigator Advanced Plus', count: 0 });
  center.settings.licenses['Sales Navigator Advanced Plus'] = 100;
  for (let turn = 0; turn < 40; turn++) {
    advanceTo(center, center.now + 61 * minuteMs);
    await desk.tick();
    await bring(witness, desk, readAll(witness));
    const view = await desk.view();
    look(witness, view);
    if (view === null || view.state !== 'running') {
      expect(withoutOurs(witness), 'everybody has the licenses they had').toEqual([]);
      return;
    }
    const out = fileOut(view.progress);
    const sitting = sittingUnderWay(view.plan, view.progress);
    await overScim(witness, desk, noScimFault);
    if (sitting !== null) {
      // No file gives TeamLink Extend, which another admin took: somebody does that by hand.
      if (turn > 8)
        for (const row of sitting.rows) {
          const { licenseId, licenses } = view.plan.files[sitting.off]!.rows[row]!;
          const one = witness.people.get(`${view.plan.id}/${licenseId}`);
          if (one !== undefined) carryOut(center, { do: 'set-license', person: one.person.id, types: [...licenses] });
        }
      await desk.giveBack();
      await overScim(witness, desk, noScimFault);
      const file = await download(witness, desk);
      if (file !== null) upload(witness, file, noFault);
      await say(witness, desk);
    } else if ((await desk.steerPlan('cancel')) !== null && out !== null && (await desk.say('discarded')) !== null) {
      const file = await download(witness, desk);
      if (file !== null && out.state === 'downloaded') upload(witness, file, noFault);
      await say(witness, desk);
    }
  }
  const view = (await desk.view())!;
  expect.fail(
    `The plan does not end: ${JSON.stringify(view.progress.files.map(({ name, state, outcomes }) => ({ name, state, outcomes })))} ${JSON.stringify(view.people.map(({ step, ended }) => [step, ended]))}`,
  );
}
