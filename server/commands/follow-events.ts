import { type ServerClient, ServerRefused } from './server-client.ts';

/**
 * Calls `changed` whenever something of a plan may have changed, first right away, until it says that it has seen enough. A stream that
 * breaks is taken up again where it was.
 */
export async function followPlan(client: ServerClient, planId: string, changed: () => Promise<'go on' | 'enough'>): Promise<void> {
  const stop = new AbortController();
  try {
    let lastId: string | null = null;
    for (;;) {
      const { body }: Response = await again(lastId === null ? 0 : mostTries, () => client.events(lastId, stop.signal));
      // Asked only now: what changes from here on comes as an event.
      if ((await changed()) === 'enough') return;
      for await (const { id, data } of eventsOf(body!)) {
        lastId = id ?? lastId;
        const event = data === '' ? null : (JSON.parse(data) as { kind: string; id: string });
        const isOurs = event !== null && (event.kind === 'everything' || (event.kind === 'plan' && event.id === planId));
        if (isOurs && (await changed()) === 'enough') return;
      }
    }
  } finally {
    stop.abort();
  }
}

/** A server that starts anew, or another in its place, is there within this many seconds. */
const mostTries = 20;

async function again<Answer>(tries: number, ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = tries; ; left--) {
    try {
      return await ask();
    } catch (error) {
      if (left <= 0 || !(error instanceof ServerRefused) || error.code !== 'unreachable') throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** The events of a stream, as https://html.spec.whatwg.org/multipage/server-sent-events.html has them. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ readonly id: string | null; readonly data: string }> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const piece of body) {
      text += decoder.decode(piece, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
        yield { id: field('id')[0] ?? null, data: field('data').join('\n') };
      }
    }
  } catch {
    // The connection broke: whoever reads goes on from the last event.
  }
}
