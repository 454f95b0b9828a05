import pg from 'pg';
import { expect, test } from 'vitest';
import { oracleOf } from '../../connectors/linkedin-files/simulator/oracle.ts';
import type { Rematch } from '../../server/api.ts';
import { createTestDatabase } from '../postgres.ts';
import { startProcesses } from '../server/child-process-server.ts';
import { draftPlans } from './admin.ts';
import { foundCompany } from './company.ts';

test('a removal that LinkedIn comes to only after the licenses were given back takes nobody’s license for long', {
  timeout: 180_000,
}, async () => {
  const company = await foundCompany(['full, emails agree']);
  const arrived = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  let removals = 0;
  const environment = await company.openDoor('files', '', async ({ request, at, file }) => {
    if (request !== 'upload' || file !== 'license-off') return;
    if (at === 'applied' && removals > 1 && oracleOf(company.center).gaps.length > 3) done.resolve();
    if (at !== 'received') return;
    removals += 1;
    if (removals > 1) return;
    // The first one is left lying at LinkedIn's door while its sender dies.
    arrived.resolve();
    await late.promise;
  });
  const processes = await startProcesses({ database: await createTestDatabase(), environment });
  try {
    const first = await processes.startServer();
    const assignments = { month: new Date().toISOString().slice(0, 7), limit: 100, used: 0 };
    await first.ok('changeSettings', { body: { assignments, freeLicenses: 5 } });
    const adminCenterCount = company.center.people.length;
    expect(await first.compare(company.exportByHand().csv, company.crmCsv, { adminCenterCount })).toMatchObject({ state: 'done' });
    const [plan] = await draftPlans(first, company.wishes, 'files');
    const { id, seal } = plan!;
    await first.ok('approvePlan', { params: { id }, body: { seal } });
    const peopleAt = async (server: typeof first) =>
      (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: id } })).rows;
    for (const person of await peopleAt(first))
      await first.ok('answerRematch', { params: { id: person.id }, body: { answer: 'confirmed', reason: 'Said so on the phone.' } });
    await first.ok('planSitting', { params: { id }, body: { plannedFor: null } });
    await arrived.promise;
    await first.kill();

    const second = await processes.startServer();
    const steps = async () => (await peopleAt(second)).map(({ step, ended }) => ended ?? step).toSorted();
    const through = ['onboarding', 'onboarding', 'onboarding', 'remove-license'];
    await expect.poll(steps, { timeout: 60_000 }).toEqual(through);
    expect([removals, oracleOf(company.center).withoutLicense]).toEqual([2, []]);

    late.resolve();
    await done.promise;
    expect(oracleOf(company.center).withoutLicense).toHaveLength(3);
    const { csv, asOf } = company.exportByHand();
    await second.ok('bringProofAnywhere', { query: { name: 'users.csv', exportedAt: asOf }, raw: csv });
    await expect.poll(() => oracleOf(company.center).withoutLicense, { timeout: 60_000 }).toEqual([]);
    await expect.poll(steps, { timeout: 60_000 }).toEqual(through);
    const db = new pg.Client({ connectionString: (processes.database as { appUrl: string }).appUrl });
    await db.connect();
    const { rows } = await db.query(`select count(*)::integer as raised from alarm where kind = 'no-license'`);
    expect(rows).toEqual([{ raised: 2 }]);
    await db.end();
  } finally {
    await processes.stop();
    await company.close();
  }
});
