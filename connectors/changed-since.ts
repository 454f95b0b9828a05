import { RequestFailed } from './errors.ts';

/** How long before the moment that is named a listing of changes begins; the longest that a transaction of Salesforce takes. */
const usualOverlapMs = 600_000;

/**
 * From when on changes are asked for: what was written while the last list was read may carry an earlier time than its end, and is read twice
 * rather than never.
 * @param changedSince ISO 8601. Throws RequestFailed `rejected` for anything else.
 */
export function sinceWithOverlap(changedSince: string, overlapMs = usualOverlapMs): Date {
  const since = new Date(Date.parse(changedSince) - overlapMs);
  if (Number.isNaN(since.getTime()))
    throw new RequestFailed('rejected', 'changes', {
      sentence: 'The time since when changes are asked for is none. Write it as 2026-11-20T09:00:00Z.',
    });
  return since;
}

/** Of a connection whose vendor cannot be asked for changes. */
export const tellsNoChanges = (): RequestFailed =>
  new RequestFailed('not-supported', 'users', {
    sentence: '{vendor} cannot be asked for what changed since a time. Leave that out and read everybody.',
  });
