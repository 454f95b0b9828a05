import type { UserField } from '../../connectors/connector.ts';
import { parseEmail } from './email.ts';
import type { OtherCrmUser } from './finding.ts';
import { type UserIndex, userIdAt, userStates } from './index-people.ts';
import { canonicalEmailAt, type People } from './people.ts';
import type { OtherCrm } from './settings.ts';
import { fullName } from './suggest.ts';

/** The active users of a CRM that LinkedIn does not sync with, as `ReconcileSettings.otherCrms` takes them. */
export function otherCrmOf(crmName: string, users: People<UserField>, index: UserIndex): OtherCrm {
  const active: { id: string; name: string; email: string }[] = [];
  for (let row = 0; row < users.count; row++) {
    const email = canonicalEmailAt(users, row);
    if (index.state[row] !== userStates.active || email === '') continue;
    active.push({ id: userIdAt(users, row), name: fullName({ users }, row), email });
  }
  return { crmName, emails: [], users: active };
}

/** Canonical email → who has it in the other CRMs, in the order in which those were named. */
export function otherCrmUsers(otherCrms: readonly OtherCrm[]): ReadonlyMap<string, readonly OtherCrmUser[]> {
  const found = new Map<string, OtherCrmUser[]>();
  for (const { crmName, emails, users = [] } of otherCrms) {
    const known = new Set<string>();
    const add = (user: OtherCrmUser): void => {
      const parsed = parseEmail(user.email);
      // A bare address adds nothing to a user of the same CRM, nor a second time.
      if (parsed.kind !== 'address' || (user.id === null && known.has(parsed.canonical))) return;
      known.add(parsed.canonical);
      const there = found.get(parsed.canonical);
      if (there) there.push(user);
      else found.set(parsed.canonical, [user]);
    };
    for (const user of users) add({ crmName, ...user });
    for (const email of emails) add({ crmName, id: null, name: null, email });
  }
  return found;
}

/** One person's users in the other CRMs, by each address that is theirs; each once. */
export const usersElsewhere = (
  users: ReadonlyMap<string, readonly OtherCrmUser[]>,
  addresses: readonly string[],
): readonly OtherCrmUser[] => (users.size === 0 ? [] : [...new Set(addresses.flatMap((address) => users.get(address) ?? []))]);
