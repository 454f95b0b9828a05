import { describe, expect, it } from 'vitest';
import type { AccessToken } from '../../connectors/connector.ts';
import { tokenHolder } from '../../connectors/hold-token.ts';

function counting(endsIn: number | null, now: () => number) {
  let fetched = 0;
  const fetchToken = async (): Promise<AccessToken> => {
    fetched += 1;
    await new Promise(setImmediate);
    return { value: `token-${fetched}`, endsAt: endsIn === null ? null : now() + endsIn };
  };
  return { fetchToken, fetched: () => fetched };
}

describe('the access token of a connection', () => {
  it('is fetched once for all who find it ended, and again only for who was refused the present one', async () => {
    const source = counting(null, Date.now);
    const holder = tokenHolder(source.fetchToken);
    expect(await Promise.all([holder.token(null), holder.token(null), holder.token(null)])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await Promise.all([holder.token('token-1'), holder.token('token-1')])).toEqual(['token-2', 'token-2']);
    expect(await holder.token('token-1'), 'somebody else has renewed it already').toBe('token-2');
    expect(source.fetched()).toBe(2);
  });

  it('is renewed a minute before its end', async () => {
    let now = 1_000_000;
    const source = counting(3_600_000, () => now);
    const holder = tokenHolder(source.fetchToken, { now: () => now });
    await holder.token(null);
    now += 3_539_000;
    expect(await holder.token(null)).toBe('token-1');
    now += 2_000;
    expect(await holder.token(null)).toBe('token-2');
  });

  it('that lives shorter than that is used for half of its life, and not fetched for every request', async () => {
    let now = 1_000_000;
    const source = counting(40_000, () => now);
    const holder = tokenHolder(source.fetchToken, { now: () => now });
    await holder.token(null);
    now += 19_000;
    expect(await holder.token(null)).toBe('token-1');
    now += 2_000;
    expect(await holder.token(null)).toBe('token-2');
    expect(source.fetched()).toBe(2);
  });

  it('goes on coming for the others when one who waits is stopped', async () => {
    const source = counting(null, Date.now);
    const holder = tokenHolder(source.fetchToken);
    const stopped = new AbortController();
    const [mine, others] = [holder.token(null, stopped.signal), holder.token(null)];
    stopped.abort(new Error('Stopped.'));
    await expect(mine).rejects.toThrow('Stopped.');
    expect(await others).toBe('token-1');
    expect(source.fetched()).toBe(1);
  });

  it('is asked for anew after it could not be had', async () => {
    let isDown = true;
    const holder = tokenHolder(async () => {
      if (isDown) throw new Error('Down.');
      return { value: 'token', endsAt: null };
    });
    await expect(holder.token(null)).rejects.toThrow('Down.');
    isDown = false;
    expect(await holder.token(null)).toBe('token');
  });
});
