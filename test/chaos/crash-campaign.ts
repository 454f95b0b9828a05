import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { ServerRoute } from '../../server/core/status.ts';
import type { TestDatabase } from '../postgres.ts';
import { carryOut, draftPlans } from './admin.ts';
import { foundCompany, type PlanKind } from './company.ts';
import { holdingsOf, judge } from './judge.ts';
import { killList, randomBy } from './kill-list.ts';
import { type Kill, startMortals } from './mortal-processes.ts';

export interface Campaign {
  readonly kills: readonly Kill[];
  readonly plans: number;
  readonly people: number;
  /** Uploads, or people written over SCIM. */
  readonly writes: number;
  /** What does not hold, each as a sentence. */
  readonly faults: readonly string[];
}

const children = 3;

/**
 * A server and two workers carry out plans against one Admin Center and are killed (kill -9) again and again, at every point between
 * sending and recording, and by chance. Nothing of the product knows of it: the points are those of the Admin Center.
 */
export async function crashCampaign(database: TestDatabase, route: ServerRoute, kills: number, seed: number): Promise<Campaign> {
  const random = randomBy(seed);
  const list = killList(route, kills, children, random);
  // In thirty kills there are six for licenses that go and six for those that come back; a file meets one of them.
  const sets = Math.ceil(kills / 15);
  const kinds = Array.from({ length: sets }, (): PlanKind[] => ['emails', 'full', 'full, emails agree']);
  const company = await foundCompany([...kinds.flat(), ...kinds.flat().slice(0, Math.max(3, sets))]);
  const before = holdingsOf(company);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-chaos-'));
  const db = new pg.Client({ connectionString: database.appUrl });
  await db.connect();
  const processes = await startMortals(company, route, database, dataDir, list);
  try {
    const server = await processes.server();
    const assignments = { month: new Date().toISOString().slice(0, 7), limit: 100_000, used: 0 };
    await server.ok('changeSettings', {
      body: {
        domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }],
        assignments,
        freeLicenses: 5,
        scimRemoval: { canary: 'LIC-0001', confirmedOn: '2026-11-20' },
      },
    });
    const { csv, asOf } = company.exportByHand();
    const run = await server.compare(csv, company.crmCsv, { adminCenterCount: company.center.people.length, exportedAt: asOf });
    if (run.state !== 'done') throw new Error(`The comparison is ${run.state}.`);
    const drafted = await draftPlans(server, company.wishes, route);
    processes.begin();
    const plans = await carryOut(drafted, processes, company, db, route, processes.isSpared);
    return {
      kills: processes.kills,
      plans: plans.length,
      people: plans.reduce((sum, { wish }) => sum + wish.people.length, 0),
      writes: [...processes.sent.values()].reduce((sum, { arrived }) => sum + arrived, 0),
      faults: await judge(plans, processes, company, before, db),
    };
  } finally {
    await processes.stop();
    await db.end();
    await company.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
