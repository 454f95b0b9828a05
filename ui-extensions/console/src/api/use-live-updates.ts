import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ChangeEvent } from '../../../../server/api.ts';

const staleAfter = {
  reconciliation: ['overview', 'people', 'person', 'runs', 'run', 'files'],
  people: ['overview', 'people', 'person'],
  upload: ['upload'],
  settings: ['settings', 'overview'],
  decision: ['person', 'people', 'overview'],
} as const satisfies Record<ChangeEvent['kind'], readonly string[]>;

/** Reads again what the server says has changed. A lost event is harmless: pages also read when they are opened. */
export function useLiveUpdates(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const events = new EventSource('/api/events');
    events.addEventListener('change', ({ data }: MessageEvent<string>) => {
      const { kind } = JSON.parse(data) as ChangeEvent;
      for (const first of staleAfter[kind] ?? []) void client.invalidateQueries({ queryKey: [first] });
    });
    return () => events.close();
  }, [client, enabled]);
}
