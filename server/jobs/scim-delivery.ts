import type { Account, AccountChange, AccountKey, LicenseConnector } from '../../connectors/connector.ts';
import { RequestFailed } from '../../connectors/errors.ts';
import { joinKeyOf } from '../core/email.ts';
import type { PlanFile, PlanRow } from '../core/plan.ts';
import type { RowOutcome } from '../core/plan-progress.ts';
import type { Exported } from '../core/read-export.ts';
import { namesSame } from '../core/scim-removal.ts';
import type { BroughtExport, Delivery, PersonToRead } from './delivery.ts';

/** Our choices. */
export interface ScimDeliveryOptions {
  readonly now: () => Date;
  /** People who are written at the same time; how many requests may begin is the connection's. Default 32. */
  readonly atOnce?: number;
  /** What was done is written down so often; default 30,000. */
  readonly recordEveryMs?: number;
  /** How long one person is waited for until a read shows them as they are to be; a later look finds who takes longer. Default 10,000. */
  readonly seenWithinMs?: number;
}

/**
 * Person by person through a connector that reads before it writes and resolves once a read shows the value, so that a repeat after a crash
 * writes nothing twice. Its reads show no license type, no invitation and no match: those wait for an export.
 */
export function scimDelivery(connector: LicenseConnector, options: ScimDeliveryOptions): Delivery {
  const { now, atOnce = 32, recordEveryMs = 30_000, seenWithinMs = 10_000 } = options;
  const { updateEmail, setLicense, assigns } = connector.capabilities;
  const brought = (people: readonly Exported[]): BroughtExport => ({
    kind: 'export',
    name: 'SCIM',
    asOf: now().toISOString(),
    people,
    rejected: 0,
    warnings: [],
  });

  return {
    capabilities: { updateEmail, setLicense, assigns },
    showsProgress: false,
    readsItself: true,
    // Whoever is not provisioned over SCIM is in no list of it, and has a license all the same.
    readAll: null,
    async carryOut({ kind, rows }, { signal, goesOn = () => true }) {
      const until = performance.now() + recordEveryMs;
      const outcomes = new Map<string, RowOutcome>();
      const people: Exported[] = [];
      let failure: unknown = null;
      const begun = await eachOf(rows, atOnce, async (row) => {
        const person = personOf(row);
        try {
          const change = { signal, confirmWithinMs: seenWithinMs, ...expected(kind, row) };
          people.push(exported(person, await connector.updateAccount(keysOf(person), changeOf(kind, row), change), assigns));
        } catch (error) {
          if (!(error instanceof RequestFailed)) throw error;
          const outcome = outcomeOf(error);
          if (outcome === null) failure ??= error;
          else outcomes.set(row.licenseId, outcome);
          // By what they are now it shows whose hand it was.
          if (error.code === 'conflict') {
            const account = await connector.getAccount(keysOf(person), { signal });
            if (account !== null) people.push(exported(person, account, assigns));
          }
        }
        return failure === null && performance.now() < until && goesOn();
      });
      return { kind: 'rows', outcomes, read: brought(people), rest: rows.slice(begun), failure };
    },
    async read(people, { signal }) {
      const found: Exported[] = [];
      await eachOf(people, atOnce, async (person) => {
        const account = await connector.getAccount(keysOf(person), { signal });
        if (account !== null) found.push(exported(person, account, assigns));
        return true;
      });
      return brought(found);
    },
  };
}

/** So many at a time, until one says that no other is to be begun. Resolves to how many were; rejects with the first failure once all that began are over. */
async function eachOf<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<boolean>): Promise<number> {
  let next = 0;
  let goesOn = true;
  const worker = async (): Promise<void> => {
    while (goesOn && next < items.length) {
      try {
        if (!(await work(items[next++]!))) goesOn = false;
      } catch (error) {
        goesOn = false;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return next;
}

const personOf = ({ seatId, uniqueUserId, existingEmail, newEmail, licenses }: PlanRow): PersonToRead => ({
  seatId,
  uniqueUserId,
  oldEmail: existingEmail,
  newEmail,
  licenses,
});

/** After a crash the person may be at the new address already. */
function keysOf({ uniqueUserId, oldEmail, newEmail }: PersonToRead): readonly AccountKey[] {
  const emails = joinKeyOf(oldEmail) === joinKeyOf(newEmail) ? [newEmail] : [oldEmail, newEmail];
  return [...(uniqueUserId === '' ? [] : [{ uniqueUserId }]), ...emails.map((email) => ({ email }))];
}

function changeOf(kind: PlanFile['kind'], row: PlanRow): AccountChange {
  if (kind === 'license-off' || kind === 'license-on') return { active: kind === 'license-on' };
  return { email: row.newEmail };
}

/** Whoever is at another address was moved by somebody else. What gives licenses back is held up by nothing. */
const expected = (kind: PlanFile['kind'], row: PlanRow): { readonly emailBefore?: string } =>
  kind === 'license-on' ? {} : { emailBefore: row.existingEmail };

/** What a failure says of one person; null where it says something of the connection. */
function outcomeOf({ code, request, status }: RequestFailed): RowOutcome | null {
  const http = status === null ? '' : ` (HTTP ${status})`;
  switch (code) {
    case 'conflict':
      return { outcome: 'refused', message: `LinkedIn has another value there, or somebody else has the address${http}.` };
    case 'not-found':
      return { outcome: 'refused', message: `LinkedIn’s SCIM does not have this person${http}: they were not provisioned over it.` };
    case 'rejected':
      return { outcome: 'refused', message: `LinkedIn’s SCIM does not take this change${http}.` };
    case 'not-supported':
      return { outcome: 'refused', message: 'LinkedIn’s SCIM cannot look this person up: they have no key that it searches by.' };
    case 'timeout':
      return request === 'read-back' ? { outcome: 'accepted' } : null;
    case 'unauthorized':
    case 'forbidden':
    case 'rate-limited':
    case 'unavailable':
    case 'invalid-response':
      return null;
    default:
      return code satisfies never;
  }
}

/** `active` stands for a license as far as the connection is told so; which one it gives is known only where the plan recorded the same. */
function exported({ seatId, licenses }: PersonToRead, { record }: Account, assigns: readonly string[] | null): Exported {
  const { salesLicense, email = '', uniqueUserId = '' } = record;
  const common = { seatId, uniqueUserId, email };
  if (salesLicense === undefined) return { ...common, licenses: null, status: '' };
  if (salesLicense === 'inactive') return { ...common, licenses: [], status: 'No license' };
  return { ...common, licenses: assigns !== null && namesSame(assigns, licenses) ? assigns : null, status: 'Assigned' };
}
