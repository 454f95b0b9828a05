import { assignmentsLeft } from '../core/guard-ledger.ts';
import { guardContractCrm, guardIncomplete, guardOrg, guardSandbox, guardStale } from '../core/guard-read.ts';
import { licenseHoldersOf } from '../core/id-file.ts';
import { freeLicensesOf, purchasedOf, salesLicenses } from '../core/license-advice.ts';
import { type NewUserRow, type NotAdded, newUsers, pasteBlocks } from '../core/new-users.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { firstInvitationsOf } from '../store/first-invitation.ts';
import { countHolders, listUnlicensed } from '../store/person-detail.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import { monthLedger } from './month-ledger.ts';
import { type OfferTools, planInputs } from './offer-files.ts';

export interface OfferedUsers {
  /** Why nobody is offered; null where somebody may be added. */
  readonly refusal: string | null;
  readonly rows: readonly NewUserRow[];
  readonly notAdded: readonly NotAdded[];
  readonly files: readonly { readonly name: string; readonly text: string; readonly rows: readonly NewUserRow[] }[];
  readonly blocks: readonly string[];
}

/**
 * The files that give CRM users without a license one, from the newest comparison. Nothing is sent: the same comparison offers the same
 * files on the same day, and only a new export shows who was added.
 * @param leaveOut keys of findings
 * @param now ISO 8601
 */
export async function offerNewUsers(
  db: Queryable,
  scope: Scope,
  tools: OfferTools,
  leaveOut: readonly string[],
  now: string,
): Promise<OfferedUsers> {
  const [run] = await doneReconciliations(db, scope, 1);
  if (!run) return nobody('Nothing was compared yet. Bring both user lists first.');
  const { findings, options, settings } = await planInputs(db, scope, run, tools, now);
  const { crmName, licenses } = options;
  const trip = [
    guardContractCrm(options.isContractCrmKnown),
    guardSandbox(crmName, options.sandbox),
    guardOrg(crmName, options.org),
    guardIncomplete(licenses),
    guardStale(licenses, { now, lastWriteAt: null, maxHours: options.maxAgeHours.email, action: 'email' }),
  ].find((one) => one !== null);
  if (trip) return nobody(`${trip.sentence} ${trip.nextStep}`);
  if (licenses.expected === null)
    return nobody(
      'Nobody said how many users Admin Center shows, so somebody may be there already whom the export left out. Compare again with that number.',
    );
  const holders = [...licenseHoldersOf(findings), ...options.others];
  const assigned = salesLicenses(await countHolders(db, scope)).assigned;
  const unlicensed = await listUnlicensed(db, scope);
  const { rows, notAdded } = newUsers(unlicensed, {
    crmName,
    companyDomains: [...options.companyDomains, ...options.domainAliases.map(({ current }) => current)],
    released: [],
    formerEmails: options.formerEmails,
    holders,
    firstInvitation: await firstInvitationsOf(
      db,
      scope,
      unlicensed.map(({ crmUserId }) => crmUserId),
    ),
    leaveOut,
    free: freeLicensesOf(purchasedOf(settings.contractFacts), assigned, settings.freeLicenses).free,
    assignmentsLeft: assignmentsLeft(await monthLedger(db, scope, await readSettings(db, scope), now), 0, now),
  });
  const { files, refused } = tools.writeNewUsers(rows, {
    holders,
    rowLimit: settings.limits.rowsPerFile,
    run: run.id.slice(0, 8),
    tenant: options.tenant,
    day: now.slice(0, 10),
  });
  const added = files.flatMap((file) => file.rows);
  return {
    refusal: null,
    rows: added,
    notAdded: [
      ...refused.map(({ row: { key, name, email }, code, why }) => ({
        key,
        name,
        email,
        code,
        sentence: why,
        nextStep: `Correct it in ${crmName}, then compare again.`,
      })),
      ...notAdded,
    ],
    files,
    blocks: pasteBlocks(added),
  };
}

const nobody = (refusal: string): OfferedUsers => ({ refusal, rows: [], notAdded: [], files: [], blocks: [] });
