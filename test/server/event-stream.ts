import { type ChangeEvent, changeEvent } from '../../server/api.ts';
import type { TestClient } from './running-server.ts';

export interface Follower {
  /** Everything that came, in order. */
  readonly events: readonly (ChangeEvent & { readonly eventId: string })[];
  /** What a browser would send as Last-Event-ID; '' before the first. */
  lastId(): string;
  /** Leaves; resolves once nothing more comes. */
  leave(): Promise<void>;
}

/** Follows the events of a server as a browser does. Resolves when the server has said from where. */
export async function followEvents(client: TestClient, lastId?: string): Promise<Follower> {
  const leaving = new AbortController();
  const headers = lastId === undefined ? {} : { 'Last-Event-ID': lastId };
  const response = await client.fetch('/api/events', { signal: leaving.signal, headers });
  const events: Follower['events'][number][] = [];
  let id = '';
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const reading = (async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        id = fields.id ?? id;
        if (fields.event === 'change') events.push({ ...changeEvent.parse(JSON.parse(fields.data!)), eventId: id });
        begun();
      }
    }
  })();
  // A killed server cuts the stream, and so does leaving.
  const ended = reading.catch(() => {});
  await Promise.race([beginning, ended]);
  return {
    events,
    lastId: () => id,
    async leave() {
      leaving.abort();
      await ended;
    },
  };
}
