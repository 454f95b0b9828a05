import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Origin } from '../../connectors/connector.ts';
import { isOddRun } from '../core/guard.ts';
import { isIncomplete } from '../core/guard-read.ts';
import type { KnownInvitation } from '../core/read-invitations.ts';
import { defaultSettings, type ReconcileSettings } from '../core/settings.ts';
import { findConnection } from '../store/connection.ts';
import { type Scope, transaction } from '../store/database.ts';
import { listDomainChanges } from '../store/domain-change.ts';
import type { Engine, QueueDefinition } from '../store/engine.ts';
import { listExceptions } from '../store/exception.ts';
import { agreeingSince, type EncodedFinding, findingsOfRun, historyPairs, type StagedChanges, tidyFindings } from '../store/finding.ts';
import { knownInvitations } from '../store/invitation.ts';
import { linksToTell, noteEmailsOfLinks } from '../store/link.ts';
import { latestObservedAnswers } from '../store/observed-answer.ts';
import {
  answerReconciliation,
  type HeldQuestion,
  insertReconciliation,
  latestRun,
  type NewReconciliation,
  type ReconciliationResult,
  type RunSource,
  refuseReconciliation,
  type StoredReconciliation,
  saveReconciliation,
  setProgress,
  startReconciliation,
  tellReconciliation,
  unfinishedReconciliations,
  withContractLock,
} from '../store/reconciliation.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';
import { findUpload } from '../store/upload.ts';
import { removeDemo } from '../store/workspace.ts';
import { countKept, keepUnseen } from './keep-unseen.ts';
import { notOnThisDisk } from './receive-file.ts';
import { repairsToTell } from './repairs-to-tell.ts';

export const reconciliationQueue: QueueDefinition = { name: 'run-reconciliation', retryLimit: 5, retryDelay: 2, retryDelayMax: 30 };

/** A run that ended a process this often is not tried again. */
const mostAttempts = 3;

/** A connection, as a comparison opens it. */
export interface ConnectionToRead {
  readonly connectionId: string;
  readonly name: string;
  /** Who may answer; null for licenses, which name no org. */
  readonly pinned: Origin | null;
}

/** One of the two files, as a comparison opens it. */
export interface FileToRead {
  readonly path: string;
  readonly name: string;
  /** Column → field, or `ignore`; undefined while only the headers speak. */
  readonly map: Readonly<Record<string, string>> | undefined;
  /** ISO 8601. */
  readonly exportedAt: string;
  /** How many people the source shows; undefined when nobody said. */
  readonly expected: number | undefined;
}

export interface ComparisonRequest {
  readonly scope: Scope;
  readonly licenses: FileToRead | ConnectionToRead;
  readonly crm: FileToRead | ConnectionToRead;
  /** CRMs that LinkedIn does not sync with. */
  readonly otherCrms: readonly (FileToRead | ConnectionToRead)[];
  /** The company's directory. */
  readonly directory: Pick<FileToRead, 'path' | 'name'> | null;
  /** Invitations that are open as far as earlier lists say. */
  readonly invitations: readonly KnownInvitation[];
  /** A connection says itself when its list is from. */
  readonly settings: Omit<ReconcileSettings, 'asOf' | 'managedBySource'> & { readonly asOf?: string };
}

/** A comparison under way. `result` is there once `findings` came to their end. */
export interface Comparison {
  readonly findings: AsyncIterable<readonly EncodedFinding[]>;
  result(): Omit<ReconciliationResult, 'sandbox'> & {
    /** Share of CRM addresses that end in .invalid, 0 to 1: Salesforce appends that in a sandbox. */
    readonly sandboxShare: number;
  };
}

/** A file that cannot be compared: `sentence` is for the person who brought it. */
export class ComparisonRefused extends Error {
  override readonly name = 'ComparisonRefused';
  readonly sentence: string;
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.sentence = sentence;
  }
}

/** Reads and compares both sides off this thread. Throws ComparisonRefused, or hands it out of `findings`. */
export type Compare = (
  request: ComparisonRequest,
  options: { signal: AbortSignal; onProgress: (progress: number, phase: string) => void },
) => Comparison;

export interface ReconciliationRunner {
  readonly pool: pg.Pool;
  readonly compare: Compare;
  /** Where the bytes of an upload lie. */
  readonly pathOfUpload: (id: string) => string;
  /** What else becomes true in the transaction that makes a run done. */
  readonly withIt: (client: pg.PoolClient, scope: Scope, run: StoredReconciliation) => Promise<void>;
  /** Told of what failed unexpectedly and is tried again. */
  readonly logError: (error: unknown) => void;
}

type RunData = { workspaceId: string; contractId: string; id: string };

/**
 * Writes the reconciliation and its job together: there is never one without the other. Returns its id.
 * @param replacesDemo the demo's user, where somebody's own people take the place of the made-up ones
 */
export async function requestReconciliation(
  pool: pg.Pool,
  engine: Engine,
  scope: Scope,
  asked: NewReconciliation,
  replacesDemo: string | null,
): Promise<string> {
  return transaction(pool, (client) => addReconciliation(client, engine, scope, asked, replacesDemo));
}

/** The same in the caller's transaction. */
export async function addReconciliation(
  client: pg.ClientBase,
  engine: Engine,
  scope: Scope,
  asked: NewReconciliation,
  replacesDemo: string | null,
): Promise<string> {
  // Compared with made-up people everybody would be gone at once, and under the settings of a company that is none.
  if (replacesDemo !== null) await removeDemo(client, scope, replacesDemo);
  const id = await insertReconciliation(client, scope, asked);
  await engine.send(client, reconciliationQueue.name, { ...scopeIds(scope), id } satisfies RunData);
  await tellReconciliation(client, scope, id);
  return id;
}

/** Answers the question of a held run. False when it is not held (any more). */
export async function answerHeldReconciliation(
  pool: pg.Pool,
  engine: Engine,
  scope: Scope,
  actor: string,
  id: string,
  answer: 'release' | 'discard',
  reason: string | null,
): Promise<boolean> {
  return transaction(pool, async (client) => {
    const held = await answerReconciliation(client, scope, actor, id, answer, reason);
    if (held && answer === 'release') {
      await engine.send(client, reconciliationQueue.name, { ...scopeIds(scope), id } satisfies RunData);
    }
    if (held) await tellReconciliation(client, scope, id);
    return held;
  });
}

/**
 * Sends a job for every run that a dead process left behind, without waiting until its heartbeat is missed. A job too many
 * is harmless: it waits for the contract's lock and then finds nothing to do.
 */
export async function takeUpUnfinished(pool: pg.Pool, engine: Engine): Promise<number> {
  return transaction(pool, async (client) => {
    const unfinished = await unfinishedReconciliations(client);
    await engine.sendMany(client, reconciliationQueue.name, unfinished);
    return unfinished.length;
  });
}

/**
 * Runs reconciliations from the queue, one at a time in this process and one at a time for each contract. When `stopping`
 * aborts, a run under way stores nothing and is taken up at the next start.
 */
export async function workReconciliations(engine: Engine, runner: ReconciliationRunner, stopping: AbortSignal): Promise<void> {
  await engine.work<RunData>(reconciliationQueue.name, async (job) => {
    const signal = AbortSignal.any([job.signal, stopping]);
    try {
      await runReconciliation(runner, job.data, job.data.id, signal);
    } catch (error) {
      if (!signal.aborted) runner.logError(error);
      throw error;
    }
  });
}

/** Runs one reconciliation to `done`, `held` or `refused`. Throws when it should be tried again; nothing is stored then. */
async function runReconciliation(runner: ReconciliationRunner, scope: Scope, id: string, signal: AbortSignal): Promise<void> {
  const { pool } = runner;
  await withContractLock(pool, scope, async () => {
    const run = await startReconciliation(pool, scope, id);
    if (!run) return;
    if (run.attempts > mostAttempts) {
      const sentence =
        'This comparison stopped unexpectedly several times and was given up. Nothing was stored; please bring both files again.';
      await refuse(pool, scope, id, sentence);
    } else {
      try {
        await compareAndSave(runner, scope, run, signal);
      } catch (error) {
        if (!(error instanceof ComparisonRefused)) throw error;
        await refuse(pool, scope, id, error.sentence);
      }
    }
  });
}

const refuse = (pool: pg.Pool, scope: Scope, id: string, sentence: string) =>
  transaction(pool, async (client) => {
    await refuseReconciliation(client, scope, id, sentence);
    await tellReconciliation(client, scope, id);
  });

async function compareAndSave(runner: ReconciliationRunner, scope: Scope, run: StoredReconciliation, signal: AbortSignal): Promise<void> {
  const { pool } = runner;
  const { settings } = await readSettings(pool, scope);
  const [licenses, crm] = await Promise.all([
    sideToRead(runner, scope, run.licenses, run.request.exportedAt, run.request.adminCenterCount),
    sideToRead(runner, scope, run.crm, run.request.crmExportedAt, undefined),
  ]);
  const otherCrms = await Promise.all(
    (run.request.otherCrms ?? []).map((source) => sideToRead(runner, scope, source, undefined, undefined)),
  );
  const directory =
    run.request.directory === undefined ? null : await fileToRead(runner, scope, run.request.directory, undefined, undefined);
  const compareWith = await reconcileSettings(pool, scope, run, settings);
  const report = progressReporter(pool, scope, run.id);
  const comparison = runner.compare(
    {
      scope: scopeIds(scope),
      licenses,
      crm,
      otherCrms,
      directory,
      invitations: await knownInvitations(pool, scope),
      settings: 'path' in licenses ? { ...compareWith, asOf: licenses.exportedAt } : compareWith,
    },
    { signal, onProgress: report.progress },
  );
  const last = await latestRun(pool, scope);
  let kept = 0;
  const findings = keepUnseen(
    comparison.findings,
    () => (last ? findingsOfRun(pool, scope, last) : nobody()),
    () => {
      const { proofs, asOf } = comparison.result();
      return isIncomplete(proofs.licenses) ? { crmName: run.crmName, idpName: settings.idpName, date: asOf } : null;
    },
    (count) => {
      kept = count;
    },
  );
  try {
    const result = () => {
      const { sandboxShare, summary, ...told } = comparison.result();
      // An org that says what it is need not be guessed at.
      const sandbox = told.crmOrigin?.isTest ?? sandboxShare * 100 > settings.limits.sandboxPercent;
      return { ...told, summary: countKept(summary, kept), sandbox };
    };
    const saved = await saveReconciliation(
      pool,
      scope,
      run,
      findings,
      result,
      (changes, { sandbox, crmOrigin }) =>
        (sandbox && crmOrigin === null ? askSandbox(run, comparison.result().sandboxShare) : null) ?? askOddRun(run, settings, changes),
      (client) => runner.withIt(client, scope, run),
    );
    // What was saved holds without it.
    if ('opened' in saved) {
      await noteEmailsOfLinks(pool, scope).catch(runner.logError);
      await tidyFindings(pool, saved.opened).catch(runner.logError);
    }
  } finally {
    await report.stop();
  }
}

async function* nobody() {}

const sideToRead = (
  runner: ReconciliationRunner,
  scope: Scope,
  source: RunSource,
  exportedAt: string | undefined,
  expected: number | undefined,
): Promise<FileToRead | ConnectionToRead> =>
  'connection' in source
    ? connectionToRead(runner, scope, source.connection)
    : fileToRead(runner, scope, source.upload, exportedAt, expected);

async function connectionToRead({ pool }: ReconciliationRunner, scope: Scope, id: string): Promise<ConnectionToRead> {
  const found = await findConnection(pool, scope, id);
  if (!found) throw new ComparisonRefused('The connection of this comparison was deleted. Choose another one, then compare.');
  return { connectionId: id, name: found.name, pinned: found.origin };
}

async function fileToRead(
  runner: ReconciliationRunner,
  scope: Scope,
  id: string,
  exportedAt: string | undefined,
  expected: number | undefined,
): Promise<FileToRead> {
  const upload = await findUpload(runner.pool, scope, id);
  if (!upload) throw new ComparisonRefused('A file of this comparison was deleted. Bring it again, then compare.');
  const map =
    upload.mapping &&
    Object.fromEntries(upload.mapping.filter(({ column }) => column !== '').map(({ column, field }) => [column, field ?? 'ignore']));
  const path = runner.pathOfUpload(id);
  if (!existsSync(path)) throw new ComparisonRefused(notOnThisDisk(upload.name));
  return { path, name: upload.name, map: map ?? undefined, exportedAt: exportedAt ?? upload.modifiedAt, expected };
}

/** Everything a comparison is told: the contract's settings, this run's, and what people decided and earlier runs knew. */
async function reconcileSettings(
  pool: pg.Pool,
  scope: Scope,
  run: StoredReconciliation,
  settings: ContractSettings,
): Promise<Omit<ReconcileSettings, 'asOf' | 'managedBySource'>> {
  const [links, exceptions, observedAnswers, history, agreeing, repairs, changes] = await Promise.all([
    linksToTell(pool, scope),
    listExceptions(pool, scope),
    latestObservedAnswers(pool, scope),
    historyPairs(pool, scope),
    agreeingSince(pool, scope),
    repairsToTell(pool, scope),
    listDomainChanges(pool, scope),
  ]);
  const { limits, ...contract } = settings;
  const today = run.createdAt.slice(0, 10);
  // How old the list is, and where it marks who manages whom, says the list.
  const { asOf: _, managedBySource: __, ...usual } = defaultSettings;
  return {
    ...usual,
    ...contract,
    // While a domain becomes another one, both are the company's own. Where no domain was declared, the majority says which are.
    companyDomains:
      contract.companyDomains.length === 0
        ? []
        : [
            ...new Set([
              ...contract.companyDomains,
              ...changes.flatMap((change) => (change.endsOn >= today ? [change.old, change.current] : [])),
            ]),
          ],
    ...run.request.settings,
    crm: run.request.crm,
    crmName: run.crmName,
    links,
    exceptions: exceptions.filter((exception) => exception.until >= today),
    waiting: [...contract.waiting, ...repairs.waiting].filter(({ until }) => until >= today),
    repairFailed: repairs.failed,
    observedAnswers: observedAnswers.map(({ licenseId, verdict, on }) => ({ licenseId, verdict, at: on })),
    history,
    agreeing,
    crmJobHours: limits.crmJobHours,
    // Zoho alone says that its invitations expire.
    invitationDays: run.request.crm === 'zoho' ? limits.invitationDays : null,
  };
}

function askSandbox(run: StoredReconciliation, share: number): HeldQuestion | null {
  if (run.request.answers.sandbox) return null;
  return {
    id: 'sandbox',
    sentence: `${(share * 100).toFixed(1)} % of the addresses in ${run.crmName} end in .invalid. Is this a sandbox? You can look, but nothing should be planned from it.`,
  };
}

/** Somebody who is gone changed as well: a wrong file shows itself by that. */
function askOddRun(run: StoredReconciliation, { limits }: ContractSettings, changes: StagedChanges): HeldQuestion | null {
  const changed = changes.statusChanged + changes.gone;
  if (run.request.answers.oddRun || !isOddRun(changed, changes.before, { percent: limits.oddRunPercent, people: limits.oddRunPeople }))
    return null;
  return {
    id: 'odd-run',
    sentence: `${changed} of ${changes.before} people changed status at once. Was this the wrong file or org, or a domain change?`,
  };
}

/** Writes progress at most five times a second, one write at a time; a lost one is harmless. */
function progressReporter(pool: pg.Pool, scope: Scope, id: string) {
  let last = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> | null = null;
  return {
    progress(progress: number, phase: string) {
      const now = performance.now();
      if (writing || now - last < 200) return;
      last = now;
      writing = setProgress(pool, scope, id, progress, phase)
        .then(() => tellReconciliation(pool, scope, id))
        .catch(() => {})
        .finally(() => {
          writing = null;
        });
    },
    stop: async () => writing,
  };
}

const scopeIds = ({ workspaceId, contractId }: Scope) => ({ workspaceId, contractId });
