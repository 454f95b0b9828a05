import { type Exported, holdsLicense } from './read-export.ts';
import { invitations, readCrmSyncStatus, readInvitation, readSwitch, seen } from './read-values.ts';
import type { AccountSeen } from './rematch.ts';

/** What an export shows of one person, in the words that rematches move by. */
export function accountSeen(person: Exported): AccountSeen {
  const holds = holdsLicense(person);
  const verdict = readCrmSyncStatus((person.crmSyncStatus ?? '').trim().toLowerCase());
  const switched = readSwitch((person.crmSync ?? '').trim().toLowerCase());
  return {
    email: person.email,
    licenses: holds === false ? [] : (person.licenses ?? []),
    state: holds === false ? 'none' : stateOf(person.status, holds),
    crmStatus: verdict === seen.matched ? 'matched' : verdict === seen.notMatched ? 'not-matched' : 'unknown',
    crmSync: verdict === seen.off || switched === 0 ? 'off' : switched === 1 ? 'on' : 'unknown',
  };
}

function stateOf(status: string, holds: boolean | null): AccountSeen['state'] {
  const invitation = readInvitation(status.trim().toLowerCase());
  if (invitation === invitations.pending) return 'invited';
  if (invitation === invitations.accepted) return 'activated';
  // A license whose status nobody words is held: whether its invitation was accepted is not known.
  return holds === true ? 'licensed' : 'unknown';
}
