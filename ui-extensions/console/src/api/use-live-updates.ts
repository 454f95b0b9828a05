import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ChangeEvent } from '../../../../server/api.ts';
import { inContract } from './contract-address.ts';

const staleAfter = {
  reconciliation: [
    'overview',
    'invitations',
    'invitation-batch',
    'crm-invitations',
    'people',
    'person',
    'runs',
    'run',
    'files',
    'schedules',
    'licenses',
    'usage',
    'report',
    'decisions',
    'domain-changes',
  ],
  people: ['overview', 'people', 'person', 'licenses'],
  upload: ['upload', 'directory'],
  settings: ['settings', 'overview', 'contracts', 'licenses', 'report'],
  decision: ['person', 'people', 'overview', 'decisions', 'domain-changes'],
  plan: ['plans', 'plan', 'jobs', 'rematches', 'rematch', 'overview', 'files'],
  rematch: ['rematches', 'rematch', 'plan', 'jobs', 'people', 'person', 'overview', 'domain-changes', 'report'],
  mail: ['mails', 'mail', 'mailings', 'alerts'],
  alarm: ['alarms', 'alerts', 'overview'],
  connection: ['connections', 'panel-hosts', 'feeds'],
  invitation: ['invitations', 'invitation-batch', 'crm-invitations', 'chat-webhook', 'overview', 'person'],
  contract: ['contracts', 'overview'],
  usage: ['usage', 'licenses'],
  schedule: ['schedules', 'overview'],
} as const satisfies Record<Exclude<ChangeEvent['kind'], 'everything'>, readonly string[]>;

const pauseMs = 2_000;

/** Reads again what the server says has changed, also what changed while the connection was away. */
export function useLiveUpdates(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    let events: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    let lastId = '';
    const open = (after: string) => {
      events = new EventSource(inContract(`/api/events${after && `?after=${after}`}`));
      events.addEventListener('change', ({ data, lastEventId }: MessageEvent<string>) => {
        lastId = lastEventId;
        const { kind } = JSON.parse(data) as ChangeEvent;
        if (kind === 'everything') void client.invalidateQueries();
        else for (const first of staleAfter[kind] ?? []) void client.invalidateQueries({ queryKey: [first] });
      });
      // A lost connection is opened again by the browser itself; an answer that is no stream, as of a server that starts, is not.
      events.addEventListener('error', () => {
        if (events.readyState === EventSource.CLOSED) again = setTimeout(open, pauseMs, lastId || 'unknown');
      });
    };
    open('');
    return () => {
      clearTimeout(again);
      events.close();
    };
  }, [client, enabled]);
}
