import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AccountField } from '../../../../connectors/connector.ts';
import { fieldText } from '../../../../connectors/csv.ts';
import { openAccountFile } from '../../../../connectors/linkedin-files/connector.ts';
import { type ResultReading, readResult } from '../../../../connectors/linkedin-files/read-result.ts';
import { readReturnedFile } from '../../../../connectors/linkedin-files/read-returned-file.ts';
import {
  type AdminCenter,
  findPerson,
  makeAdminCenter,
  type NewPerson,
  type Person,
  type Settings,
} from '../../../../connectors/linkedin-files/simulator/admin-center.ts';
import { type UploadAnswer, uploadFile } from '../../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { type Command, carryOut } from '../../../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../../../connectors/linkedin-files/simulator/export-users.ts';
import type { Moment } from '../../../../connectors/linkedin-files/simulator/moments.ts';
import type { Simulator } from '../../../../connectors/linkedin-files/simulator.ts';
import {
  type UploadContent,
  type UploadTable,
  uploadTable,
  writeUploadFile,
} from '../../../../connectors/linkedin-files/write-upload-file.ts';

export const plus = 'Sales Navigator Advanced Plus';
export const advanced = 'Sales Navigator Advanced';

/** Saturday, 21 November 2026, 9 in the morning (UTC). */
export const start = '2026-11-21T09:00:00.000Z';

/** Ann, Bo and Cem hold a license and use it; Dee is in without one. Ann and Bo stand in the CRM with their new addresses. */
export const cast = (): NewPerson[] => [
  { profileEmail: 'ann@old.example', givenName: 'Ann', familyName: 'Roe', uniqueUserId: 'E1', license: 'activated', groups: ['West'] },
  { profileEmail: 'bo@old.example', givenName: 'Bo', familyName: 'Li', uniqueUserId: 'E2', license: 'activated', permission: 'admin' },
  { profileEmail: 'cem@old.example', givenName: 'Cem', familyName: 'Ay', uniqueUserId: 'E3', license: 'activated' },
  { profileEmail: 'dee@old.example', givenName: 'Dee', familyName: 'Kay', uniqueUserId: 'E4' },
];

export const build = (settings: Partial<Settings> = {}, people: readonly NewPerson[] = cast()): AdminCenter =>
  makeAdminCenter({ now: start, settings, people, crmEmails: ['ann@new.example', 'bo@new.example', 'cem@old.example'] });

export const who = (center: AdminCenter, email: string): Person => findPerson(center, email) ?? expect.fail(`Nobody has ${email}.`);

/** A hand edit, an acceptance or a move of the clock that must be done. */
export function act(center: AdminCenter, command: Command): void {
  expect(carryOut(center, command)).toBeNull();
}

export const bytesOf = (content: UploadContent | UploadTable | string): Uint8Array =>
  Buffer.from(typeof content === 'string' ? content : writeUploadFile('kind' in content ? uploadTable(content) : content));

export const emailChange = (...rows: (readonly [from: string, to: string, id?: string])[]): UploadContent => ({
  kind: 'email-change',
  rows: rows.map(([existingEmail, newEmail, uniqueUserId = '']) => ({ existingEmail, newEmail, uniqueUserId })),
});

export const licenseChange = (kind: 'license-off' | 'license-on' | 'leavers', ...emails: string[]): UploadContent => ({
  kind,
  rows: emails.map((email) => ({ email, uniqueUserId: '' })),
});

export const upload = (center: AdminCenter, content: UploadContent | UploadTable | string): UploadAnswer =>
  uploadFile(center, 'upload.csv', bytesOf(content));

const dir = await mkdtemp(join(tmpdir(), 'seatmatch-admin-center-'));
let files = 0;

/** A result file as the product reads it, by the rows that were uploaded. */
export async function readBack(result: Uint8Array, content: UploadContent): Promise<ResultReading> {
  const path = join(dir, `result-${files++}.csv`);
  await writeFile(path, result);
  const brought = await readReturnedFile(path, { exportedAt: start });
  if (brought.kind !== 'result') return expect.fail(`read as ${brought.kind}`);
  const reading = readResult(brought.result, uploadTable(content));
  return 'why' in reading ? expect.fail(reading.why) : reading;
}

/** What the product reads of an export: fields by email. */
export async function readExport(
  csv: string | Uint8Array,
  expected?: number,
): Promise<{ kind: string; complete: boolean; byEmail: Map<string, Partial<Record<AccountField, string>>> }> {
  const file = await openAccountFile(Buffer.from(csv), { name: 'users.csv', exportedAt: start, expected });
  const byEmail = new Map<string, Partial<Record<AccountField, string>>>();
  let fields: readonly AccountField[] = [];
  const proof = await file.listAccounts({
    begin(found) {
      fields = found;
    },
    rows({ bytes, count, ranges }) {
      for (let row = 0; row < count; row++) {
        const text = (index: number): string => {
          const at = 2 * (row * fields.length + index);
          return fieldText(bytes, ranges[at]!, ranges[at + 1]!);
        };
        const record: Partial<Record<AccountField, string>> = Object.fromEntries(fields.map((field, index) => [field, text(index)]));
        byEmail.set(record.email ?? '', record);
      }
    },
    records: () => expect.fail('a file has rows'),
  });
  return { kind: file.kind, complete: proof.received === proof.expected, byEmail };
}

/** Somebody as an export of everybody shows them now. */
export async function shownOf(center: AdminCenter, email: string): Promise<Partial<Record<AccountField, string>>> {
  const { byEmail } = await readExport(exportUsers(center).csv);
  return byEmail.get(email) ?? expect.fail(`The export does not show ${email}.`);
}

/** Waits until a request has passed a moment (or stands in it, where it is held). */
export async function passed(simulator: Simulator, fits: (moment: Moment) => boolean): Promise<void> {
  for (let last = 0; ; ) {
    const moments = await simulator.momentsAfter(last);
    if (moments.some(fits)) return;
    last = moments.at(-1)?.number ?? last;
  }
}
