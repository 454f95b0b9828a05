import { parseEmail } from './email.ts';
import type { DomainAlias } from './settings.ts';

/** Which company domains mean the same mailboxes. */
export interface DomainGroups {
  /** The domain that stands for the group; the domain itself where nothing was declared. */
  representative(domain: string): string;
  /** All domains of the group, the given one included. */
  members(domain: string): readonly string[];
  /** All domains of the group but the given one, each with the @ before it. */
  others(domain: string): readonly string[];
  /** What a declared old domain became; undefined where it is current. */
  successor(domain: string): string | undefined;
  readonly size: number;
}

/** A domain as it stands in canonical emails, or null where it cannot be one. */
export function canonicalDomain(domain: string): string | null {
  const parsed = parseEmail(`x@${domain.trim().replace(/^@/, '')}`);
  return parsed.kind === 'address' ? parsed.domain : null;
}

const noDomains: readonly string[] = [];

/** Declared pairs as groups: aliases of aliases belong together. Pairs that cannot be domains are left out; settings refuse them earlier. */
export function groupDomains(aliases: readonly DomainAlias[]): DomainGroups {
  const parent = new Map<string, string>();
  const successors = new Map<string, string>();
  function find(domain: string): string {
    let at = domain;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  }
  for (const alias of aliases) {
    const old = canonicalDomain(alias.old);
    const current = canonicalDomain(alias.current);
    if (old === null || current === null || old === current) continue;
    successors.set(old, current);
    const [a, b] = [find(old), find(current)];
    if (a !== b) parent.set(a, b);
  }
  const members = new Map<string, string[]>();
  for (const domain of new Set([...successors.keys(), ...successors.values()])) {
    const group = find(domain);
    const list = members.get(group);
    if (list === undefined) members.set(group, [domain]);
    else list.push(domain);
  }
  const others = new Map<string, readonly string[]>();
  for (const group of members.values())
    for (const domain of group)
      others.set(
        domain,
        group.filter((other) => other !== domain).map((other) => `@${other}`),
      );
  return {
    representative: find,
    members: (domain) => members.get(find(domain)) ?? [domain],
    others: (domain) => others.get(domain) ?? noDomains,
    successor: (domain) => successors.get(domain),
    size: successors.size,
  };
}
