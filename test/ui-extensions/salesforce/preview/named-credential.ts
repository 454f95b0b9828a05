import http from 'node:http';
import type { Org } from './apex-bridge.ts';

/** What an admin entered in an org's Setup, and who sits there. */
export interface NamedCredential {
  /** The server's address. */
  readonly url: string;
  /** Of the two principals. */
  readonly tokens: { readonly read: string; readonly act: string };
  readonly orgId: string;
  readonly userId: string;
  readonly userName: string;
}

/**
 * An org as its Named Credential makes callouts: the token of the principal that the running user's permission set gives access to, and the
 * headers that Apex adds. By node:http, since fetch calls itself a browser, which no org does.
 */
export function orgWith(credential: NamedCredential): Org {
  const org: Org = { permission: 'act', send, emailOf: () => null };

  function send(rest: string, { method, headers, body }: { method: string; headers: Record<string, string>; body?: string }) {
    const { url, tokens, orgId, userId, userName } = credential;
    const sent = {
      ...headers,
      Authorization: `Bearer ${org.permission === 'act' ? tokens.act : tokens.read}`,
      'X-Seatmatch-Org': orgId,
      'X-Seatmatch-User': userId,
      'X-Seatmatch-User-Name': encodeURIComponent(userName),
    };
    return new Promise<Response>((resolve, reject) => {
      const request = http.request(`${url}/panels/salesforce/api/${rest}`, { method, headers: sent }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          const type = { 'Content-Type': answer.headers['content-type'] ?? '' };
          resolve(new Response(Buffer.concat(pieces).toString(), { status: answer.statusCode!, headers: type }));
        });
      });
      request.on('error', reject).end(body);
    });
  }
  return org;
}
