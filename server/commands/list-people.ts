import { z } from 'zod';
import { failureSentence, waitSentence } from '../../connectors/check-line.ts';
import type {
  AccountField,
  AccountRecord,
  CompleteListing,
  LeftOut,
  RecordSink,
  UserField,
  UserRecord,
} from '../../connectors/connector.ts';
import { fieldText } from '../../connectors/csv.ts';
import { FileRefused, RequestFailed } from '../../connectors/errors.ts';
import type { Connection } from '../../connectors/registry.ts';
import { listingSentence } from '../core/proof-sentence.ts';
import { type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { type ConnectionFlags, openConnection } from './open-connection.ts';

export interface ListPeopleOptions extends ConnectionFlags {
  readonly connection: string;
  /** What is left out too, with what it is. */
  readonly all?: boolean | undefined;
  /** ISO 8601: only what changed since then. */
  readonly changedSince?: string | undefined;
}

/** `seatmatch users` and `seatmatch accounts`: one JSON line a person, SCIM-shaped; the proof of completeness is the last line of the error stream. */
export const listPeopleCommand = (side: Connection['side'], options: ListPeopleOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, false, async () => {
    const { changedSince } = options;
    if (changedSince !== undefined) {
      const refuse = (sentence: string) => new FileRefused('bad-map', '--changed-since', sentence);
      if (side === 'licenses') throw refuse('LinkedIn does not tell what changed since a time. Leave it out and read everybody.');
      if (!isTime(changedSince)) throw refuse(`"${changedSince}" is no time. Write it as 2026-11-20T09:00:00Z or 2026-11-20.`);
    }
    const connection = openConnection(options, options.connection, side);
    try {
      const proof = await list(connection, options, io);
      io.err.write(`${JSON.stringify({ ...proof, sentence: proof.kind === 'listing' ? listingSentence(proof) : undefined })}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      io.err.write(`${failureSentence(connection.vendor, error)} The list is not whole: do not use what was printed.\n`);
      return 1;
    }
  });

/** ISO 8601 with its zone, or a day (UTC). */
const isTime = (text: string): boolean => z.union([z.iso.datetime({ offset: true }), z.iso.date()]).safeParse(text).success;

function list(connection: Connection, { all, changedSince }: ListPeopleOptions, io: CommandIo): Promise<CompleteListing> {
  const lineOf = (person: object): string => `${JSON.stringify(person)}\n`;
  const say = (text: string): Promise<void> | undefined => writeTo(io.out, text);
  const onWait = (ms: number): void => void io.err.write(`${waitSentence(connection.vendor, ms)}\n`);
  if (connection.side === 'licenses')
    return connection.connector.listAccounts(
      lines<AccountField>((record) => lineOf({ ...scimAccount(record), kind: 'person' }), say),
      { onWait },
    );
  // Said before the people of their page.
  let others = '';
  const keep = (line: string): void => {
    others += line;
  };
  return connection.connector
    .listUsers(
      lines<UserField>(
        (record) => lineOf({ ...scimUser(record), kind: 'person' }),
        (text) => {
          const all = others + text;
          others = '';
          return say(all);
        },
      ),
      {
        onWait,
        ...(changedSince === undefined ? {} : { changedSince }),
        ...(all === true ? { onLeftOut: (record: UserRecord, kind: LeftOut) => keep(lineOf({ ...scimUser(record), kind })) } : {}),
      },
    )
    .then(async (proof) => {
      await say(others);
      return proof;
    });
}

/** A stream that takes no more for now is waited for: a slow reader must not make a whole list lie in memory. */
function writeTo(out: CommandIo['out'], text: string): Promise<void> | undefined {
  if (text === '' || out.write(text) !== false || out.once === undefined) return undefined;
  return new Promise((resolve) => out.once?.('drain', resolve));
}

/** Whatever way a source hands records over: a page is said at once. */
function lines<Field extends string>(
  lineOf: (record: Readonly<Partial<Record<Field, string>>>) => string,
  say: (text: string) => Promise<void> | undefined,
): RecordSink<Field> {
  let fields: readonly Field[] = [];
  return {
    begin(given) {
      fields = given;
    },
    rows(batch) {
      let text = '';
      for (let row = 0; row < batch.count; row++)
        text += lineOf(
          Object.fromEntries(
            fields
              .map((field, index) => {
                const at = 2 * (row * fields.length + index);
                return [field, fieldText(batch.bytes, batch.ranges[at]!, batch.ranges[at + 1]!)] as const;
              })
              .filter(([, value]) => value !== ''),
          ) as Partial<Record<Field, string>>,
        );
      return say(text);
    },
    records: (page) => say(page.map(lineOf).join('')),
  };
}

const words = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : /^(true|yes|1|active)$/i.test(text));

/** RFC 7643 §4.1, with what is known and nothing made up. */
function scimUser(user: UserRecord) {
  const active = words(user.active) ?? (user.disabled === undefined ? undefined : !words(user.disabled));
  return {
    id: user.id,
    externalId: user.employeeNumber ?? user.federationId ?? user.entraObjectId,
    userName: user.userName,
    displayName: user.displayName,
    name: nameOf(user),
    emails: emailsOf(user.email, user.secondaryEmails),
    active,
  };
}

function scimAccount(account: AccountRecord) {
  return {
    id: account.id ?? account.seatId,
    externalId: account.uniqueUserId,
    userName: account.email,
    displayName: account.displayName,
    name: nameOf(account),
    emails: emailsOf(account.email),
    active: words(account.salesLicense),
    entitlements: account.licenseType === undefined ? undefined : account.licenseType.split(',').map((value) => ({ value: value.trim() })),
    invitation:
      account.licenseStatus === undefined
        ? undefined
        : { status: account.licenseStatus, invitedAt: account.invitedAt, activatedAt: account.activatedAt },
    managedBy: account.managedBy,
  };
}

const nameOf = ({ givenName, familyName }: { readonly givenName?: string; readonly familyName?: string }) =>
  givenName === undefined && familyName === undefined ? undefined : { givenName, familyName };

function emailsOf(email: string | undefined, others = ''): { value: string; type: string; primary: boolean }[] {
  const primary = email === undefined ? [] : [{ value: email, type: 'work', primary: true }];
  return [
    ...primary,
    ...others
      .split(/[;,|\s]+/)
      .filter(Boolean)
      .map((value) => ({ value, type: 'other', primary: false })),
  ];
}
