import type pg from 'pg';
import type { FindingList } from '../core/choose-people.ts';
import type { Finding } from '../core/finding.ts';
import { type IdRow, licenseHoldersOf } from '../core/id-file.ts';
import { makePlan, type PlanOptions, planDefaults } from '../core/make-plan.ts';
import type { NewUserRow } from '../core/new-users.ts';
import type { Holder, Plan, UploadRules } from '../core/plan.ts';
import { listsOf } from '../core/plan-lists.ts';
import type { Actor } from '../core/status.ts';
import { findConnection } from '../store/connection.ts';
import { listContracts } from '../store/contract.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { formerEmails, plainFindingsOfRun } from '../store/finding.ts';
import { listIdOffer, listWithoutLicense, type StoredReconciliation } from '../store/reconciliation.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';
import type { PlanTools } from './plan-files.ts';

/** The vendor's side of the files, as parameters: this room imports no connector. */
export interface OfferTools {
  readonly write: PlanTools['write'];
  /** Without whatever the vendor would refuse. */
  writeIds(rows: readonly IdRow[], holders: readonly Holder[]): { readonly text: string; readonly rows: number };
  /** The files that add users, split where one would be too long; whoever the vendor would refuse is named with the reason. */
  writeNewUsers(
    rows: readonly NewUserRow[],
    options: {
      readonly holders: readonly Holder[];
      readonly rowLimit: number;
      readonly run: string;
      readonly tenant: string;
      readonly day: string;
    },
  ): {
    readonly files: readonly { readonly name: string; readonly text: string; readonly rows: readonly NewUserRow[] }[];
    readonly refused: readonly { readonly row: NewUserRow; readonly code: string; readonly why: string }[];
  };
  uploadRules(options: { readonly rowLimit: number }): UploadRules;
}

export interface OfferedFile {
  readonly kind: string;
  readonly name: string;
  readonly rows: number;
  readonly sentence: string;
  readonly forLinkedIn: boolean;
  readonly actor: Actor;
  text(): string;
}

export interface OfferedFiles {
  readonly files: readonly OfferedFile[];
  readonly leftOut: readonly { readonly key: string; readonly name: string; readonly reason: string }[];
  readonly refusal: string | null;
}

/**
 * The email-change files and lists that a done reconciliation makes. Nothing is sealed or sent: the same reconciliation on
 * the same day offers the same files under the same names.
 */
export async function offerFiles(
  pool: pg.Pool,
  scope: Scope,
  run: StoredReconciliation,
  tools: OfferTools,
  now: string,
): Promise<OfferedFiles> {
  const { findings, options } = await planInputs(pool, scope, run, tools, now);
  const outcome = makePlan(findings, { ...options, id: run.id.slice(0, 8), by: run.createdBy });
  const plan = outcome.kind === 'plan' ? outcome.plan : outcome.draft;
  const lists = listFiles(plan);
  const uploads = outcome.kind === 'plan' ? uploadFiles(plan, tools) : [];
  const ids = tools.writeIds(await listIdOffer(pool, scope, run.id), [...options.others, ...licenseHoldersOf(findings)]);
  return {
    files: [...uploads, ...idFiles(ids), ...lists],
    leftOut: plan.leftOut.map(({ licenseId, name, sentence, nextStep }) => ({
      key: `license:${licenseId}`,
      name,
      reason: `${sentence} ${nextStep}`,
    })),
    refusal: outcome.kind === 'plan' ? null : outcome.trips.map(({ sentence, nextStep }) => `${sentence} ${nextStep}`).join(' '),
  };
}

const uploadFiles = (plan: Plan, tools: OfferTools): OfferedFile[] =>
  plan.files.map((file, index) => ({
    kind: file.kind,
    name: file.name,
    rows: file.rows.length,
    sentence: uploadSentence(file.rows.length, file.canary, index, plan.files.length),
    forLinkedIn: true,
    actor: 'linkedin-admin',
    text: () => tools.write(file.kind, file.rows, plan.idColumn),
  }));

function uploadSentence(rows: number, canary: boolean, index: number, files: number): string {
  const people = `${rows} license ${rows === 1 ? 'email changes' : 'emails change'}. No invitation is sent and no license is removed.`;
  const order = files > 1 ? ` File ${index + 1} of ${files}: upload one at a time, the next after a proof of this one.` : '';
  return `${people}${canary ? ' These few go first, so that a wrong domain is found on them.' : ''}${order}`;
}

const idFiles = ({ rows, text }: ReturnType<OfferTools['writeIds']>): OfferedFile[] =>
  rows === 0
    ? []
    : [
        {
          kind: 'ids',
          name: 'ids.csv',
          rows,
          sentence:
            'Writes employee numbers to LinkedIn once, so that no later change of an email loses anybody. No email changes, no license is touched. Upload it when no other file is out.',
          forLinkedIn: true,
          actor: 'linkedin-admin',
          text: () => text,
        },
      ];

function listFiles(plan: Plan): OfferedFile[] {
  const lists = listsOf(plan);
  const list = (kind: string, rows: number, sentence: string, actor: Actor): OfferedFile[] =>
    rows === 0 ? [] : [{ kind, name: `${kind}.csv`, rows, sentence, forLinkedIn: false, actor, text: () => lists[`${kind}.csv`]! }];
  return [
    ...list('crm-change-list', plan.crmChanges.length, `Emails to correct in ${plan.crmName}. LinkedIn stays as it is.`, 'crm-admin'),
    ...list(
      'identity-request',
      plan.identityRequests.length,
      'A request for the identity team: LinkedIn would undo a change made there.',
      'identity-team',
    ),
    ...list('left-out', plan.leftOut.length, 'Everybody Not Matched whom no file repairs, each with the reason.', 'linkedin-admin'),
  ];
}

/**
 * Everything that a plan from a done reconciliation is made of, beside who is chosen and who makes it.
 * @param chosen license ids whose finding is needed whole though they are Matched
 */
export async function planInputs(
  db: Queryable,
  scope: Scope,
  run: StoredReconciliation,
  tools: OfferTools,
  now: string,
  chosen: ReadonlySet<string> = new Set(),
): Promise<{ readonly findings: FindingList; readonly options: Omit<PlanOptions, 'id' | 'by'>; readonly settings: ContractSettings }> {
  const [{ settings, changed }, contracts] = await Promise.all([readSettings(db, scope), listContracts(db, scope.workspaceId)]);
  const asked = { ...settings, ...run.request.settings };
  const { summary, proofs } = run;
  if (!summary || !proofs || !run.asOf) throw new Error(`Reconciliation ${run.id} is not done.`);
  const findings = await holdFindings(db, scope, { number: run.number, asOf: run.asOf }, chosen);
  return {
    findings,
    settings,
    options: {
      ...planDefaults,
      now,
      tenant: contracts.length === 1 ? '' : (contracts.find(({ id }) => id === scope.contractId)?.name ?? ''),
      crmName: run.crmName,
      crmKind: run.request.crm,
      // The only contract's CRM is the one that is compared; of several each says its own.
      isContractCrmKnown: contracts.length === 1 || changed.some(({ setting }) => setting === 'crm'),
      licenses: proofs.licenses,
      crm: proofs.crm,
      sandbox: run.sandbox ? (run.crmOrigin?.name ?? run.files.crm) : null,
      org: await orgOf(db, scope, run),
      others: await listWithoutLicense(db, scope, run.id),
      companyDomains: asked.companyDomains.length > 0 ? asked.companyDomains : summary.companyDomains,
      domainAliases: asked.domainAliases,
      formerEmails: await formerEmails(db, scope),
      released: settings.releasedPeople,
      maxAgeHours: { email: settings.limits.emailFileMaxAgeDays * 24, removal: settings.limits.removalMaxAgeHours },
      expiresAfterHours: settings.limits.planHours,
      upload: tools.uploadRules({ rowLimit: settings.limits.rowsPerFile }),
    },
  };
}

/** Whom the run read, and whom its connection is pinned to now. A deleted one cannot say that it was another. */
async function orgOf(db: Queryable, scope: Scope, { crm, crmOrigin }: StoredReconciliation): Promise<PlanOptions['org']> {
  if (crmOrigin === null || !('connection' in crm)) return null;
  const pinned = (await findConnection(db, scope, crm.connection))?.origin?.id ?? crmOrigin.id;
  return { pinned, seen: crmOrigin.id };
}

/** Holds a run's findings; of those that nothing is planned for only what says whose an address is. */
async function holdFindings(
  db: Queryable,
  scope: Scope,
  run: { number: number; asOf: string },
  chosen: ReadonlySet<string>,
): Promise<FindingList> {
  const held: Finding[] = [];
  for await (const finding of plainFindingsOfRun(db, scope, run)) {
    held.push(
      finding.status === 'not-matched' || chosen.has(finding.license?.id ?? '')
        ? finding
        : { ...finding, suggestions: [], changeEvidence: [], sentence: '', nextStep: '', closedBy: '' },
    );
  }
  return held;
}
