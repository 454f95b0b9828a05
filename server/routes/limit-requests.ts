import type { RequestHandler, Response } from 'express';

/** Addresses whose requests are remembered at once. */
const mostAddresses = 10_000;

/**
 * Lets each address make `perMinute` requests in a burst, and as many a minute after that (a token bucket in memory). Behind a proxy all
 * come from one address: choose a number that a company can live with.
 */
export function limitRequests(perMinute: number, refuse: (response: Response) => void, now: () => number = Date.now): RequestHandler {
  const buckets = new Map<string, { left: number; at: number }>();
  return (request, response, next) => {
    const address = request.socket.remoteAddress ?? '';
    const at = now();
    const before = buckets.get(address) ?? { left: perMinute, at };
    const left = Math.min(perMinute, before.left + ((at - before.at) * perMinute) / 60_000);
    // Put at the end: the first of the map is the one that was seen longest ago.
    buckets.delete(address);
    buckets.set(address, { left: Math.max(0, left - 1), at });
    if (buckets.size > mostAddresses) buckets.delete(buckets.keys().next().value!);
    if (left >= 1) return next();
    response.set('Retry-After', String(Math.ceil(((1 - left) * 60) / perMinute)));
    refuse(response);
  };
}
