import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountField, accountFields, type UserField, userFields } from '../../../connectors/connector.ts';
import { listRows, loadCsv } from '../../../connectors/csv.ts';
import { FileRefused } from '../../../connectors/errors.ts';
import { joinKeyOf, parseEmail } from '../../../server/core/email.ts';
import type { Finding } from '../../../server/core/finding.ts';
import { cellsOf, createCsvWriter, csvLine, longestLine } from '../../../server/core/findings-csv.ts';
import { createMemory, looseRoom, type Room, roomIn } from '../../../server/core/kernels/room.ts';
import { collectPeople, type People } from '../../../server/core/people.ts';
import { type Reconciliation, reconcile } from '../../../server/core/reconcile.ts';
import type { ReconcileSettings } from '../../../server/core/settings.ts';
import { reasonsOf } from '../../../server/core/status.ts';
import { type AccountRecord, compare, explanationsOf, findingsOf, licensed, people, settingsWith, type UserRecord, user } from './build.ts';

const given = fc.constantFrom('Jane', 'Jayne', 'Mark', 'Anna Maria', 'J', 'Zoë', '');
const family = fc.constantFrom('Roe', 'Stone', 'Müller', 'de la Roe', 'Stone-Roe', '');
const domain = fc.constantFrom('acme.example', 'old.example', 'other.example', 'gmail.com', 'ACME.example');
const local = fc.constantFrom('jane', 'jane.roe', 'j.roe', 'mark', 'mark+sn', 'Mark', 'anna', 'jane\u200b', 'j\u0430ne');
const email = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(local, domain).map(([l, d]) => `${l}@${d}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', 'not an address', ' jane@acme.example ', '\ufeffjane@acme.example', 'mark@münchen.example'),
  },
);
const stableId = fc.constantFrom('', '', '', '1', '2', '3', 'X4');
const some = <T extends string>(...texts: T[]) => fc.constantFrom('', '', '', ...texts);

const users: fc.Arbitrary<UserRecord[]> = fc
  .array(
    fc.record({
      email,
      givenName: given,
      familyName: family,
      displayName: some('Jane Roe', 'Stone, Mark'),
      active: fc.constantFrom('true', 'true', 'true', 'false'),
      employeeNumber: stableId,
      confirmed: some('false'),
      userType: some('AutomatedProcess'),
      secondaryEmails: some('jane@old.example', 'mark@acme.example; anna@other.example'),
      lastLogin: some('2026-01-01'),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((user, k) => ({ id: `u${k}`, ...user })));

const accounts: fc.Arbitrary<AccountRecord[]> = fc
  .array(
    fc.record({
      email,
      givenName: given,
      familyName: family,
      displayName: some('Roe, Jane'),
      uniqueUserId: stableId,
      licenseStatus: fc.constantFrom('Activated', 'Activated', 'Invited', 'Unassigned', ''),
      licenseType: fc.constantFrom('Sales Navigator Advanced Plus', 'Sales Navigator Advanced', ''),
      crmSyncStatus: some('Matched', 'Not Matched', 'off'),
      crmSync: some('off'),
      managedBy: some('IdP'),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((account, k) => ({ seatId: `s${k}`, ...account })));

const otherCrm = { crmName: 'HubSpot', emails: ['anna@acme.example'], users: [{ id: '7', name: 'Mark', email: 'mark@old.example' }] };
const ids = (prefix: string) => fc.nat({ max: 39 }).map((k) => `${prefix}${k}`);
const settings: fc.Arbitrary<Partial<ReconcileSettings>> = fc.record({
  seatScope: fc.constantFrom('none', 'all'),
  domainAliases: fc.constantFrom([], [{ old: 'old.example', current: 'acme.example' }]),
  links: fc.array(fc.record({ licenseId: ids('s'), crmUserId: ids('u'), author: fc.constant('kim'), at: fc.constant('2026-11-01') }), {
    maxLength: 3,
  }),
  history: fc.array(fc.record({ licenseId: ids('s'), crmUserId: ids('u'), crmEmail: fc.constantFrom(null, 'mark@old.example') }), {
    maxLength: 3,
  }),
  exceptions: fc.array(
    fc.record({ licenseId: ids('s'), reason: fc.constant('on leave'), author: fc.constant('kim'), until: fc.constant('2026-12-31') }),
    {
      maxLength: 2,
    },
  ),
  otherCrms: fc.constantFrom([], [otherCrm]),
  duplicateProfiles: fc.array(ids('s'), { maxLength: 2 }),
  ownSubscriptions: fc.array(ids('u'), { maxLength: 2 }),
});
const world = fc.record({ users, accounts, settings });
const runs = { numRuns: 120 };

const sorted = (findings: readonly Finding[]) => [...findings].sort((a, b) => (a.key < b.key ? -1 : 1));

test('every license holder is in one row, and nobody of either side in two', () => {
  fc.assert(
    fc.property(world, ({ users, accounts, settings }) => {
      const compared = compare(users, accounts, settings);
      const findings = findingsOf(compared);
      const held = findings.flatMap(({ license }) => license?.id ?? []);
      expect(new Set(held).size).toBe(held.length);
      expect(held.sort()).toEqual(
        accounts
          .flatMap(({ seatId, licenseStatus, licenseType }) =>
            licenseStatus === 'Unassigned' || (licenseStatus === '' && licenseType === '') ? [] : [seatId!],
          )
          .sort(),
      );
      const shown = findings.flatMap(({ crmUser }) => crmUser?.id ?? []);
      expect(new Set(shown).size).toBe(shown.length);
    }),
    runs,
  );
});

test('the order of neither list matters, explanations, suggestions and summary included', () => {
  fc.assert(
    fc.property(
      world.chain((w) =>
        fc.record({
          world: fc.constant(w),
          users: fc.shuffledSubarray(w.users, { minLength: w.users.length }),
          accounts: fc.shuffledSubarray(w.accounts, { minLength: w.accounts.length }),
        }),
      ),
      ({ world, users, accounts }) => {
        const one = compare(world.users, world.accounts, world.settings);
        const two = compare(users, accounts, world.settings);
        expect(JSON.stringify(sorted(findingsOf(two)))).toBe(JSON.stringify(sorted(findingsOf(one))));
        const trace = (compared: Reconciliation) => explanationsOf(compared).sort((a, b) => (a.key < b.key ? -1 : 1));
        expect(JSON.stringify(trace(two))).toBe(JSON.stringify(trace(one)));
        expect(two.summary).toEqual(one.summary);
      },
    ),
    runs,
  );
});

test('nobody is Matched whom LinkedIn’s own comparison would not join with exactly that active CRM user', () => {
  fc.assert(
    fc.property(world, ({ users, accounts, settings }) => {
      const joinKey = (text: string | undefined) => (parseEmail(text ?? '').kind === 'address' ? joinKeyOf(text ?? '') : null);
      for (const { status, license, crmUser, predicted } of findingsOf(compare(users, accounts, settings))) {
        if (status !== 'matched') continue;
        const key = joinKey(license!.email);
        const joined = users.filter(({ email, active, userType }) => active === 'true' && userType === '' && joinKey(email) === key);
        expect(key).not.toBeNull();
        expect(joined.map(({ id }) => id)).toEqual([crmUser!.id]);
        expect(predicted).toBe('matched');
      }
    }),
    runs,
  );
});

test('status, explanation, sentences and summary agree', () => {
  fc.assert(
    fc.property(world, ({ users, accounts, settings }) => {
      const compared = compare(users, accounts, settings);
      const byReason: Record<string, number> = {};
      findingsOf(compared).forEach((finding, row) => {
        const { trace, ladder, decidedBy } = compared.explain(row);
        byReason[`${finding.status}/${finding.reason}`] = (byReason[`${finding.status}/${finding.reason}`] ?? 0) + 1;
        expect(reasonsOf[finding.status] as readonly string[]).toContain(finding.reason);
        expect(ladder.at(-1)).toMatchObject({ answer: 'yes', detail: finding.sentence });
        expect(ladder.slice(0, -1).some(({ answer }) => answer === 'yes')).toBe(false);
        expect(decidedBy).toBe(finding.rule);
        expect(trace.filter(({ outcome }) => outcome === 'decided').map(({ rule }) => rule)).toEqual(
          finding.rule === null ? [] : [finding.rule],
        );
        if (finding.rule !== null) expect(trace.find(({ rule }) => rule === finding.rule)!.crmUserIds).toContain(finding.crmUser!.id);
        if (finding.status === 'matched') expect(finding).toMatchObject({ changeSide: null, targetEmail: null, rootCause: null });
        expect(finding.rootCause !== null).toBe(finding.status === 'not-matched');
        expect(finding.also).not.toContain(finding.reason);
        expect(finding.suggestions.length).toBeLessThanOrEqual(5);
        expect(finding.crmUser === null || finding.suggestions.length === 0 || finding.reason === 'identity-conflict').toBe(true);
        for (const text of [finding.label, finding.sentence, finding.nextStep, finding.closedBy, ...finding.changeEvidence]) {
          expect(text).not.toMatch(/[{}@]/);
          expect(text.length).toBeGreaterThan(0);
        }
      });
      expect(compared.summary.byReason).toEqual(byReason);
      const causes = compared.summary.rootCauses;
      expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(compared.summary.byStatus['not-matched'] ?? 0);
      for (const { id, count } of causes) expect(findingsOf(compared).filter(({ rootCause }) => rootCause === id)).toHaveLength(count);
    }),
    runs,
  );
});

test('suggestions are active people without a license, best first, each scored below 1', () => {
  fc.assert(
    fc.property(world, ({ users, accounts, settings }) => {
      const findings = findingsOf(compare(users, accounts, settings));
      const owners = new Set(findings.flatMap(({ crmUser }) => crmUser?.id ?? []).filter((id) => id !== ''));
      for (const { reason, suggestions, side } of findings) {
        if (side !== 'license' || !['owner-unconfirmed', 'no-crm-user'].includes(reason)) continue;
        expect(suggestions.length > 0).toBe(reason === 'owner-unconfirmed');
        suggestions.forEach(({ crmUserId, score }, k) => {
          const licensed = findings.some((other) => other.side === 'license' && other.crmUser?.id === crmUserId);
          expect([owners.has(crmUserId) && licensed, users.find(({ id }) => id === crmUserId)!.active]).toEqual([false, 'true']);
          expect(score).toBeLessThanOrEqual(suggestions[k - 1]?.score ?? 0.99);
        });
      }
    }),
    runs,
  );
});

/** Texts that spreadsheets, CSV and Unicode make trouble with. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '"',
    '""',
    'a,b',
    'a;b',
    'a | b, c',
    '=1+1',
    '+1',
    '-',
    '@x',
    '\tx',
    'x\r\ny',
    '\u00a0x',
    'x\u00a0',
    '\ufeffx',
    '\u0000',
    '\ud800',
    'é',
    'jane@acme.example',
    'Sales Navigator Advanced Plus',
    '{crm}',
    's1',
    'u1',
    'false',
    'Invited',
    '\u{1f469}\u200d\u{1f4bb}',
    'İ',
    'ﬁ',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => `${text}@acme.example`),
);
const anyRecord = <Field extends string>(fields: readonly Field[]): fc.Arbitrary<Partial<Record<Field, string>>> =>
  fc.record(Object.fromEntries(fields.map((field) => [field, nasty])) as Record<Field, typeof nasty>, { requiredKeys: [] });
const nastyWorld = fc.record({
  users: fc.array(anyRecord<UserField>(userFields), { maxLength: 12 }),
  accounts: fc.array(anyRecord<AccountField>(accountFields), { maxLength: 12 }),
  settings,
});

test('no text in any field makes a comparison throw', () => {
  fc.assert(
    fc.property(nastyWorld, fc.array(nasty, { maxLength: 6 }), ({ users, accounts, settings }, texts) => {
      const [a = '', b = '', c = ''] = texts;
      const compared = reconcile(
        people<UserField>(users),
        people<AccountField>(accounts),
        settingsWith({
          ...settings,
          companyDomains: texts,
          domainAliases: [{ old: a, current: b }],
          emailAliases: [[b, c]],
          links: [{ licenseId: a, crmUserId: b, author: c, at: a }],
          exceptions: [{ licenseId: b, reason: a, author: c, until: c }],
          waiting: [{ licenseId: c, since: a, until: b }],
          observedAnswers: [{ licenseId: a, verdict: 'matched', at: b }],
          ownSubscriptions: texts,
          duplicateProfiles: texts,
        }),
      );
      for (const finding of findingsOf(compared)) expect(finding.sentence).not.toMatch(/[{}]/);
      explanationsOf(compared);
      for (const text of texts) compared.find(text);
    }),
    runs,
  );
});

function fastLines({ context, holders, unlicensed }: Reconciliation): string[] {
  const writer = createCsvWriter(context);
  const out = new Uint8Array(longestLine);
  const text = (end: number) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(out.subarray(0, end));
  return [
    ...Array.from(holders, (row) => text(writer.account(row, out, 0))),
    ...Array.from(unlicensed, (row) => text(writer.user(row, out, 0))),
  ];
}

test('the fast way to a report line writes the same bytes as the plain one, whatever the fields hold', () => {
  fc.assert(
    fc.property(fc.oneof(world, nastyWorld), ({ users, accounts, settings }) => {
      const compared = reconcile(people<UserField>(users), people<AccountField>(accounts), settingsWith({ ...settings, seatScope: 'all' }));
      expect(fastLines(compared)).toEqual(findingsOf(compared).map(csvLine));
    }),
    { numRuns: 200 },
  );
});

/** One side as a CSV file in which every third cell is quoted though it need not be. */
function csvOf<Field extends string>(records: readonly Partial<Record<Field, string>>[], fields: readonly Field[]): Buffer {
  let cells = 0;
  const cell = (value: string): string => (cells++ % 3 === 0 || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = records.map((record) => fields.map((field) => cell((record[field] ?? '').replaceAll('\0', ''))).join(','));
  return Buffer.from([fields.join(','), ...lines, ''].join('\n'));
}

async function readCsv<Field extends string>(file: Buffer, fields: readonly Field[], room: Room): Promise<People<Field>> {
  const csv = await loadCsv(file, { name: 'list.csv', room });
  const mapping = fields.map((field, index) => ({ field, column: field, index }));
  const collected = collectPeople<Field>(4, room);
  await listRows(csv, mapping, collected, () => {}, { expected: null, asOf: '2026-11-20', room });
  return collected.people();
}

/** The comparison of two files, or why they are refused; with lines as many at a time as threads write them. */
async function compareFiles(users: Buffer, accounts: Buffer, settings: ReconcileSettings, room: Room) {
  try {
    const [crm, licenses] = [await readCsv(users, filledUsers, room), await readCsv(accounts, filledAccounts, room)];
    expect([crm.inRoom, licenses.inRoom]).toEqual([room.memory !== null, room.memory !== null]);
    const compared = reconcile(crm, licenses, settings, room);
    expect(compared.context.stage.comparison.findOwners !== null).toBe(room.memory !== null);
    const writer = createCsvWriter(compared.context);
    const out = room.u8(compared.holders.length * 4096 + longestLine);
    expect(writer.accounts(compared.holders, 0, compared.holders.length, out, 0)).toBe(compared.holders.length);
    const { candidatePairs, ...summary } = compared.summary;
    return { findings: findingsOf(compared), lines: Buffer.from(out.subarray(0, writer.end)).toString(), summary, candidatePairs };
  } catch (error) {
    if (error instanceof FileRefused) return error.sentence;
    throw error;
  }
}
const filledUsers = userFields.filter((field) => !['disabled', 'userName', 'createdAt'].includes(field));
const filledAccounts = accountFields.filter((field) => field !== 'id');

test('two files are compared over one memory as they are without it, whatever the fields hold', async () => {
  const isFilled = fc
    .oneof({ weight: 3, arbitrary: world }, nastyWorld)
    .filter(({ users, accounts }) => users.length * accounts.length > 0);
  await fc.assert(
    fc.asyncProperty(isFilled, async ({ users, accounts, settings }) => {
      // Two of one address and two of one id: rows that the kernels leave to others.
      const files = [
        csvOf([...users, users[0]!], filledUsers),
        csvOf([...accounts, { ...accounts[0]!, seatId: 'again' }], filledAccounts),
      ] as const;
      const set = settingsWith(settings);
      expect(await compareFiles(...files, set, roomIn(createMemory(2 ** 24)))).toEqual(await compareFiles(...files, set, looseRoom));
    }),
    { numRuns: 150 },
  );
});

test('more domains, values and rows than the kernels keep at hand change nothing', async () => {
  const rows = Array.from({ length: 9000 }, (_, k) => k);
  const users = rows.map((k) => ({
    id: `u${k}`,
    email: `jane.roe@d${k}.example`,
    displayName: 'Jane Roe',
    userLicense: `License ${k % 300}`,
  }));
  const accounts = rows.map((k) => ({
    seatId: `s${k}`,
    email: `jane.roe@d${k + (k % 7)}.example`,
    licenseType: `Sales Navigator ${k % 300}`,
  }));
  const files = [csvOf(users, ['id', 'email', 'displayName', 'userLicense']), csvOf(accounts, ['seatId', 'email', 'licenseType'])] as const;
  const compared = async (room: Room) => {
    const crm = await readCsv<UserField>(files[0], ['id', 'email', 'displayName', 'userLicense'], room);
    const licenses = await readCsv<AccountField>(files[1], ['seatId', 'email', 'licenseType'], room);
    const { summary, context, holders } = reconcile(crm, licenses, settingsWith(), room);
    const { owner, rule, flags } = context.stage.comparison.matches;
    return { summary, held: holders.length, owner: [...owner], rule: [...rule], flags: [...flags], types: crm.values[3] ?? null };
  };
  const room = roomIn(createMemory(2 ** 26));
  const swift = await compared(room);
  expect(room.isWhole()).toBe(true);
  expect(swift).toEqual(await compared(looseRoom));
  expect(swift.summary.byStatus.matched).toBeGreaterThan(1000);
});

test('a line for one suggestion and a line for several end differently, in either order', () => {
  const named = (givenName: string, familyName: string) => ({ givenName, familyName });
  const users = [
    user('u1', 'jane.roe@acme.example', named('Jane', 'Roe')),
    user('u2', 'ann.stone@acme.example', named('Ann', 'Stone')),
    user('u3', 'anna.stone@acme.example', named('Anna', 'Stone')),
  ];
  const accounts = [licensed('s', 'jroe@acme.example', named('Jayne', 'Roe')), licensed('t', 'astone@acme.example', named('A', 'Stone'))];
  for (const list of [accounts, accounts.toReversed()]) {
    const compared = compare(users, list);
    expect(
      findingsOf(compared)
        .map(({ suggestions }) => suggestions.length)
        .sort(),
    ).toEqual([1, 2]);
    expect(fastLines(compared)).toEqual(findingsOf(compared).map(csvLine));
  }
});

test('a report has the cells of its findings and nothing that a spreadsheet would run', () => {
  fc.assert(
    fc.property(nastyWorld, ({ users, accounts, settings }) => {
      for (const finding of findingsOf(reconcile(people<UserField>(users), people<AccountField>(accounts), settingsWith(settings)))) {
        expect(cellsOf(finding)).toHaveLength(22);
        for (const cell of csvLine(finding).split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
      }
    }),
    { numRuns: 100 },
  );
});

const canonicalOf = (email: string): string | null => {
  const parsed = parseEmail(email);
  return parsed.kind === 'address' ? parsed.canonical : null;
};

test('another CRM changes what is said of somebody, never who they are, nor an address or the owner', () => {
  fc.assert(
    fc.property(world, ({ users, accounts, settings }) => {
      const alone = findingsOf(compare(users, accounts, { ...settings, otherCrms: [] }));
      const beside = findingsOf(compare(users, accounts, { ...settings, otherCrms: [otherCrm] }));
      const kept = ({ key, crmUser, rule, targetEmail, changeSide, predicted, suggestions }: Finding) => ({
        key,
        crmUser,
        rule,
        targetEmail,
        changeSide,
        predicted,
        suggestions,
      });
      expect(sorted(beside).map(kept)).toEqual(sorted(alone).map(kept));
      for (const { otherCrmUsers, license, crmUser, reason } of beside) {
        const own = [license?.email, crmUser?.email].map((email) => canonicalOf(email ?? ''));
        for (const { email } of otherCrmUsers) expect(own).toContain(canonicalOf(email));
        if (reason === 'in-other-crm') expect(otherCrmUsers).not.toEqual([]);
      }
    }),
    runs,
  );
});
