import type { CheckLine } from './connector.ts';
import { RequestFailed, type RequestFailure } from './errors.ts';

/** A failure as a sentence for the person who looks after the connection. */
export const failureSentence = (vendor: string, { code, retryAfterMs, sentence, status }: RequestFailed): string =>
  sentence !== null
    ? sentence.replaceAll('{vendor}', vendor)
    : code === 'rate-limited' && retryAfterMs !== null
      ? `${vendor} asks us to wait ${waitText(retryAfterMs)}. Try again then.`
      : code === 'unavailable' && status !== null
        ? `${vendor} answers, and cannot do it now (HTTP ${status}). Try again later.`
        : usual[code].replaceAll('{vendor}', vendor);

/** Said while a listing waits as the vendor asked. */
export const waitSentence = (vendor: string, ms: number): string => `${vendor} asks us to wait ${waitText(ms)}; the list goes on then.`;

/** What no connection tells of licenses, and where a person sees it. */
export const licensesUntold: readonly CheckLine[] = [
  {
    what: 'free-licenses',
    verdict: 'unknown',
    sentence: 'Admin Center shows how many licenses are free. Type it in under Settings, Full rematches.',
  },
  {
    what: 'assignments',
    verdict: 'unknown',
    sentence: 'Admin Center shows how many assignments are left this month. Type it in under Settings, Full rematches.',
  },
];

/** The clock of this machine beside a vendor's, by the `Date` of its answers (RFC 9110 §6.6.1). A minute of difference is none. */
export function clockBeside(vendor: string): { note(answer: { readonly headers: Headers }): void; line(): CheckLine } {
  let aheadMs: number | null = null;
  const what = 'clock';
  return {
    note({ headers }) {
      const date = Date.parse(headers.get('date') ?? '');
      if (!Number.isNaN(date)) aheadMs = Date.now() - date;
    },
    line() {
      if (aheadMs === null) return { what, verdict: 'unknown', sentence: 'Nothing answered that tells the time.' };
      const seconds = Math.round(Math.abs(aheadMs) / 1_000);
      return seconds <= 60
        ? { what, verdict: 'good', sentence: `The clock of this machine and the one of ${vendor} agree.` }
        : {
            what,
            verdict: 'bad',
            sentence: `The clock of this machine is ${seconds.toLocaleString('en-US')} seconds off. Set it by a time server.`,
          };
    },
  };
}

const waitText = (ms: number): string => (ms < 120_000 ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.ceil(ms / 60_000)} minutes`);

/** What to do about a failure; `{vendor}` stands for the vendor's name. */
const usual: Readonly<Record<RequestFailure, string>> = {
  unauthorized: '{vendor} does not accept the access. Check what the connection signs in with, or sign in again.',
  forbidden: '{vendor} refuses: the access does not cover this. Ask an admin of {vendor} for the missing rights.',
  'not-found': '{vendor} has nothing at this address. Check the address of the connection.',
  conflict: '{vendor} refused because of what is there already.',
  rejected: '{vendor} refused the question. Check the settings of the connection.',
  'rate-limited': '{vendor} asks us to wait. Try again later.',
  unavailable: '{vendor} cannot be reached. Check the address and the network, or try again later.',
  timeout: '{vendor} did not answer in time. Try again later.',
  'invalid-response': 'What answered does not speak like {vendor}. Check the address of the connection.',
  'not-supported': '{vendor} does not offer this.',
};

/**
 * Asks one thing and says how it went. Rejects only with the signal's reason, or with a fault of ours.
 * @param say the good sentence, or a whole line where an answer can be bad too
 * @param otherwise sentences that say more than the usual one for a failure; one that the failure has itself goes before
 */
export async function checkLine<Value>(
  vendor: string,
  what: CheckLine['what'],
  ask: () => Promise<Value>,
  say: (value: Value) => string | Omit<CheckLine, 'what'>,
  otherwise: Partial<Readonly<Record<RequestFailure, string>>> = {},
): Promise<CheckLine> {
  try {
    const said = say(await ask());
    if (typeof said === 'string') return { what, verdict: 'good', sentence: said };
    return { what, ...said, sentence: said.sentence.replaceAll('{vendor}', vendor) };
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return {
      what,
      verdict: 'bad',
      sentence: (error.sentence === null ? otherwise[error.code] : undefined) ?? failureSentence(vendor, error),
    };
  }
}
