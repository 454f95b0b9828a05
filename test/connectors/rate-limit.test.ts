import { describe, expect, it } from 'vitest';
import { pause, rateLimiter } from '../../connectors/rate-limit.ts';

describe('the limit of a connection', () => {
  it('lets no more requests begin within any window than the vendor allows', async () => {
    const limiter = rateLimiter({ rate: { requests: 4, windowMs: 60 } });
    const begun: number[] = [];
    await Promise.all(
      Array.from({ length: 17 }, async () => {
        const end = await limiter.take();
        begun.push(performance.now());
        end();
      }),
    );
    expect(begun).toHaveLength(17);
    for (let request = 4; request < begun.length; request++) expect(begun[request]! - begun[request - 4]!).toBeGreaterThanOrEqual(59);
  });

  it('counts a request by its answer where nobody knows when it arrives', async () => {
    const limiter = rateLimiter({ rate: { requests: 2, windowMs: 40, countedBy: 'answer' } });
    const [first, second] = [await limiter.take(), await limiter.take()];
    let isBegun = false;
    const third = limiter.take().then(() => {
      isBegun = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isBegun, 'both are on their way').toBe(false);
    second();
    const answered = performance.now();
    await third;
    expect(performance.now() - answered).toBeGreaterThanOrEqual(39);
    first();
  });

  it('lets no more be under way at once, and goes on in the order of asking', async () => {
    const limiter = rateLimiter({ concurrent: 2 });
    const order: number[] = [];
    let underWay = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 9 }, async (_, asker) => {
        const end = await limiter.take();
        order.push(asker);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
        end();
        end();
      }),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('begins nothing before the moment that the vendor named', async () => {
    const limiter = rateLimiter({ concurrent: 5 });
    const from = performance.now();
    await limiter.holdFor(80);
    await Promise.all([limiter.take(), limiter.take()]);
    expect(performance.now() - from).toBeGreaterThanOrEqual(79);
  });

  it('ends a wait with the reason of the signal, and the next in line goes on', async () => {
    const limiter = rateLimiter({ concurrent: 1 });
    const end = await limiter.take();
    const stopped = new AbortController();
    const waiting = limiter.take(stopped.signal);
    const next = limiter.take();
    stopped.abort(new Error('Stopped.'));
    await expect(waiting).rejects.toThrow('Stopped.');
    end();
    expect(typeof (await next)).toBe('function');
  });

  it('does not let two connections wait for each other', async () => {
    const slow = rateLimiter({ concurrent: 1 });
    await slow.take();
    expect(typeof (await rateLimiter({ concurrent: 1 }).take())).toBe('function');
  });
});

it('a vendor that asks for a wait of months is waited for: a timer of more than 31 bits fires at once, and would ask again and again', async () => {
  await expect(pause(2 ** 31 + 1_000, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
});
