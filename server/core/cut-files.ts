import { sittingSizeFor } from './guard-ledger.ts';
import type { PlanFile, PlanRow, UploadRules } from './plan.ts';
import type { DomainAlias } from './settings.ts';
import type { PlanFileKind, Route } from './status.ts';
import { planRoutes } from './status.ts';

export interface Domains {
  readonly domainAliases: readonly DomainAlias[];
  readonly companyDomains: readonly string[];
}

/**
 * A domain-change file is only for a domain change with equal local parts (LinkedIn help a147282): a declared one, or one
 * between two company domains. Everything else goes into an email-change file, and so does what is done by hand.
 */
export function emailKindOf(row: PlanRow, route: Route, domains: Domains): PlanFileKind {
  if (route === 'guided') return 'email-change';
  if (isUnderDeclaredDomain(row, domains.domainAliases)) return 'domain-change';
  const before = split(row.existingEmail);
  const after = split(row.newEmail);
  const ours = new Set(domains.companyDomains.map((domain) => domain.toLowerCase()));
  const between = before.local === after.local && before.domain !== after.domain && ours.has(before.domain) && ours.has(after.domain);
  return between ? 'domain-change' : 'email-change';
}

export function isUnderDeclaredDomain(row: PlanRow, aliases: readonly DomainAlias[]): boolean {
  const before = split(row.existingEmail);
  const after = split(row.newEmail);
  return (
    before.local === after.local &&
    aliases.some((alias) => alias.old.toLowerCase() === before.domain && alias.current.toLowerCase() === after.domain)
  );
}

/** The local part as written: whether LinkedIn's "equal" minds letter case is not documented. */
function split(email: string): { readonly local: string; readonly domain: string } {
  const at = email.lastIndexOf('@');
  return { local: email.slice(0, at), domain: email.slice(at + 1).toLowerCase() };
}

export interface CutOptions {
  readonly id: string;
  readonly tenant: string;
  /** YYYY-MM-DD, both. */
  readonly day: string;
  readonly until: string;
  readonly upload: UploadRules;
  routeOf(licenseId: string): Route;
  emailKindOf(row: PlanRow): PlanFileKind;
  /** People who go alone and first; 0: nobody does. */
  readonly canary: number;
  /** Whether this domain change was already seen to work, so that its first few need not go alone. */
  readonly canaryProven: boolean;
  readonly sittingSize: number;
  readonly freeLicenses: number | null;
}

/** Somebody of a sitting: a license is taken and given, or, for good, only one of the two; all of a plan alike. */
export type TakenOrGiven = { readonly off: PlanRow; readonly on: PlanRow | null } | { readonly off: null; readonly on: PlanRow };

/** The files of a plan in the order in which they are carried out: all emails, then sitting after sitting, off and on together. */
export function cutFiles(
  waves: readonly (readonly PlanRow[])[],
  people: readonly TakenOrGiven[],
  options: CutOptions,
): readonly PlanFile[] {
  const { upload, routeOf, canary } = options;
  const files: PlanFile[] = [];
  const counts: Record<PlanFileKind, number> = { 'domain-change': 0, 'email-change': 0, 'license-off': 0, 'license-on': 0 };
  const add = (file: Omit<PlanFile, 'name'>): void => {
    const { id, tenant, day } = options;
    const until = file.kind === 'license-on' ? null : options.until;
    const name = upload.nameFile(file.kind, counts[file.kind]++, { id, tenant, day, until });
    // What is no upload has no ending of one.
    const prefix = { files: null, scim: 'over-scim-', guided: 'by-hand-' }[file.route];
    files.push({ name: prefix === null ? name : `${prefix}${name.replace(/\.csv$/, '')}`, ...file });
  };
  for (const wave of waves)
    for (const route of planRoutes)
      for (const kind of ['domain-change', 'email-change'] as const) {
        const rows = wave.filter((row) => routeOf(row.licenseId) === route && options.emailKindOf(row) === kind);
        const isFirst = kind === 'domain-change' && !options.canaryProven && counts[kind] === 0 && rows.length > canary;
        const first = isFirst ? canary : 0;
        if (first > 0) add({ kind, route, rows: rows.slice(0, first), canary: true, sitting: null });
        for (let start = first; start < rows.length; start += upload.rowLimit)
          add({ kind, route, rows: rows.slice(start, start + upload.rowLimit), canary: false, sitting: null });
      }
  const size = sittingSizeFor(options.freeLicenses, options.sittingSize);
  let sitting = 0;
  for (const route of planRoutes) {
    const here = people.filter(({ off, on }) => routeOf((off ?? on).licenseId) === route);
    for (let start = 0; start < here.length; ) {
      const isCanary = sitting === 0 && canary > 0;
      const some = here.slice(start, start + (isCanary ? Math.min(canary, size) : size));
      const shared = { route, canary: isCanary, sitting };
      const [offs, ons] = [some.flatMap(({ off }) => off ?? []), some.flatMap(({ on }) => on ?? [])];
      if (offs.length > 0) add({ kind: 'license-off', rows: offs, ...shared });
      if (ons.length > 0) add({ kind: 'license-on', rows: ons, ...shared });
      start += some.length;
      sitting++;
    }
  }
  return files;
}
