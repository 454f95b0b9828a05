import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Explanation, Finding } from '../../../server/core/finding.ts';
import { openPool } from '../../../server/store/database.ts';
import {
  agreeingSince,
  encodeFinding,
  findingsOfRun,
  historyPairs,
  listPeople,
  spansOf,
  tidyFindings,
} from '../../../server/store/finding.ts';
import {
  findReconciliation,
  insertReconciliation,
  latestRun,
  type ReconciliationResult,
  saveReconciliation,
  startReconciliation,
} from '../../../server/store/reconciliation.ts';
import { insertUpload } from '../../../server/store/upload.ts';
import { createFirstWorkspace, type Workspace } from '../../../server/store/workspace.ts';
import { createTestDatabase } from '../../postgres.ts';
import { emailDiffers, matched } from '../core/example-finding.ts';

let pool: pg.Pool;
let ownerUrl: string;
let scope: Workspace;
const upload = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  const { appUrl, url } = await createTestDatabase();
  ownerUrl = url;
  pool = openPool(appUrl, () => {});
  scope = await createFirstWorkspace(pool, { workspace: 'Test', contract: 'Test' });
  const file = {
    id: upload,
    name: 'x.csv',
    bytes: 1,
    sha256: '0'.repeat(64),
    modifiedAt: '2026-11-21T09:00:00.000Z',
    recognition: {},
    uploadedBy: 'Test',
  };
  await insertUpload(pool, scope, file);
});
afterAll(() => pool?.end());
beforeEach(async () => {
  await pool.query('delete from finding');
  await pool.query('delete from reconciliation');
});

const explain = (finding: Finding): Explanation => ({
  key: finding.key,
  trace: [],
  decidedBy: finding.rule,
  licenseEmail: [],
  crmEmail: [],
  ladder: [{ question: 'Do the emails agree?', answer: finding.status === 'matched' ? 'yes' : 'no', detail: '' }],
});

const result: ReconciliationResult = {
  summary: {
    licenseHolders: 0,
    crmUsers: 0,
    byStatus: {},
    byReason: {},
    seatsThatSync: 0,
    matchedNotSyncing: 0,
    countedOnly: {},
    observedAgreement: { agreed: 0, of: 0 },
    rootCauses: [],
    companyDomains: [],
    suggestedAliases: [],
    candidatePairs: 0,
  },
  proofs: {} as ReconciliationResult['proofs'],
  rejects: { licenses: [{ line: 3, column: null, reason: 'Too few columns.' }], crm: [] },
  warnings: [],
  asOf: '2026-11-21T09:00:00.000Z',
  sandbox: false,
  crmOrigin: null,
  withoutLicense: [],
  idOffer: [],
  invitations: { told: false, open: [], ended: [], groups: [] },
  crmInvitations: [],
};

async function* encoded(findings: readonly Finding[]) {
  for (let start = 0; start < findings.length; start += 3) {
    yield findings.slice(start, start + 3).map((finding) => encodeFinding(finding, explain(finding)));
  }
}

async function start(): Promise<string> {
  const client = await pool.connect();
  try {
    return await insertReconciliation(client, scope, {
      licenses: { upload },
      crm: { upload },
      files: { licenses: 'l.csv', crm: 'c.csv' },
      crmName: 'Salesforce',
      createdBy: 'Test',
      request: { crm: 'salesforce', answers: {}, settings: {} },
    });
  } finally {
    client.release();
  }
}

async function save(findings: readonly Finding[], asOf = result.asOf): Promise<string> {
  const id = await start();
  const run = await startReconciliation(pool, scope, id);
  await saveReconciliation(
    pool,
    scope,
    run!,
    encoded(findings),
    () => ({ ...result, asOf }),
    () => null,
  );
  return id;
}

const changesOf = async (id: string) => {
  const { changes } = (await findReconciliation(pool, scope, id))!;
  return { new: changes!.new, repaired: changes!.repaired, cameBack: changes!.cameBack };
};

const rowCount = async () => Number((await pool.query<{ n: string }>('select count(*) as n from finding')).rows[0]!.n);
const wrong = (id: string) => emailDiffers(id, `${id}@old.example`, `${id}@new.example`);
const right = (id: string) => matched(id, `${id}@new.example`);

describe('spans', () => {
  test('history costs what changed: an unchanged person writes nothing, also when the export is newer', async () => {
    await save([wrong('1'), right('2'), right('3')]);
    expect(await rowCount()).toBe(3);
    await save([wrong('1'), right('2'), right('3')].map((finding) => ({ ...finding, asOf: '2026-11-22T09:00:00.000Z' })));
    expect(await rowCount()).toBe(3);
    await save([right('1'), right('2'), right('3')]);
    expect(await rowCount()).toBe(4);
  });

  test('new, repaired and came back are told apart; the first run has none of them', async () => {
    expect(await changesOf(await save([wrong('1'), right('2')]))).toEqual({ new: 0, repaired: 0, cameBack: 0 });
    expect(await changesOf(await save([right('1'), wrong('2'), wrong('3')]))).toEqual({ new: 2, repaired: 1, cameBack: 0 });
    expect(await changesOf(await save([wrong('1'), right('2'), wrong('3')]))).toEqual({ new: 0, repaired: 1, cameBack: 1 });
    expect(await changesOf(await save([wrong('1'), right('2'), wrong('3')]))).toEqual({ new: 0, repaired: 0, cameBack: 0 });
  });

  test('somebody who is gone and returns Not Matched came back', async () => {
    await save([wrong('1'), right('2')]);
    await save([right('2')]);
    expect(await changesOf(await save([wrong('1'), right('2')]))).toEqual({ new: 0, repaired: 0, cameBack: 1 });
  });

  test('since stays while status and reason stay, though the words change', async () => {
    await save([wrong('1')]);
    const since = async () => (await spansOf(pool, scope, (await latestRun(pool, scope))!, 'license:1'))[0]!.finding.since;
    const first = await since();
    await save([{ ...wrong('1'), sentence: 'Other words.' }], '2026-11-22T09:00:00.000Z');
    expect(await since()).toBe(first);
    await save([right('1')], '2026-11-23T09:00:00.000Z');
    expect(await since()).toBe('2026-11-23T09:00:00.000Z');
  });

  test('what a change was is said of the run that brought it, and not of the next', async () => {
    await save([right('1')]);
    await save([wrong('1')]);
    const change = async () => {
      const run = (await latestRun(pool, scope))!;
      const page = await listPeople(pool, scope, run, {}, { sort: 'name', order: 'asc', after: null, limit: 10 });
      return page.rows[0]!.change;
    };
    expect(await change()).toBe('new');
    await save([wrong('1')]);
    expect(await change()).toBeNull();
  });

  test('every run can be read as it was, whatever came later (property)', async () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const state = fc.constantFrom('wrong', 'right', 'absent');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(...people.map(() => state)), { minLength: 1, maxLength: 5 }), async (runs) => {
        await pool.query('delete from finding');
        await pool.query('delete from reconciliation');
        const saved: { id: string; findings: Finding[] }[] = [];
        for (const states of runs) {
          const findings = people.flatMap((id, index) =>
            states[index] === 'absent' ? [] : [states[index] === 'wrong' ? wrong(id) : right(id)],
          );
          saved.push({ id: await save(findings), findings });
        }
        for (const { id, findings } of saved) {
          const { number, asOf } = (await findReconciliation(pool, scope, id))!;
          const read = await Array.fromAsync(findingsOfRun(pool, scope, { number, asOf: asOf! }));
          expect(read.map(({ since: _, change: __, explanation: ___, ...finding }) => finding)).toEqual(
            findings.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((finding) => ({ ...finding, asOf: result.asOf })),
          );
        }
        const current = await pool.query('select key from finding where to_run is null group by key having count(*) > 1');
        expect(current.rowCount).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test('whatever a source wrote is kept: tabs, line breaks, backslashes, quotes, NUL, halves of surrogate pairs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('\t', '\n', '\r', '\\', '\\N', '\0', '"', 'ü', '🙂', '\ud800', '.', 'a') }),
        async (name) => {
          await pool.query('delete from finding');
          await pool.query('delete from reconciliation');
          const finding = { ...wrong('1'), license: { ...wrong('1').license!, name } };
          await save([finding]);
          const [span] = await spansOf(pool, scope, (await latestRun(pool, scope))!, 'license:1');
          expect(span!.finding.license!.name).toBe(name);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('only pairs that nobody doubts become history', async () => {
    await save([
      right('1'),
      wrong('2'),
      { ...right('3'), reason: 'identity-conflict' },
      { ...wrong('4'), rule: 'canonical-email' },
      { ...wrong('5'), rule: 'link' },
    ]);
    expect((await historyPairs(pool, scope)).map(({ licenseId }) => licenseId).sort()).toEqual(['1', '2', '5']);
  });
});

test('after a large run the plain role may tidy the table, so that counting needs no rows; after a small one it does not', async () => {
  await save([wrong('1'), right('2')]);
  const visible = async () =>
    (await pool.query<{ relallvisible: number }>("select relallvisible from pg_class where relname = 'finding'")).rows[0]!.relallvisible;
  const before = await visible();
  await tidyFindings(pool, 10);
  expect(await visible()).toBe(before);
  await tidyFindings(pool, 100_000);
  expect(await visible()).toBeGreaterThan(before);
});

test('the total of a list is right on its only page, on its first and on its last', async () => {
  await save([wrong('1'), wrong('2'), right('3'), right('4'), right('5')]);
  const run = (await latestRun(pool, scope))!;
  const page = (limit: number, after: { value: string; key: string } | null) =>
    listPeople(pool, scope, run, { status: ['matched'] }, { sort: 'name', order: 'asc', after, limit });
  expect((await page(3, null)).total).toBe(3);
  const first = await page(2, null);
  expect([first.total, first.rows.length]).toEqual([3, 2]);
  const last = await page(2, first.next);
  expect([last.total, last.rows.length, last.next]).toEqual([3, 1, null]);
});

describe('since when emails agree', () => {
  const days = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'].map((day) => `${day}T09:00:00.000Z`);
  const runs = async (...each: (readonly Finding[])[]) => {
    for (const [k, findings] of each.entries()) await save([...findings, right('x')], days[k]!);
    return (await agreeingSince(pool, scope)).get('1');
  };

  test('goes back over every run that found them Matched, whatever the reason was', async () => {
    const inSync = { ...right('1'), reason: 'in-sync' } as const;
    expect(await runs([wrong('1')], [right('1')], [inSync], [{ ...right('1'), sentence: 'Other words.' }])).toBe(days[1]);
  });

  test('begins anew after a run that found them Not Matched, did not have them, or could say nothing', async () => {
    expect(await runs([right('1')], [wrong('1')], [right('1')])).toBe(days[2]);
    await pool.query('delete from finding');
    await pool.query('delete from reconciliation');
    expect(await runs([right('1')], [], [right('1')])).toBe(days[2]);
    await pool.query('delete from finding');
    await pool.query('delete from reconciliation');
    expect(await runs([right('1')], [{ ...right('1'), status: 'not-checked', reason: 'not-checked' }], [right('1')])).toBe(days[2]);
  });

  test('is known of nobody who is Not Matched now', async () => {
    expect(await runs([right('1')], [wrong('1')])).toBeUndefined();
  });
});

describe('a save that does not come to its end', () => {
  const nothingChanged = async (work: () => Promise<unknown>) => {
    await save([wrong('1'), right('2')]);
    const before = (await pool.query('select * from finding order by key')).rows;
    await work();
    expect((await pool.query('select * from finding order by key')).rows).toEqual(before);
    expect((await pool.query('select * from reject')).rowCount).toBe(1);
    expect(
      (await pool.query<{ state: string }>('select state from reconciliation order by number')).rows.map(({ state }) => state),
    ).toEqual(['done', 'running']);
  };

  test('because the comparison fails half way leaves everything as it was', async () => {
    await nothingChanged(async () => {
      const run = await startReconciliation(pool, scope, await start());
      async function* failing() {
        yield* encoded([right('1'), wrong('2'), wrong('3')]);
        throw new Error('the thread died');
      }
      await expect(
        saveReconciliation(
          pool,
          scope,
          run!,
          failing(),
          () => result,
          () => null,
        ),
      ).rejects.toThrow('the thread died');
    });
  });

  test('because the connection is killed in the middle leaves everything as it was', async () => {
    await nothingChanged(async () => {
      const run = await startReconciliation(pool, scope, await start());
      async function* killing() {
        yield* encoded([right('1'), wrong('2'), wrong('3')]);
        await pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy staged%'`,
        );
        yield* encoded([wrong('4')]);
      }
      await expect(
        saveReconciliation(
          pool,
          scope,
          run!,
          killing(),
          () => result,
          () => null,
        ),
      ).rejects.toThrow();
    });
  });

  test('because another process took the run over is refused', async () => {
    const run = (await startReconciliation(pool, scope, await start()))!;
    await pool.query("update reconciliation set state = 'refused'");
    await expect(
      saveReconciliation(
        pool,
        scope,
        run,
        encoded([right('1')]),
        () => result,
        () => null,
      ),
    ).rejects.toThrow('taken over');
    expect(await rowCount()).toBe(0);
  });

  test('because a question is open stores the question alone', async () => {
    const id = await start();
    const run = (await startReconciliation(pool, scope, id))!;
    const question = { id: 'odd-run', sentence: 'Was this the wrong file?' } as const;
    await saveReconciliation(
      pool,
      scope,
      run,
      encoded([right('1')]),
      () => result,
      () => question,
    );
    expect(await findReconciliation(pool, scope, id)).toMatchObject({ state: 'held', question, summary: null });
    expect(await rowCount()).toBe(0);
  });
});

test('a run that was overtaken by a later one is saved after it', async () => {
  const first = await start();
  await save([wrong('1')]);
  const run = (await startReconciliation(pool, scope, first))!;
  expect(run.number).toBe(3);
  await saveReconciliation(
    pool,
    scope,
    run,
    encoded([right('1')]),
    () => result,
    () => null,
  );
  expect(await latestRun(pool, scope)).toMatchObject({ id: first, number: 3 });
});

test('COPY into a table with row-level security is refused, and a superuser bypasses it: people are saved all the same, by a plain role', async () => {
  const owner = openPool(ownerUrl, () => {});
  try {
    await owner.query('alter table finding enable row level security');
    await owner.query('create policy own on finding using (true)');
    const { rows } = await pool.query('select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user');
    expect(rows).toEqual([{ bypasses: false }]);
    await expect(pool.query('copy finding from stdin')).rejects.toMatchObject({ code: '0A000' });
    await save([matched('A', 'a@acme.example'), matched('B', 'b@acme.example')]);
    expect(await rowCount()).toBe(2);
  } finally {
    await owner.query('drop policy if exists own on finding');
    await owner.query('alter table finding disable row level security');
    await owner.end();
  }
});
