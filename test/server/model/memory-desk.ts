import type { AccountField, UserField } from '../../../connectors/connector.ts';
import { FileRefused, RequestFailed } from '../../../connectors/errors.ts';
import { parseTable } from '../../../connectors/linkedin-files/simulator/table.ts';
import { linkedinPlanTools } from '../../../server/commands/linkedin-plan-tools.ts';
import { leftToSend, takeCarried } from '../../../server/core/carry-out.ts';
import type { Ledger } from '../../../server/core/guard-ledger.ts';
import { makePlan } from '../../../server/core/make-plan.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { planGate, type SittingTime } from '../../../server/core/plan-gate.ts';
import {
  type FileProgress,
  fileOut,
  giveBack,
  type PlanProgress,
  releaseNext,
  rowAt,
  rowsOf,
  type Said,
  sayOf,
  sentAgain,
  siftMade,
  sittingUnderWay,
  unprovenOut,
} from '../../../server/core/plan-progress.ts';
import { type Read, takeExport } from '../../../server/core/read-export.ts';
import { reconcile } from '../../../server/core/reconcile.ts';
import { advanceRematch, isBetweenOffAndOn, type Rematch, type RematchEvent, startRematch } from '../../../server/core/rematch.ts';
import { whyNotOverScim } from '../../../server/core/scim-removal.ts';
import { whatHappened } from '../../../server/core/what-happened.ts';
import { peopleOf } from '../../../server/jobs/approve-plan.ts';
import type { Delivery, FileToCarry } from '../../../server/jobs/delivery.ts';
import { PlanRefused, readOf, takeBrought, uncounted } from '../../../server/jobs/plan-files.ts';
import { people, settingsWith } from '../core/build.ts';
import { exampleOptions } from '../core/example-plan.ts';
import type { BroughtExport, Desk, PlanView } from './desk.ts';

export interface Contract {
  readonly domainAliases: readonly { readonly old: string; readonly current: string }[];
  readonly canary: number;
  readonly sittingSize: number;
  /** Used as of the beginning; null: nobody typed it in. */
  readonly ledger: Ledger | null;
  readonly freeLicenses: number | null;
}

const by = 'ada@acme.example';
const hours = 3_600_000;
const answerDays = 7;
const tools = linkedinPlanTools;

/** The repair's own rules with nothing around them: what the jobs do in a transaction is done in one go here. */
export function memoryDesk(contract: Contract, clock: () => string, scim: Delivery | null): Desk {
  let count = 0;
  let plan: Plan | null = null;
  let progress: PlanProgress = { planId: '', seal: '', files: [], heldBack: [] };
  let state: PlanView['state'] = 'draft';
  let isPaused = false;
  let sitting: SittingTime | null = null;
  let crew: readonly Rematch[] = [];
  /** Of earlier plans. */
  let before: readonly Rematch[] = [];
  let lists: { readonly source: string; readonly asOf: string; readonly rows: number }[] = [];
  /** People of the list that the plan was made from. */
  let lastGood: number | null = null;
  let typedIn: { readonly ledger: Ledger | null; readonly at: string } = { ledger: contract.ledger, at: '' };

  const stamp = () => ({ at: clock(), by });
  const context = () => ({ at: clock(), by, crmJobHours: 24 });
  const move = (eventsOf: (one: Rematch) => readonly RematchEvent[]): void => {
    crew = crew.map((one) => eventsOf(one).reduce((now, event) => advanceRematch(now, event, context()), one));
  };
  const spent = (): number => [...before, ...crew].filter(({ licenseOnAt }) => licenseOnAt !== null && licenseOnAt >= typedIn.at).length;
  const ledger = (): Ledger | null => {
    const told = typedIn.ledger;
    return told === null || told.resetAt <= clock() ? null : { ...told, used: told.used + spent() };
  };
  const source = ({ source: name, asOf, rows }: (typeof lists)[number]) => ({
    source: name,
    sha256: 'ab',
    asOf,
    received: rows,
    rejected: 0,
    expected: rows,
  });
  const gate = () =>
    planGate({
      plan: plan!,
      progress,
      isPaused,
      expiresAt: plan!.expiresAt,
      sitting,
      people: crew.map((one) => ({ state: one, compared: null })),
      protected: [],
      complete: lists.length === 0 ? null : source(lists.reduce((newest, list) => (list.asOf > newest.asOf ? list : newest))),
      lastGood,
      maxAgeHours: { email: 72, removal: 24 },
      ledger: ledger(),
      reservedAssignments: 0,
      freeLicenses: contract.freeLicenses,
      window: plan!.window,
      fileOutElsewhere: null,
      writtenElsewhereAt: null,
      now: clock(),
    });
  const keep = (next: PlanProgress): void => {
    if (next === progress) return;
    const known = new Set(progress.heldBack.map(({ licenseId }) => licenseId));
    const held = new Map(next.heldBack.filter(({ licenseId }) => !known.has(licenseId)).map((one) => [one.licenseId, one.sentence]));
    progress = next;
    move((one) => (held.has(one.licenseId) ? [{ kind: 'left-out', cause: held.get(one.licenseId)! }] : []));
  };
  const release = () => {
    const released = releaseNext(plan!, progress, tools.nameRetry, stamp(), gate());
    if (released.kind !== 'out') keep(released.progress);
    return released;
  };
  const settle = (): void => {
    if (state !== 'running') return;
    move(() => [{ kind: 'time' }]);
    const until = new Date(Date.parse(clock()) + answerDays * 24 * hours).toISOString();
    if (!isPaused)
      move((one) =>
        one.step === 'ask-person' && one.ended === null && one.asked === null && !one.paused ? [{ kind: 'asked', until }] : [],
      );
    if (!crew.every(({ ended }) => ended !== null) || sittingUnderWay(plan!, progress) !== null) return;
    if (fileOut(progress) !== null && crew.some(({ ended }) => ended !== 'cancelled')) return;
    state = 'done';
  };
  /** Does something to a plan that runs; what it answers is why it was refused. */
  const run = async (work: () => string | null, states: readonly PlanView['state'][] = ['running']): Promise<string | null> => {
    if (plan === null || !states.includes(state)) return 'There is no such plan under way.';
    const refusal = work();
    settle();
    return refusal;
  };
  const say = (said: Said): string | null => {
    const outcome = sayOf(plan!, progress, said, stamp());
    if (!outcome.ok) return outcome.sentence;
    progress = outcome.progress;
    const { kind, rows } = plan!.files[outcome.file.file]!;
    if (said === 'discarded' || (said === 'downloaded' && kind !== 'license-off')) return null;
    const sent = new Set(outcome.file.rows.map((row) => rows[row]!.licenseId));
    const file = kind === 'license-off' || kind === 'license-on' ? kind : 'email';
    move((one) => (sent.has(one.licenseId) ? [{ kind: 'handed-over', file }] : []));
    return null;
  };
  const learn = (next: PlanProgress, read: Read | null): void => {
    progress = next;
    move(whatHappened(plan!, progress, read));
  };
  const isExpired = (): boolean => clock() > plan!.expiresAt;
  const overScim = 'It goes over SCIM by itself.';
  const isOverScim = (): boolean => {
    const out = fileOut(progress);
    return out !== null && plan!.files[out.file]!.route === 'scim';
  };

  return {
    async plan(wish, read, crm) {
      if (plan !== null && (state === 'running' || crew.some(isBetweenOffAndOn))) return 'A plan is under way.';
      const compared = compare(read, crm, contract);
      const rows = parseTable(read.csv).length - 1;
      const outcome = makePlan(compared, {
        ...exampleOptions(),
        id: `p${++count}`,
        now: clock(),
        mode: wish.mode,
        scope: wish.licenseIds.length === 0 ? { kind: 'everybody' } : { kind: 'people', licenseIds: wish.licenseIds },
        licenses: { ...source({ source: 'users.csv', asOf: read.asOf, rows }), expected: read.shown },
        companyDomains: compared.summary.companyDomains,
        domainAliases: contract.domainAliases,
        others: withoutLicense(read),
        canary: contract.canary,
        sittingSize: contract.sittingSize,
        ledger: ledger(),
        freeLicenses: contract.freeLicenses,
        routes:
          wish.route === 'files'
            ? {}
            : Object.fromEntries(Array.from({ length: compared.length }, (_, row) => [compared.at(row).license?.id ?? '', wish.route])),
      });
      if (outcome.kind === 'stopped') return outcome.trips[0]!.sentence;
      const removal = { canary: 'somebody', confirmedOn: '2026-11-01' };
      const why = whyNotOverScim(outcome.plan, scim?.capabilities ?? null, removal);
      if (why !== null) return why;
      const mine = peopleOf(outcome.plan.files);
      if (mine.length === 0) return 'Nobody is left in this plan.';
      before = [...before, ...crew];
      plan = outcome.plan;
      progress = { planId: plan.id, seal: 'ab', files: [], heldBack: [] };
      state = 'running';
      isPaused = false;
      sitting = null;
      lists = read.shown === rows ? [{ source: 'users.csv', asOf: read.asOf, rows }] : [];
      lastGood = read.shown === rows ? rows : null;
      crew = mine.map(({ row, licenses }) => startRematch({ ...row, mode: plan!.mode, oldEmail: row.existingEmail, licenses }, clock()));
      release();
      settle();
      return null;
    },
    view: async () => (plan === null ? null : { plan, progress, state, isPaused, people: crew }),
    next: () =>
      run(() => {
        const released = release();
        return released.kind === 'out' ? `${released.file.name} is out.` : released.kind === 'waiting' ? released.sentence : null;
      }),
    giveBack: () =>
      run(() => {
        const released = giveBack(plan!, progress, tools.nameRetry, stamp(), gate());
        if (released.kind === 'file') progress = released.progress;
        return released.kind === 'finished' ? 'Everybody has theirs.' : null;
      }),
    async download() {
      let out: FileProgress | null = null;
      await run(() => {
        if (isOverScim()) return overScim;
        const sifted = siftMade(plan!, progress, stamp(), gate());
        if (sifted?.kind === 'waiting') return sifted.sentence;
        if (sifted !== null) keep(sifted.progress);
        out = fileOut(progress);
        return out === null ? 'No file is out.' : say('downloaded');
      });
      out = out as FileProgress | null;
      if (out === null) return null;
      const text = tools.write(plan!.files[out.file]!.kind, rowsOf(plan!, out), plan!.idColumn);
      return { file: out, text };
    },
    say: (said) => run(() => (isOverScim() ? overScim : say(said))),
    async bringResult(bytes) {
      const brought = await tools.readBytes('result.csv', bytes, clock()).catch((error: unknown) => {
        if (error instanceof FileRefused) return null;
        throw error;
      });
      return run(() => {
        if (brought === null) return 'This is no file of LinkedIn.';
        try {
          learn(takeBrought(plan!, progress, brought, { ...stamp(), expired: isExpired() }, uncounted).progress, null);
          return null;
        } catch (error) {
          if (error instanceof PlanRefused) return error.sentence;
          throw error;
        }
      });
    },
    async bringExport({ csv, asOf, shown }) {
      const brought = await tools.readBytes('export.csv', Buffer.from(csv), asOf);
      if (brought.kind !== 'export') throw new Error('An export was taken for something else.');
      return run(() => {
        try {
          takeBrought(plan!, progress, brought, { ...stamp(), expired: isExpired() }, { shown, lastGood });
        } catch (error) {
          if (!(error instanceof PlanRefused)) throw error;
          if (error.code === 'too-old') return error.sentence;
        }
        const read = readOf(brought, { shown, lastGood });
        learn(takeExport(plan!, progress, read, { ...stamp(), expired: isExpired() }).progress, read);
        const rows = brought.people.length + brought.rejected;
        if (rows === shown) lists.push({ source: 'export.csv', asOf, rows });
        return null;
      });
    },
    async carryOut(isKilled) {
      if (scim === null) return;
      const signal = new AbortController().signal;
      const expired = (): boolean => isExpired();
      let sent: FileToCarry | null = null;
      const taken = fileOut(progress);
      const rows = taken?.rows.filter((row) => taken.outcomes[row]?.outcome === 'accepted').map((row) => rowAt(plan!, taken, row)) ?? [];
      if (state === 'running' && isOverScim() && rows.length > 0) {
        const asked = rows.map(({ existingEmail, ...row }) => ({ ...row, oldEmail: existingEmail }));
        const brought = await scim.read(asked, { signal }).catch((error: unknown) => {
          // The job comes again.
          if (error instanceof RequestFailed) return null;
          throw error;
        });
        if (brought === null) return;
        const read = readOf(brought, uncounted);
        await run(() => {
          learn(takeExport(plan!, progress, read, { ...stamp(), expired: expired() }).progress, read);
          return null;
        });
      }
      await run(() => {
        if (!isOverScim()) return 'Nothing is out.';
        const sifted = siftMade(plan!, progress, stamp(), gate());
        if (sifted?.kind === 'waiting') return sifted.sentence;
        if (sifted !== null) keep(sifted.progress);
        const out = fileOut(progress);
        const left = leftToSend(plan!, progress);
        if (out === null || left.length === 0) return 'Nothing is left.';
        const { kind } = plan!.files[out.file]!;
        if (isPaused && kind !== 'license-on') return 'It is paused.';
        const isFirst = out.log.every(({ state: was }) => was !== 'said-to-be-uploaded');
        say('downloaded');
        say('uploaded');
        if (!isFirst) progress = sentAgain(plan!, progress, fileOut(progress)!, stamp());
        sent = { name: out.name, kind, rows: left.map((row) => rowAt(plan!, out, row)), idColumn: plan!.idColumn };
        return null;
      });
      const file = sent as FileToCarry | null;
      if (file !== null) {
        const carried = await scim.carryOut(file, { signal }).catch((error: unknown) => {
          if (error instanceof RequestFailed) return null;
          throw error;
        });
        if (carried === null || isKilled || carried.kind !== 'rows') return;
        await run(() => {
          const read = readOf(carried.read, uncounted);
          learn(takeCarried(plan!, progress, file.name, { ...carried, read }, { ...stamp(), expired: expired() }), read);
          return null;
        });
      }
      await run(() => {
        release();
        return null;
      });
    },
    startSitting: () =>
      run(() => {
        const made = Math.max(-1, ...progress.files.map(({ file }) => file));
        const index = plan!.files.find((file, place) => place > made && file.kind === 'license-off')?.sitting ?? null;
        if (index === null) return 'No licenses are left to remove in this plan.';
        const was = sitting;
        sitting = { index, plannedFor: null, startedAt: clock() };
        const kept = progress;
        const released = release();
        if (released.kind !== 'waiting' && released.kind !== 'out') return null;
        sitting = was;
        progress = kept;
        return released.kind === 'waiting' ? released.sentence : `${released.file.name} is out: bring its proof first.`;
      }),
    steerPlan: (action) =>
      run(() => {
        if (action === 'pause') isPaused = true;
        else if (action === 'resume') {
          if (isPaused) {
            isPaused = false;
            release();
          }
        } else if (sittingUnderWay(plan!, progress) !== null) {
          move(() => [{ kind: 'cancel' }]);
          return 'Some people have no license right now.';
        } else {
          const out = unprovenOut(plan!, progress);
          if (out !== null) return `${out.name} was downloaded.`;
          move(() => [{ kind: 'cancel' }]);
          state = 'cancelled';
        }
        return null;
      }),
    steerPerson: (licenseId, action) =>
      run(() => {
        const one = crew.find((person) => person.licenseId === licenseId);
        if (one === undefined || one.ended !== null) return 'Their repair has ended already.';
        if (action === 'pause' && isBetweenOffAndOn(one)) return 'They have no license right now.';
        const out = fileOut(progress);
        const isOut =
          out !== null && out.state !== 'made' && out.rows.some((row) => plan!.files[out.file]!.rows[row]!.licenseId === licenseId);
        if (action === 'cancel' && isOut && !isBetweenOffAndOn(one)) return 'Their row is in a file that is out.';
        move((person) => (person.licenseId === licenseId ? [{ kind: action }] : []));
        return null;
      }),
    async tellAssignments(used) {
      if (typedIn.ledger !== null) typedIn = { ledger: { ...typedIn.ledger, used }, at: clock() };
    },
    answer: (licenseId, answer) =>
      run(() => {
        if (crew.find((one) => one.licenseId === licenseId)?.step !== 'ask-person') return 'Nobody asked them.';
        move((one) => (one.licenseId === licenseId ? [{ kind: 'answered', answer, reason: null }] : []));
        return null;
      }),
    tick: async () => void (await run(() => null)),
  };
}

const records = (csv: string): Record<string, string>[] => {
  const [header = [], ...rows] = parseTable(csv);
  return rows.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ''])));
};

const accountFields = {
  seatId: 'seat_id',
  email: 'invited_email_address',
  givenName: 'preferred_first_name',
  familyName: 'preferred_last_name',
  uniqueUserId: 'unique_user_id',
  licenseStatus: 'license_status',
  licenseType: 'license_type',
  crmSyncStatus: 'crm_sync_status',
} as const satisfies Partial<Record<AccountField, string>>;
const userFields = {
  id: 'Id',
  email: 'Email',
  displayName: 'Name',
  active: 'IsActive',
  employeeNumber: 'EmployeeNumber',
} as const satisfies Partial<Record<UserField, string>>;

function side<Field extends string>(csv: string, columns: Partial<Record<Field, string>>) {
  const fields = Object.entries(columns) as [Field, string][];
  const rows = records(csv).map(
    (row) => Object.fromEntries(fields.map(([field, column]) => [field, row[column] ?? ''])) as Record<Field, string>,
  );
  return people<Field>(
    rows,
    fields.map(([field]) => field),
  );
}

const compare = ({ csv, asOf }: BroughtExport, crm: string, { domainAliases }: Contract) =>
  reconcile(side<UserField>(crm, userFields), side<AccountField>(csv, accountFields), settingsWith({ asOf, domainAliases }));

/** Whoever Admin Center lists without a license: their addresses are taken all the same. */
const withoutLicense = ({ csv }: BroughtExport) =>
  records(csv)
    .filter((row) => row.license_status === 'No license')
    .map((row) => ({
      id: row.seat_id || row.unique_user_id || row.invited_email_address!,
      email: row.invited_email_address!,
      uniqueUserId: row.unique_user_id!,
      licenses: [],
    }));
