import type { Finding } from './finding.ts';

/** What LinkedIn support asks for about one person. Moments are ISO 8601. */
export interface SupportFacts {
  readonly finding: Finding;
  readonly crmName: string;
  readonly madeAt: string;
  readonly timeline: readonly { readonly from: string; readonly to: string | null; readonly label: string; readonly sentence: string }[];
  readonly observed: readonly { readonly on: string; readonly verdict: string }[];
  readonly repairs: readonly {
    readonly id: string;
    readonly emails: readonly string[];
    readonly mode: string;
    readonly route: string;
    readonly ended: string | null;
    readonly cause: string | null;
    readonly events: readonly { readonly at: string; readonly step: string; readonly event: string }[];
    readonly files: readonly {
      readonly name: string;
      readonly kind: string;
      readonly states: readonly { readonly at: string; readonly state: string }[];
      /** LinkedIn's own message for this person's row; null where it gave none. */
      readonly message: string | null;
    }[];
  }[];
}

/**
 * The packet as plain text: ids, times, files and LinkedIn's messages. It leaves the company, so that no address but the person's own is in
 * it, and nothing that lets anybody in: what looks like a key or an address with a query is taken out.
 */
export function supportPacket({ finding, crmName, madeAt, timeline, observed, repairs }: SupportFacts): { name: string; text: string } {
  const { license, crmUser } = finding;
  const own = new Set(
    [license?.email, crmUser?.email, ...repairs.flatMap(({ emails }) => emails)].flatMap((email) => (email ? [email.toLowerCase()] : [])),
  );
  const clean = (text: string): string =>
    text
      .replaceAll(/https?:\/\/\S+/giu, (address) => address.replace(/[?#].*$/su, ''))
      .replaceAll(/\b(?:Bearer|Basic|token|key|secret|password)\b\s*[:=]?\s*\S+/giu, '[taken out]')
      .replaceAll(/[A-Za-z0-9_\-+/=]{32,}/gu, '[taken out]')
      .replaceAll(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/gu, (address) => (own.has(address.toLowerCase()) ? address : '[another address]'));
  const part = (title: string, lines: readonly string[]): string => `${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
  const has = (label: string, value: string | null | undefined): string[] => (value ? [`${label}: ${value}`] : []);
  const parts = [
    `LinkedIn Sales Navigator, one person whose license and CRM user do not work together\nMade by Seatmatch on ${madeAt}\n`,
    part('The license', [
      ...has('License id', license?.id),
      ...has('Seat id', license?.seatId),
      ...has('Unique User ID', license?.uniqueUserId),
      ...has('Name', license?.name),
      ...has('Email', license?.email),
      ...has('License', license?.licenses.join(', ')),
      ...has('Status in the export', license?.status),
    ]),
    part(
      `The user in ${crmName}`,
      crmUser
        ? [...has('User id', crmUser.id), ...has('Email', crmUser.email), `Active: ${crmUser.active ? 'yes' : 'no'}`]
        : ['Not known.'],
    ),
    part('What is wrong now', [
      `${finding.label}. ${clean(finding.sentence)}`,
      `Expected by the emails: ${finding.predicted}`,
      `Shown by LinkedIn: ${finding.observed.verdict}${finding.observed.at ? ` on ${finding.observed.at}` : ''}`,
      `License list of: ${finding.asOf}`,
    ]),
    ...(observed.length > 0
      ? [
          part(
            'Seen in LinkedIn by an admin',
            observed.map(({ on, verdict }) => `${on}: ${verdict}`),
          ),
        ]
      : []),
    part('History', [...timeline.map(({ from, to, label, sentence }) => `${from} to ${to ?? 'now'}: ${label}. ${clean(sentence)}`)]),
    ...repairs.map(({ id, mode, route, ended, cause, events, files }) =>
      part(`Repair ${id}`, [
        `Kind: ${mode}, by ${route}. ${ended === null ? 'Under way.' : `Ended: ${ended}.`}`,
        ...(cause === null ? [] : [`Why: ${clean(cause)}`]),
        ...events.toReversed().map(({ at, step, event }) => `${at} ${step}: ${event}`),
        ...files.flatMap(({ name, kind, states, message }) => [
          `File ${name} (${kind}): ${states.map(({ at, state }) => `${state} ${at}`).join(', ')}`,
          ...(message === null ? [] : [`LinkedIn’s message: ${clean(message)}`]),
        ]),
      ]),
    ),
  ];
  const id = (license?.id ?? crmUser?.id ?? 'person').replaceAll(/[^\w-]+/gu, '-').slice(0, 60);
  return { name: `linkedin-support-${id}-${madeAt.slice(0, 10)}.txt`, text: parts.join('\n') };
}
