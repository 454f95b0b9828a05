import { timingSafeEqual } from 'node:crypto';
import { RequestFailed } from './errors.ts';

/**
 * The code in the address that a vendor sent an admin back to (RFC 6749 §4.1.2). Throws RequestFailed `unauthorized` where there is none,
 * since the admin did not agree, or where the state is not the one that this admin's session began with.
 */
export function codeOf(callback: URL, state: string): string {
  const code = callback.searchParams.get('code');
  const [given, expected] = [Buffer.from(callback.searchParams.get('state') ?? ''), Buffer.from(state)];
  const isOurs = expected.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
  if (!code || !isOurs) throw new RequestFailed('unauthorized', 'install');
  return code;
}
