import { type AddressFormat, fitsFormat, learnFormat } from './address-format.ts';
import { type Comparison, userName } from './correlate.ts';
import { userStates } from './index-people.ts';
import type { PersonName } from './names.ts';
import { canonicalEmailAt, emailKinds } from './people.ts';

/** About so many colleagues tell how a domain writes its addresses. */
const enough = 24;

/**
 * Whether an address is written as its domain's other active CRM users have theirs. A domain is looked at when somebody asks; the
 * sample is chosen by hash, so it does not depend on the order of the file.
 * @returns null where the domain has no clear habit or the name is unknown
 */
export function learnColleagues(comparison: Comparison): (name: PersonName | null, local: string, domain: string) => boolean | null {
  const { users, userIndex } = comparison;
  const share = Math.min(0xffffffff, (enough * users.domains.length * 0x100000000) / Math.max(1, users.count));
  let sample: Map<string, number[]> | null = null;
  const formats = new Map<string, AddressFormat | null>();

  function sampled(domain: string): readonly number[] {
    if (sample === null) {
      sample = new Map();
      for (let row = 0; row < users.count; row++) {
        if (users.keys[4 * row + 3]! > share || userIndex.state[row] !== userStates.active || users.emailKind[row]! < emailKinds.address)
          continue;
        const name = users.domains[users.domain[row]!]!;
        const rows = sample.get(name);
        if (rows === undefined) sample.set(name, [row]);
        else rows.push(row);
      }
    }
    return sample.get(domain) ?? [];
  }

  return (name, local, domain) => {
    if (name === null) return null;
    let format = formats.get(domain);
    if (format === undefined) {
      const pairs = sampled(domain).flatMap((row) => {
        const theirs = userName(comparison, row);
        const email = canonicalEmailAt(users, row);
        return theirs === null ? [] : [{ name: theirs, local: email.slice(0, email.lastIndexOf('@')) }];
      });
      format = learnFormat(pairs);
      formats.set(domain, format);
    }
    return format === null ? null : fitsFormat(local, name, format.format);
  };
}
