import { contractWarnings, dataTransferWarning, openQuestions, savedDataWarning, sharedProductLabels } from '../core/contract-facts.ts';
import { type GroupsAndTeams, groupsAndTeams } from '../core/group-teams.ts';
import { adviseOnLicenses, freeLicensesOf, licensesOfKind, purchasedOf, salesLicenses } from '../core/license-advice.ts';
import { licenseKindLabels, permissionLabels, permissionSentences } from '../core/license-kinds.ts';
import { type HolderView, type LicenseKind, licenseKinds, permissions, sharedProducts } from '../core/status.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { countReasons } from '../store/finding.ts';
import {
  countGroups,
  countHolders,
  countInView,
  countPermissions,
  countWithoutAccess,
  type HolderFilter,
  teamsAndManagers,
} from '../store/person-detail.ts';
import { doneReconciliations, listWithoutLicense, type StoredReconciliation } from '../store/reconciliation.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';
import { currentUsageReports } from '../store/usage.ts';

const dayMs = 86_400_000;

/** YYYY-MM-DD: whose last access was before this day is idle, counted from the list's own age. */
export const idleBefore = (asOf: string, { limits }: Pick<ContractSettings, 'limits'>): string =>
  new Date(Date.parse(asOf) - limits.idleDays * dayMs).toISOString().slice(0, 10);

/** What the lists of license holders are called. */
export const viewLabels: Readonly<Record<HolderView, string>> = {
  all: 'Everybody with a license',
  leavers: 'Leavers with a license',
  idle: 'Not used lately',
  'cannot-sync': 'License can’t sync',
  invited: 'Invitation open',
  'other-team': 'Not in the group of their team',
};

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

function viewSentence(view: HolderView, n: number, idleDays: number, unknownAccess: number, crmName: string, usage: boolean): string {
  switch (view) {
    case 'leavers':
      return n === 0
        ? `Nobody who is inactive in ${crmName} holds a license.`
        : `${count(n, 'person is', 'people are')} inactive in ${crmName} and still ${n === 1 ? 'holds' : 'hold'} a license.`;
    case 'idle': {
      const blank = unknownAccess === 0 ? '' : ` Of ${unknownAccess} the list has no last access, which is not the same as none.`;
      const reports = usage ? ' By their last access, or by usage reports of all that time.' : '';
      return `${count(n, 'person', 'people')} did not open Sales Navigator for ${idleDays} days or more.${reports}${blank}`;
    }
    case 'cannot-sync':
      return `${count(n, 'license', 'licenses')} can’t sync with ${crmName}: only Advanced Plus does. ${n === 1 ? 'It was' : 'They were'} bought all the same.`;
    case 'invited':
      return `${count(n, 'person has', 'people have')} not accepted the invitation.`;
    case 'other-team':
      return `${count(n, 'person is', 'people are')} not in the group that is named like their team in ${crmName}.`;
    case 'all':
      return `${count(n, 'person', 'people')} with a license.`;
  }
}

/** Whether a license of this kind syncs with a CRM (LinkedIn help a158016); null: nobody can tell. */
const canSync = (kind: LicenseKind): boolean | null => (kind === 'other' || kind === 'unsaid' ? null : kind === 'advanced-plus');

const listedViews: readonly HolderView[] = ['leavers', 'idle', 'cannot-sync', 'invited', 'other-team'];

/** The names of LinkedIn's groups as `other-team` asks for them. */
export async function groupNamesOf(db: Queryable, scope: Scope): Promise<string[]> {
  const counts = await countGroups(db, scope);
  return [...new Set(counts.flatMap(({ groups }) => groups.map((group) => group.toLowerCase())))];
}

export interface AskedFilter extends Omit<HolderFilter, 'idleBefore' | 'usedUntil' | 'groupNames' | 'invitedBy' | 'invitedAfter'> {
  /** Of their open invitation: old enough to be sent again, or not yet. */
  readonly age?: 'due' | 'fresh' | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** What a filter needs beside what was asked for. */
export async function filterOf(
  db: Queryable,
  scope: Scope,
  run: StoredReconciliation,
  settings: ContractSettings,
  { age, now, ...asked }: AskedFilter,
): Promise<HolderFilter> {
  const dueSince = new Date(Date.parse(now) - settings.invitations.resendAfterDays * dayMs).toISOString();
  const groupNames = asked.view === 'other-team' ? await groupNamesOf(db, scope) : [];
  const usedUntil = asked.view === 'idle' ? await usedUntilOf(db, scope, run.asOf!) : null;
  return {
    ...asked,
    groupNames,
    usedUntil,
    idleBefore: idleBefore(run.asOf!, settings),
    ...(age === 'due' ? { invitedBy: dueSince } : age === 'fresh' ? { invitedAfter: dueSince } : {}),
  };
}

/** Reports come later than lists, and tell nothing of the days since. */
const newEnoughDays = 14;

/** The last day of the newest usage report, where it is new enough to tell who is idle as of a list. */
async function usedUntilOf(db: Queryable, scope: Scope, asOf: string): Promise<string | null> {
  const [newest] = await currentUsageReports(db, scope);
  if (newest === undefined || newest.to < new Date(Date.parse(asOf) - newEnoughDays * dayMs).toISOString().slice(0, 10)) return null;
  return newest.to;
}

/** Everything that the page of licenses says in numbers. */
export async function lookAtLicenses(db: Queryable, scope: Scope, now: string) {
  const [[run], { settings }, holders, reasons, unknownAccess] = await Promise.all([
    doneReconciliations(db, scope, 1),
    readSettings(db, scope),
    countHolders(db, scope),
    countReasons(db, scope),
    countWithoutAccess(db, scope),
  ]);
  const { contractFacts: facts } = settings;
  const crmName = run?.crmName ?? settings.crmName;
  const sales = salesLicenses(holders);
  const purchased = purchasedOf(facts);
  const { free, sentence: freeSentence } = freeLicensesOf(purchased, sales.assigned, settings.freeLicenses);
  const views = run
    ? await Promise.all(
        listedViews.map(async (view) => ({
          view,
          n: await countInView(db, scope, await filterOf(db, scope, run, settings, { view, now })),
        })),
      )
    : [];
  const usage = run ? await usedUntilOf(db, scope, run.asOf!) : null;
  const leavers = views.find(({ view }) => view === 'leavers')?.n ?? 0;
  const needed = isScopeKnown(run, settings) ? (reasons.find(({ reason }) => reason === 'no-license')?.count ?? 0) : null;
  const counted = run?.summary?.countedOnly ?? {};
  const [adminOnly, unassigned] = [counted['license:admin-only'] ?? 0, counted['license:unassigned'] ?? 0];
  const own = reasons.find(({ reason }) => reason === 'own-subscription')?.count ?? 0;
  return {
    asOf: run?.asOf ?? null,
    numbers: [
      {
        id: 'purchased' as const,
        label: 'Bought',
        value: purchased,
        sentence: purchased === null ? 'Nobody said. Enter it once under “About the contract”.' : 'As somebody entered it here.',
      },
      { id: 'assigned' as const, label: 'Assigned', value: sales.assigned, sentence: 'People with a Sales Navigator license.' },
      { id: 'activated' as const, label: 'Activated', value: sales.activated, sentence: activatedSentence(sales) },
      { id: 'invited' as const, label: 'Invited', value: sales.invited, sentence: 'Assigned and paid for, not accepted yet.' },
      { id: 'free' as const, label: 'Free', value: free, sentence: freeSentence },
    ],
    kinds: licenseKinds
      .map((kind) => ({ kind, of: licensesOfKind(holders, kind), purchased: purchasedOfKind(facts, kind) }))
      .filter((one) => one.of.assigned > 0 || one.purchased !== null)
      .map((one) => ({
        kind: one.kind,
        label: licenseKindLabels[one.kind],
        purchased: one.purchased,
        ...one.of,
        canSync: canSync(one.kind),
      })),
    notCounted: {
      adminOnly,
      unassigned,
      sentence: `${count(adminOnly, 'admin', 'admins')} without a license and ${count(unassigned, 'person', 'people')} without one stand in Admin Center too. They count against none.`,
    },
    advice: mutableSteps(adviseOnLicenses({ free, needed, leavers }, facts)),
    lists: views.map(({ view, n }) => ({
      view,
      label: viewLabels[view],
      count: n,
      sentence: viewSentence(view, n, settings.limits.idleDays, unknownAccess, crmName, usage !== null),
    })),
    withoutLicense: {
      count: needed,
      sentence:
        needed === null
          ? 'Say in the settings which teams should have a license; then we say who has none.'
          : `${count(needed, 'person', 'people')} of your teams in ${crmName} ${needed === 1 ? 'has' : 'have'} no license.`,
    },
    filters: {
      kinds: licenseKinds.map((value) => ({ value, label: licenseKindLabels[value] })),
      permissions: permissions.map((value) => ({ value, label: permissionLabels[value] })),
      ...(await teamsAndManagers(db, scope)),
      groups: [...new Set((await countGroups(db, scope)).flatMap(({ groups }) => groups))].toSorted(),
    },
    facts: {
      questions: [...openQuestions(facts)],
      sentences: [
        ...contractWarnings(facts, { changesEmails: true, takesLicenses: false, paidByThemselves: [], handsOver: false }),
        ...(facts.uploaders.length > 0
          ? [`Files are uploaded by ${facts.uploaders.join(', ')}. Whoever plans and cannot sends them the page of the tasks.`]
          : []),
      ],
      products: sharedProducts.map((value) => ({ value, label: sharedProductLabels[value] })),
    },
    warnings: [savedDataWarning, dataTransferWarning],
    ownSubscriptions: {
      count: own,
      sentence: `${count(own, 'person pays', 'people pay')} for Sales Navigator outside the contract. They are not added; ask LinkedIn about a data transfer before you give them a license.`,
    },
  };
}

/** Whether somebody said who should have a license: only then a CRM user without one is missing something. */
const isScopeKnown = (run: StoredReconciliation | undefined, settings: ContractSettings): boolean =>
  run !== undefined && (run.request.settings.seatScope ?? settings.seatScope) !== 'none';

function activatedSentence({ assigned, activated }: { readonly assigned: number; readonly activated: number }): string {
  if (assigned === 0) return 'Nobody has a license yet.';
  const percent = Math.floor((activated * 100) / assigned);
  return `${percent} % of the assigned. LinkedIn’s own aim is 90 %.`;
}

function purchasedOfKind({ purchased }: ContractSettings['contractFacts'], kind: LicenseKind): number | null {
  switch (kind) {
    case 'advanced-plus':
      return purchased.advancedPlus;
    case 'advanced':
      return purchased.advanced;
    case 'teamlink-extend':
      return purchased.teamLinkExtend;
    case 'other':
    case 'unsaid':
      return null;
  }
}

const mutableSteps = <Advice extends { readonly steps: readonly { readonly sentence: string; readonly href: string | null }[] }>(
  advice: Advice,
) => ({
  ...advice,
  steps: advice.steps.map((step) => ({ ...step })),
});

/** LinkedIn's groups and permissions beside the CRM's teams. */
export async function lookAtGroups(db: Queryable, scope: Scope) {
  const [[run], { settings }, counts, withLicense] = await Promise.all([
    doneReconciliations(db, scope, 1),
    readSettings(db, scope),
    countGroups(db, scope),
    countPermissions(db, scope),
  ]);
  const crmName = run?.crmName ?? settings.crmName;
  const found: GroupsAndTeams = groupsAndTeams(counts, crmName);
  const others = run ? await listWithoutLicense(db, scope, run.id) : [];
  return {
    crmName,
    found,
    permissions: permissions
      .map((permission) => ({
        permission,
        label: permissionLabels[permission],
        sentence: permissionSentences[permission],
        withLicense: withLicense.find((one) => one.permission === permission)?.count ?? 0,
        // Whoever is in the list without a license and without a permission is nobody's admin.
        withoutLicense: permission === 'user' ? [] : others.filter((one) => one.permission === permission),
      }))
      // LinkedIn's own are explained also where nobody has them.
      .filter((one) => one.permission !== 'unclear' || one.withLicense > 0 || one.withoutLicense.length > 0),
  };
}
