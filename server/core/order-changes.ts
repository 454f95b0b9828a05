import { joinKeyOf } from './email.ts';
import { targetTaken } from './guard-target.ts';
import type { Holder, PlanRow, UploadRules } from './plan.ts';
import type { PlanFileKind } from './status.ts';

export interface RefusedRow {
  readonly row: PlanRow;
  readonly code: string;
  readonly sentence: string;
}

export interface OrderedChanges {
  /** Changes that may be made together; a wave comes after the one before it was seen. */
  readonly waves: readonly (readonly PlanRow[])[];
  readonly refused: readonly RefusedRow[];
  /** Everybody in LinkedIn once all waves are through. */
  readonly after: readonly Holder[];
}

/** Whoever has the same present address as somebody else: an upload could change the wrong one. */
export function sharedAddresses(holders: readonly Holder[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { email } of holders) {
    const key = joinKeyOf(email);
    if (seen.has(key)) shared.add(key);
    seen.add(key);
  }
  return shared;
}

/**
 * Orders changes so that an address is given away before it is given on: A may get B's address only in a file after the one
 * that changed B. A ring (two people who swap) has no such order and is refused.
 * @param kindOf the kind of file a row goes into
 */
export function orderChanges(
  candidates: readonly PlanRow[],
  holders: readonly Holder[],
  upload: Pick<UploadRules, 'lint'>,
  kindOf: (row: PlanRow) => PlanFileKind,
): OrderedChanges {
  const shared = sharedAddresses(holders);
  const present = new Map(holders.map((holder) => [joinKeyOf(holder.email), holder]));
  const planned = new Set(candidates.map((row) => row.licenseId));
  const freedBy = new Map<string, string>();
  const refused: RefusedRow[] = [];
  const waves: PlanRow[][] = [];
  const isShared = (row: PlanRow): boolean => shared.has(joinKeyOf(row.existingEmail));
  let waiting = candidates.filter((row) => !isShared(row));
  for (const row of candidates) if (isShared(row)) refused.push(addressShared(row));
  const isFree = (row: PlanRow): boolean => {
    const key = joinKeyOf(row.newEmail);
    const holder = present.get(key);
    return holder === undefined || (holder.id === row.licenseId && !shared.has(key));
  };
  while (waiting.length > 0) {
    const ready = waiting.filter(isFree).map((row) => ({ ...row, after: freedBy.get(joinKeyOf(row.newEmail)) ?? null }));
    waiting = waiting.filter((row) => !isFree(row));
    if (ready.length === 0) break;
    const linted = lintWave(ready, present.values(), upload, kindOf);
    refused.push(...linted.refused);
    const moved = linted.accepted.map((row) => {
      const key = joinKeyOf(row.existingEmail);
      const holder = present.get(key);
      if (holder?.id === row.licenseId) present.delete(key);
      freedBy.set(key, row.licenseId);
      return { row, licenses: holder?.licenses ?? [] };
    });
    for (const { row, licenses } of moved) {
      const { licenseId: id, uniqueUserId, newEmail: email } = row;
      present.set(joinKeyOf(email), { id, email, uniqueUserId, licenses });
    }
    if (linted.accepted.length > 0) waves.push([...linted.accepted]);
  }
  for (const row of waiting) {
    const holder = present.get(joinKeyOf(row.newEmail))!;
    const { code, sentence } = planned.has(holder.id)
      ? targetTaken('The new address belongs to somebody whose own change is not possible before this one. Solve that person first.')
      : targetTaken();
    refused.push({ row, code, sentence });
  }
  return { waves, refused, after: [...present.values()] };
}

export const addressShared = (row: PlanRow): RefusedRow => ({
  row,
  code: 'address-shared',
  sentence: 'Two people in LinkedIn have the present address, so an upload could change the wrong one.',
});

function lintWave(
  ready: readonly PlanRow[],
  holders: Iterable<Holder>,
  upload: Pick<UploadRules, 'lint'>,
  kindOf: (row: PlanRow) => PlanFileKind,
): { readonly accepted: readonly PlanRow[]; readonly refused: readonly RefusedRow[] } {
  const everybody = [...holders];
  const wave: PlanRow[] = [];
  const refused: RefusedRow[] = [];
  for (const [kind, rows] of Map.groupBy(ready, kindOf)) {
    const linted = lintRows(kind, rows, everybody, upload);
    wave.push(...linted.accepted);
    refused.push(...linted.refused);
  }
  // Two kinds of file, one address: the linter sees one file at a time.
  const targets = Map.groupBy(wave, (row) => joinKeyOf(row.newEmail));
  const isAlone = (row: PlanRow): boolean => targets.get(joinKeyOf(row.newEmail))!.length === 1;
  for (const row of wave)
    if (!isAlone(row)) refused.push({ row, code: 'double-target', sentence: 'Two people of this plan would get the same address.' });
  return { accepted: wave.filter(isAlone), refused };
}

export function lintRows(
  kind: PlanFileKind,
  rows: readonly PlanRow[],
  holders: readonly Holder[],
  upload: Pick<UploadRules, 'lint'>,
): { readonly accepted: readonly PlanRow[]; readonly refused: readonly RefusedRow[] } {
  const found = upload.lint(kind, rows, holders);
  const whole = found.find((one) => one.row === null);
  const accepted: PlanRow[] = [];
  const refused: RefusedRow[] = [];
  rows.forEach((row, index) => {
    const refusal = whole ?? found.find((one) => one.row === index);
    if (refusal === undefined) accepted.push(row);
    else refused.push({ row, code: refusal.code, sentence: refusal.why });
  });
  return { accepted, refused };
}
