import type pg from 'pg';
import { z } from 'zod';
import { inCenter } from '../core/admin-center.ts';
import { mergeTimeline } from '../core/merge-timeline.ts';
import { onboardingOf } from '../core/onboarding.ts';
import type { CrmDetail } from '../core/person-detail.ts';
import { whileNotMatched } from '../core/report-words.ts';
import type { Clock } from '../jobs/clock.ts';
import { lookAtInvitation } from '../jobs/look-at-invitations.ts';
import { makeSupportPacket } from '../jobs/make-support-packet.ts';
import { writeAudit } from '../store/audit.ts';
import { findExceptionOf } from '../store/exception.ts';
import { listPeople, type PeoplePosition, searchCrmUsers, spansOf } from '../store/finding.ts';
import { findIdentityAnswerOf } from '../store/identity-answer.ts';
import { findLinkOf } from '../store/link.ts';
import { observedAnswersOf } from '../store/observed-answer.ts';
import { findDetail } from '../store/person-detail.ts';
import { lastActivation } from '../store/profile-answer.ts';
import { latestRun } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

const position = z.tuple([z.string(), z.string(), z.string()]);

/** A cursor carries its sort, so that it cannot be used under another one. */
const writeCursor = (sort: string, { value, key }: PeoplePosition) => Buffer.from(JSON.stringify([sort, value, key])).toString('base64url');

function readCursor(sort: string, cursor: string): PeoplePosition {
  try {
    const [made, value, key] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (made !== sort) throw new Error('made under another sort');
    if (sort.startsWith('status') && !/^\d{1,4}$/u.test(value)) throw new Error('not a rank');
    if (sort.startsWith('since') && Number.isNaN(Date.parse(value))) throw new Error('not a moment');
    return { value, key };
  } catch (error) {
    throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.', { cause: error });
  }
}

/** The name stands beside it already. */
const crmDetailOf = ({ team, title, manager, employeeNumber, lastLogin }: CrmDetail) => ({
  team,
  title,
  manager,
  employeeNumber,
  lastLogin,
});

export interface PeopleParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
}

export function peopleRoutes({
  pool,
  workspace,
  clock,
}: PeopleParts): Pick<Handlers, 'listPeople' | 'getPerson' | 'listCrmUsers' | 'getSupportPacket'> {
  return {
    async getSupportPacket({ params, actor, response }) {
      const packet = await makeSupportPacket(pool, workspace, params.key, clock.now());
      if (!packet) throw notFound('This license holder');
      const { name, text } = packet;
      await writeAudit(pool, workspace.workspaceId, { actor: actor.name, action: 'support packet downloaded', subject: params.key });
      response.attachment(name).type('text/plain').send(text);
    },
    async listPeople({ query }) {
      const sort = `${query.sort} ${query.order}`;
      const after = query.cursor ? readCursor(sort, query.cursor) : null;
      const run = await latestRun(pool, workspace);
      if (!run) return { rows: [], total: 0, next: null, reconciliationId: null };
      const page = await listPeople(pool, workspace, run, query, { sort: query.sort, order: query.order, after, limit: query.limit });
      return { rows: page.rows, total: page.total, next: page.next && writeCursor(sort, page.next), reconciliationId: run.id };
    },
    async listCrmUsers({ query }) {
      const found = await searchCrmUsers(pool, workspace, query.search, query.limit);
      return { rows: found.map(({ crm, ...user }) => ({ ...user, detail: crm && crmDetailOf(crm) })) };
    },
    async getPerson({ params }) {
      const run = await latestRun(pool, workspace);
      const spans = run ? await spansOf(pool, workspace, run, params.key) : [];
      const latest = spans[0];
      if (!latest) throw notFound('This person');
      const licenseId = latest.finding.license?.id;
      const crmUserId = latest.finding.crmUser?.id;
      const detail = latest.to === null ? await findDetail(pool, workspace, params.key) : null;
      const { settings } = await readSettings(pool, workspace);
      const { ownSubscriptions, adminCenter, crm } = settings;
      const activation = licenseId ? await lastActivation(pool, workspace, licenseId) : null;
      const onboarding =
        latest.to === null && licenseId
          ? onboardingOf({
              reason: latest.finding.reason,
              state: detail?.license?.state ?? 'assigned',
              activatedOn: activation?.activatedOn ?? null,
              answered: activation?.answer != null,
              today: clock.now().toISOString().slice(0, 10),
              crmKind: crm,
            })
          : null;
      const invitation =
        latest.to === null && licenseId ? await lookAtInvitation(pool, workspace, licenseId, settings, clock.now().toISOString()) : null;
      const [link, exception, identityAnswer, observedAnswers] = licenseId
        ? await Promise.all([
            findLinkOf(pool, workspace, licenseId),
            findExceptionOf(pool, workspace, licenseId),
            findIdentityAnswerOf(pool, workspace, licenseId),
            observedAnswersOf(pool, workspace, licenseId),
          ])
        : [null, null, null, []];
      return {
        finding: latest.finding,
        explanation: latest.explanation,
        timeline: mergeTimeline(
          spans.map(({ finding, from, to }) => ({
            from,
            to,
            status: finding.status,
            reason: finding.reason,
            label: finding.label,
            sentence: finding.sentence,
            licenseEmail: finding.license?.email ?? null,
            crmEmail: finding.crmUser?.email ?? null,
          })),
          ({ label, sentence, licenseEmail, crmEmail }) => [label, sentence, licenseEmail, crmEmail],
        ),
        lost: latest.to === null && latest.finding.status === 'not-matched' ? whileNotMatched(settings.crmName) : [],
        present: latest.to === null,
        link,
        exception,
        identityAnswer,
        ownSubscription: crmUserId !== undefined && ownSubscriptions.includes(crmUserId),
        observedAnswers,
        invitation,
        onboarding: onboarding && {
          ...onboarding,
          parts: onboarding.parts.map((part) => ({ ...part, steps: [...inCenter(adminCenter, part.steps)] })),
        },
        crmDetail: detail?.crm ? crmDetailOf(detail.crm) : null,
        suggestionDetails: Object.fromEntries(Object.entries(detail?.suggested ?? {}).map(([id, one]) => [id, crmDetailOf(one)])),
      };
    },
  };
}
