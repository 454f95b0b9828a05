import type pg from 'pg';
import type { Mailing, NewMailing } from '../api.ts';
import { licenseKindLabels, permissionLabels } from '../core/license-kinds.ts';
import { renderMail } from '../core/render-mail.ts';
import type { Clock } from '../jobs/clock.ts';
import { filterOf, viewLabels } from '../jobs/look-at-licenses.ts';
import { ActionRefused } from '../jobs/plan-desk.ts';
import { lookAtMailing, type MailingWish, writeToPeople } from '../jobs/write-to-people.ts';
import { writeAudit } from '../store/audit.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { tellInvitations } from '../store/invitation.ts';
import { listMailings, type StoredMailing, stopMailing } from '../store/mailing.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import type { MailDelivery } from './mails.ts';
import { notFound, RequestRefused } from './problem.ts';

type MailingEndpoint = 'lookAtMailing' | 'sendMailing' | 'listMailings' | 'getMailing' | 'stopMailing';

export interface MailingParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly mail: MailDelivery;
}

/** More names than these help nobody: the sentences are the same. */
const mostNamed = 500;
const mailingsShown = 50;

const people = (n: number): string => (n === 1 ? '1 person' : `${n} people`);

/** Messages to several people at once: looked at before, one mail for each, stopped while they wait. */
export function mailingRoutes({ pool, engine, workspace, clock, mail }: MailingParts): Pick<Handlers, MailingEndpoint> {
  const now = () => clock.now().toISOString();

  async function meant({ kind, holders, withoutLicense, note }: NewMailing) {
    const { settings } = await readSettings(pool, workspace);
    if ((holders === undefined) === (withoutLicense === undefined))
      throw new RequestRefused(400, 'Say whom it is for in one way: license holders, or people without a license.');
    const words = note === undefined ? null : { subject: note.subject, text: note.text, on: note.on ?? null };
    if (withoutLicense !== undefined) {
      const wish: MailingWish = { kind, to: { withoutLicense }, note: words };
      return { settings, wish, audience: `${people(withoutLicense.length)} without a license` };
    }
    const [run] = await doneReconciliations(pool, workspace, 1);
    if (!run) throw new ActionRefused('not-now', 'Nothing was compared yet. Bring both user lists first.');
    const to = await filterOf(pool, workspace, run, settings, { ...holders!, now: now() });
    return { settings, wish: { kind, to, note: words } satisfies MailingWish, audience: audienceOf(holders!) };
  }

  async function find(id: string): Promise<Mailing> {
    const [found] = await listMailings(pool, workspace, { id, limit: 1 });
    if (!found) throw notFound('This message');
    return toMailing(found);
  }

  return {
    async lookAtMailing({ body }) {
      const { settings, wish, audience } = await meant(body);
      const looked = await lookAtMailing(pool, workspace, wish, { settings, now: now() });
      const [first] = looked.recipients;
      return {
        audience,
        people: looked.recipients.length,
        leftOut: looked.leftOut.length,
        notWritten: looked.leftOut.slice(0, mostNamed),
        quietUntil: looked.quietUntil,
        preview: first ? { subject: first.message.subject, ...renderMail(first.message, mail.baseUrl) } : null,
      };
    },
    async sendMailing({ body, actor }) {
      const { settings, wish, audience } = await meant(body);
      const id = await transaction(pool, async (tx) => {
        const made = await writeToPeople(tx, engine, workspace, wish, { settings, now: now(), by: actor.name, audience });
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'message to several people',
          subject: made,
          detail: { kind: body.kind, audience },
        });
        return made;
      });
      return find(id);
    },
    async listMailings() {
      return { rows: (await listMailings(pool, workspace, { limit: mailingsShown })).map(toMailing) };
    },
    getMailing: ({ params }) => find(params.id),
    async stopMailing({ params, actor }) {
      await find(params.id);
      await transaction(pool, async (tx) => {
        const stopped = await stopMailing(tx, workspace, params.id, { name: actor.name, at: now() });
        if (stopped === null) throw new RequestRefused(409, 'This message was stopped before.');
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'message stopped',
          subject: params.id,
          detail: { notSent: stopped },
        });
        await tellInvitations(tx, workspace);
      });
      return find(params.id);
    },
  };
}

/** Whom a list has, in words. */
function audienceOf({ view, group, permission, kind, team, manager, age, search }: NonNullable<NewMailing['holders']>): string {
  return [
    viewLabels[view],
    group && `group ${group}`,
    team && `team ${team}`,
    manager && `manager ${manager}`,
    kind && licenseKindLabels[kind],
    permission && permissionLabels[permission],
    age && (age === 'due' ? 'invitation old enough to be sent again' : 'invitation still fresh'),
    search && `“${search}”`,
  ]
    .filter(Boolean)
    .join(', ');
}

function toMailing({ id, kind, subject, audience, leftOut, author, at, people: all, states, stopped }: StoredMailing): Mailing {
  const waiting = states.queued + states.sending;
  const gone = states.sent + states.captured;
  return {
    id,
    kind,
    subject,
    audience,
    author,
    at,
    people: all,
    sent: gone,
    waiting,
    failed: states.failed,
    leftOut: leftOut.length,
    notWritten: leftOut.slice(0, mostNamed),
    stopped,
    canStop: stopped === null && states.queued > 0,
    sentence:
      stopped !== null
        ? `Stopped by ${stopped.by}: ${gone} of ${people(all)} had it already.`
        : waiting > 0
          ? `${gone} of ${people(all)} have it, ${waiting} still ${waiting === 1 ? 'waits' : 'wait'} in the outbox.`
          : states.failed > 0
            ? `${gone} of ${people(all)} have it; ${states.failed} could not be sent.`
            : `${people(all)} ${all === 1 ? 'has' : 'have'} it.`,
  };
}
