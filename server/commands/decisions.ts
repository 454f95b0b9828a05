import type { CrmUsers, Decisions } from '../api.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import { type ServerOptions, ServerRefused } from './server-client.ts';
import { withServer } from './server-plans.ts';

export interface OnServer extends ServerOptions {
  readonly json?: boolean | undefined;
}

const day = (on: string | null, before: string): string => (on === null ? '' : `  ${before} ${on}`);

/** `seatmatch decisions`: what people decided and what holds. Exit 1 while somebody has to look at one of them. */
export const listDecisionsCommand = (options: OnServer, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const told = await client.get<Decisions>('/api/decisions');
    const lines = told.rows.map(
      ({ id, kind, state, person, licenseId, crmUserId, on, sentence, reason, author }) =>
        `${id}  ${kind.padEnd(9)} ${state.padEnd(5)} ${person ? `${person.name} <${person.email}>` : licenseId}${crmUserId === null ? '' : ` is ${crmUserId}`}${day(on, 'until')}  ${author}${reason === null ? '' : `: ${reason}`}${sentence === null ? '' : `\n  ${sentence}`}`,
    );
    const asked = told.profileQuestions.map(
      ({ name, email, activatedOn }) => `Ask ${name} <${email}>, activated on ${activatedOn}: do they see their usual connections?`,
    );
    answer(io, options.json, told, `${[...lines, ...asked].join('\n') || 'Nobody decided anything.'}\n`);
    return told.rows.some(({ sentence }) => sentence !== null) || asked.length > 0 ? 1 : 0;
  });

/** `seatmatch decisions find`: users of the CRM by a part of their name, email, id or team. Exit 1 where nobody is found. */
export const findCrmUserCommand = (options: OnServer & { readonly search: string }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const found = await client.get<CrmUsers>(`/api/crm-users?${new URLSearchParams({ search: options.search, limit: '50' })}`);
    const lines = found.rows.map(({ crmUserId, name, email, active, holder, detail }) =>
      [
        crmUserId,
        `${name} <${email}>`,
        detail?.title,
        detail?.team,
        active ? '' : 'inactive',
        holder && `owner of the license of ${holder}`,
      ]
        .filter(Boolean)
        .join('  '),
    );
    answer(io, options.json, found, `${lines.join('\n') || 'Nobody is found.'}\n`);
    return found.rows.length > 0 ? 0 : 1;
  });

export type NewDecision =
  | {
      readonly kind: 'link';
      readonly licenseId: string;
      readonly crmUserId: string;
      readonly reason?: string | undefined;
      readonly on?: string | undefined;
    }
  | { readonly kind: 'except'; readonly licenseId: string; readonly reason: string; readonly on: string }
  | { readonly kind: 'nobody' | 'later'; readonly licenseId: string; readonly reason: string; readonly on?: string | undefined }
  | { readonly kind: 'own-subscription'; readonly crmUserId: string; readonly has: boolean };

/** `seatmatch decisions link | except | nobody | later | own-subscription`: a decision that counts from the next comparison. */
export const decideCommand = (options: OnServer & { readonly decision: NewDecision }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { decision } = options;
    const kept = async (): Promise<unknown> => {
      switch (decision.kind) {
        case 'link': {
          const { licenseId, crmUserId, reason: note, on: reviewOn } = decision;
          return client.post('/api/links', { licenseId, crmUserId, note, reviewOn });
        }
        case 'except': {
          const { licenseId, reason, on: until } = decision;
          return client.post('/api/exceptions', { licenseId, reason, until });
        }
        case 'nobody':
        case 'later': {
          const { licenseId, kind, reason, on: reviewOn } = decision;
          return client.post('/api/identity-answers', { licenseId, answer: kind, reason, reviewOn });
        }
        case 'own-subscription': {
          const { crmUserId, has } = decision;
          await client.put('/api/own-subscriptions', { crmUserId, has });
          return { crmUserId, has };
        }
      }
    };
    answer(io, options.json, await kept(), 'Kept. It counts from the next comparison; nothing is changed in LinkedIn or the CRM.\n');
    return 0;
  });

const places = { link: 'links', exception: 'exceptions', nobody: 'identity-answers', later: 'identity-answers' } as const;

/** `seatmatch decisions undo`: takes a decision back, whichever it is. */
export const undoDecisionCommand = (options: OnServer & { readonly id: string }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { rows } = await client.get<Decisions>('/api/decisions');
    const found = rows.find(({ id }) => id === options.id);
    if (!found) throw new ServerRefused('not-found', `No decision that holds has the id ${options.id}. See them all: seatmatch decisions.`);
    await client.delete(`/api/${places[found.kind]}/${encodeURIComponent(found.id)}`);
    answer(io, options.json, { undone: found }, 'Taken back. It counts from the next comparison.\n');
    return 0;
  });
