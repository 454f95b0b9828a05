import type { FindingList } from './choose-people.ts';
import { joinKeyOf } from './email.ts';
import type { Summary } from './finding.ts';
import type { PlanSource } from './guard-read.ts';
import type { Holder } from './plan.ts';

/** One person whose stable id LinkedIn is to learn. */
export interface IdRow {
  readonly licenseId: string;
  readonly name: string;
  readonly email: string;
  readonly uniqueUserId: string;
}

export interface IdFile {
  readonly rows: readonly IdRow[];
  readonly leftOut: readonly {
    readonly licenseId: string;
    readonly name: string;
    readonly code: 'no-number' | 'duplicate-id';
    readonly sentence: string;
  }[];
}

/** Whether ids may be written at all: nobody is Not Matched, and the list has everybody. An ID of somebody who is not in it would merge two. */
export const isClean = (licenses: Pick<PlanSource, 'expected'>, { byStatus }: Pick<Summary, 'byStatus'>): boolean =>
  licenses.expected !== null && (byStatus['not-matched'] ?? 0) === 0;

/** Everybody with a license. */
export function licenseHoldersOf(findings: FindingList): readonly Holder[] {
  const holders: Holder[] = [];
  for (let i = 0; i < findings.length; i++) {
    const { license } = findings.at(i)!;
    if (license !== null) holders.push(license);
  }
  return holders;
}

/**
 * Who can be given a Unique User ID, so that no later change of an email loses them: people who are surely matched and have none in
 * LinkedIn. An id that is somebody's already, or two people's in the CRM, is not written: LinkedIn would merge the two.
 * @param others people in LinkedIn without a license
 * @param numberOf a CRM user's employee number; '' where the CRM has none
 */
export function idFile(findings: FindingList, others: readonly Holder[], numberOf: (crmUserId: string) => string): IdFile {
  const candidates: IdRow[] = [];
  const taken = new Map<string, number>();
  const take = (id: string): void => {
    if (id.trim() !== '') taken.set(joinKeyOf(id), (taken.get(joinKeyOf(id)) ?? 0) + 1);
  };
  for (const { uniqueUserId } of others) take(uniqueUserId);
  for (let i = 0; i < findings.length; i++) {
    const { license, crmUser, status, reason, also } = findings.at(i)!;
    if (license === null) continue;
    take(license.uniqueUserId);
    // Somebody whom only the email joins, while anything else speaks against it, must not be tied to it for good.
    const isSure =
      status === 'matched' && reason !== 'identity-conflict' && !also.includes('identity-conflict') && !also.includes('namesake');
    if (!isSure || crmUser === null || license.uniqueUserId.trim() !== '') continue;
    const uniqueUserId = numberOf(crmUser.id).trim();
    candidates.push({ licenseId: license.id, name: license.name, email: license.email, uniqueUserId });
    take(uniqueUserId);
  }
  const rows: IdRow[] = [];
  const leftOut: IdFile['leftOut'][number][] = [];
  for (const row of candidates) {
    const { licenseId, name, uniqueUserId } = row;
    if (uniqueUserId === '')
      leftOut.push({ licenseId, name, code: 'no-number', sentence: 'The CRM has no employee number for this person.' });
    else if (taken.get(joinKeyOf(uniqueUserId)) !== 1)
      leftOut.push({
        licenseId,
        name,
        code: 'duplicate-id',
        sentence: 'Somebody else has the same ID. LinkedIn would merge the two, so it is not written.',
      });
    else rows.push(row);
  }
  return { rows, leftOut };
}
