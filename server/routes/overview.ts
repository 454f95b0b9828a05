import type pg from 'pg';
import type { Banner, Overview, ToDo } from '../api.ts';
import { openDecisions } from '../core/open-decisions.ts';
import type { Clock } from '../jobs/clock.ts';
import { lookAtDecisions, profileQuestionsNow } from '../jobs/look-at-decisions.ts';
import { lookAtActivation } from '../jobs/look-at-invitations.ts';
import { broughtBy } from '../store/brought-by.ts';
import { findContract } from '../store/contract.ts';
import { listDomainChanges, type StoredDomainChange } from '../store/domain-change.ts';
import { changedKeys, countNextSteps, countReasons } from '../store/finding.ts';
import { doneReconciliations, listIdOffer, reconciliationUnderWay, type StoredReconciliation } from '../store/reconciliation.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { toReconciliationRow } from './reconciliations.ts';

export interface OverviewParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  /** Who brought the demo's files; null outside the demo. */
  readonly demoActor: string | null;
  readonly clock: Clock;
}

const dayMs = 86_400_000;

const peopleHref = (filter: Record<string, string>) => `/people?${new URLSearchParams(filter)}`;

export function overviewRoutes({ pool, workspace, demoActor, clock }: OverviewParts): Pick<Handlers, 'getOverview'> {
  const isDemo = async (run: StoredReconciliation) => demoActor !== null && (await broughtBy(pool, workspace, run.licenses)) === demoActor;
  return {
    async getOverview() {
      const [done, underWay, { settings }, contract] = await Promise.all([
        doneReconciliations(pool, workspace, 30),
        reconciliationUnderWay(pool, workspace),
        readSettings(pool, workspace),
        // Its name may have changed since this process began.
        findContract(pool, workspace.workspaceId, workspace.contractId),
      ]);
      const latest = done[0] ?? null;
      const summary = latest?.summary ?? null;
      const run = latest?.asOf ? { number: latest.number, asOf: latest.asOf } : null;
      const rootCauses = [...(summary?.rootCauses ?? [])];
      const [reasons, steps, keys, idOffer, decided, newcomers, domainChanges, invited] = await Promise.all([
        countReasons(pool, workspace),
        countNextSteps(
          pool,
          workspace,
          rootCauses.map(({ id }) => id),
        ),
        run ? changedKeys(pool, workspace, run) : null,
        latest ? listIdOffer(pool, workspace, latest.id) : [],
        latest ? lookAtDecisions(pool, workspace, clock.now()) : [],
        latest ? profileQuestionsNow(pool, workspace, clock.now()) : [],
        listDomainChanges(pool, workspace),
        lookAtActivation(pool, workspace, settings, clock.now().toISOString()),
      ]);
      const byStatus = Map.groupBy(reasons, ({ status }) => status);
      const freshness = latest && freshnessOf(latest, settings, clock.now());
      return {
        now: clock.now().toISOString(),
        workspace: { id: workspace.workspaceId, name: workspace.name },
        contract: {
          id: workspace.contractId,
          name: contract?.name ?? workspace.contractName,
          crm: latest?.request.crm ?? settings.crm,
          crmName: latest?.crmName ?? settings.crmName,
        },
        latest: latest && toReconciliationRow(latest),
        underWay: underWay && toReconciliationRow(underWay),
        headline: summary && { seatsThatSync: summary.seatsThatSync, seats: summary.licenseHolders },
        byStatus: [...byStatus].map(([status, of]) => ({ status, count: of.reduce((sum, { count }) => sum + count, 0) })),
        byReason: reasons.map(({ status, reason, label, labels, count }) => ({
          status,
          reason,
          label: labels > 1 ? inWords(reason) : label,
          count,
        })),
        matchedNotSyncing: summary?.matchedNotSyncing ?? 0,
        rootCauses,
        toDo: [
          ...openDecisions(decided).map(({ action, count }): ToDo => ({ actor: 'crm-admin', action, count, href: '/decisions' })),
          ...(newcomers.length > 0 ? [askNewcomers(newcomers.length)] : []),
          ...domainChanges.filter(({ endsOn }) => endsOn < clock.now().toISOString().slice(0, 10)).map(domainChangeOver),
          ...invitationsToSend(invited, settings.invitations.resendAfterDays),
          ...toDoList(underWay, freshness, rootCauses, steps),
          ...(latest && idOffer.length > 0 ? [offerOfIds(latest, idOffer.length)] : []),
        ],
        activation: invited.activation ?? null,
        changes:
          latest?.changes && keys
            ? { ...latest.changes, keys: { new: keys.new, repaired: keys.repaired, cameBack: keys['came-back'] } }
            : null,
        freshness,
        banners: latest && freshness ? bannersOf(latest, freshness, await isDemo(latest)) : [],
        observedAgreement: summary?.observedAgreement ?? { agreed: 0, of: 0 },
        suggestedAliases: [...(summary?.suggestedAliases ?? [])],
        trend: trendOf(done),
      };
    },
  };
}

/** A reason whose people have several labels is named by itself: `email-differs` is "Email differs". */
const inWords = (reason: string) => reason[0]!.toUpperCase() + reason.slice(1).replaceAll('-', ' ').replace('crm', 'CRM');

function freshnessOf({ proofs }: StoredReconciliation, { limits }: ContractSettings, now: Date): Overview['freshness'] {
  if (!proofs) return null;
  const licensesAgeDays = Math.max(0, (now.getTime() - Date.parse(proofs.licenses.asOf)) / dayMs);
  return {
    licensesAsOf: proofs.licenses.asOf,
    crmAsOf: proofs.crm.asOf,
    licensesAgeDays: Math.floor(licensesAgeDays),
    stale: licensesAgeDays > limits.staleAfterDays,
  };
}

function bannersOf(run: StoredReconciliation, freshness: NonNullable<Overview['freshness']>, isDemo: boolean): Banner[] {
  const banners: Banner[] = [];
  const licenses = run.proofs?.licenses;
  if (isDemo) {
    banners.push({
      kind: 'demo',
      sentence: 'These people are made up, and their systems are simulated. Bring your two user lists: yours take their place.',
    });
  }
  if (run.sandbox) {
    banners.push({ kind: 'sandbox', sentence: `This is a ${run.crmName} sandbox. You can look, but nothing will be planned from it.` });
  }
  if (licenses && licenses.expected !== null && licenses.received < licenses.expected) {
    banners.push({
      kind: 'incomplete',
      sentence: `The export has ${licenses.received} of ${licenses.expected} people. Without the rest we plan no removals.`,
    });
  }
  if (freshness.stale) {
    banners.push({ kind: 'stale', sentence: `Your LinkedIn export is ${freshness.licensesAgeDays} days old. Bring a new one.` });
  }
  const rejected = (run.rejects?.licenses ?? 0) + (run.rejects?.crm ?? 0);
  if (rejected > 0) {
    banners.push({
      kind: 'rejects',
      sentence: `${rejected} ${rejected === 1 ? 'row' : 'rows'} of the two files could not be used; the rejects file says why.`,
    });
  }
  return banners;
}

function toDoList(
  underWay: StoredReconciliation | null,
  freshness: Overview['freshness'],
  rootCauses: Overview['rootCauses'],
  steps: Awaited<ReturnType<typeof countNextSteps>>,
): ToDo[] {
  const toDo: ToDo[] = [];
  if (underWay?.question)
    toDo.push({ actor: 'linkedin-admin', action: underWay.question.sentence, count: 1, href: `/runs/${underWay.id}` });
  if (freshness?.stale) {
    toDo.push({
      actor: 'linkedin-admin',
      action: `Your LinkedIn export is ${freshness.licensesAgeDays} days old. Bring a new one.`,
      count: 1,
      href: '/compare',
    });
  }
  for (const cause of rootCauses) {
    if (cause.actor === 'nobody-wait') continue;
    toDo.push({
      actor: cause.actor,
      action: `${causeOf(cause.title)} ${cause.repair}`,
      count: cause.count,
      href: peopleHref({ rootCause: cause.id }),
    });
  }
  for (const { actor, status, reason, nextStep, count } of steps) {
    // The sentence is written for one person; here it stands for all of them.
    toDo.push({
      actor,
      action: count === 1 ? nextStep : nextStep.replace("this person's", 'their'),
      count,
      href: peopleHref({ actor, status, reason }),
    });
  }
  return toDo;
}

const askNewcomers = (count: number): ToDo => ({
  actor: 'linkedin-admin',
  action: 'Activated two days ago or more: ask if they see their usual connections.',
  count,
  href: '/decisions',
});

const invitationsToSend = ({ toResend, toReinvite }: Awaited<ReturnType<typeof lookAtActivation>>, days: number): ToDo[] => [
  ...(toResend > 0
    ? [
        {
          actor: 'linkedin-admin',
          action: `Invited ${days} days ago or more and not in yet: send the invitation again.`,
          count: toResend,
          href: '/invitations?age=due',
        } as const,
      ]
    : []),
  ...toReinvite.map(
    ({ crmName, users }): ToDo => ({
      actor: 'crm-admin',
      action: `The invitation to ${crmName} itself ran out: re-invite them there.`,
      count: users,
      href: '/invitations',
    }),
  ),
];

const domainChangeOver = ({ old, current }: StoredDomainChange): ToDo => ({
  actor: 'linkedin-admin',
  action: `The days in which both ${old} and ${current} are valid are over. Read the report, then end the change or give it more days.`,
  count: 1,
  href: '/domain-changes',
});

const offerOfIds = ({ id }: StoredReconciliation, count: number): ToDo => ({
  actor: 'linkedin-admin',
  action: 'Everybody matches. Upload the ID file once, and no later change of an email loses anybody.',
  count,
  href: `/runs/${id}`,
});

/** "37 of 65: the name changed" as a sentence: the count stands beside it. A domain keeps its small letter. */
function causeOf(title: string): string {
  const cause = title.replace(/^\d+ of \d+: /u, '');
  return `${/^\S*\./u.test(cause) ? cause : cause[0]!.toUpperCase() + cause.slice(1)}.`;
}

/** Oldest first. */
const trendOf = (done: readonly StoredReconciliation[]): Overview['trend'] =>
  done.toReversed().flatMap(({ id, number, asOf, summary }) =>
    summary && asOf
      ? {
          id,
          number,
          at: asOf,
          seatsThatSync: summary.seatsThatSync,
          seats: summary.licenseHolders,
          matched: summary.byStatus.matched ?? 0,
          notMatched: summary.byStatus['not-matched'] ?? 0,
        }
      : [],
  );
