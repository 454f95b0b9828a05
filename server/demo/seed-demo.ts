import { randomUUID } from 'node:crypto';
import { defaultAlerts } from '../core/alerts.ts';
import { lookAtContract } from '../jobs/look-at-alerts.ts';
import { dateAlarms } from '../store/alarm.ts';
import { insertAlertChannel } from '../store/alert-channel.ts';
import { dateDecisions } from '../store/date-decisions.ts';
import { dateMails } from '../store/mail.ts';
import type { RunSource } from '../store/reconciliation.ts';
import type { ContractSettings } from '../store/setting.ts';
import { centerOfExport } from './center-of-export.ts';
import { type Demo, type DemoDecisions, demoSeed, makeDemo } from './make-demo.ts';
import type { DemoUsage } from './make-usage.ts';
import { type RepairDesk, repairToday, repairWhoIsStuck, repairWhoMoved } from './past-repairs.ts';

/** What seeding needs: a person's own ways to bring files, to decide and to repair. */
export interface SeedDesk extends RepairDesk {
  upload(file: {
    readonly name: string;
    readonly side: 'licenses' | 'crm';
    readonly text: string;
    readonly modifiedAt: string;
  }): Promise<string>;
  compare(asked: {
    readonly licenses: string;
    readonly crm: RunSource;
    readonly otherCrms: readonly RunSource[];
    readonly adminCenterCount: number;
  }): Promise<string>;
  /** Brings a usage report. */
  usage(report: DemoUsage & { readonly modifiedAt: string }): Promise<unknown>;
  /** Connects the company's systems, which are simulated. Returns the connection to its CRM; null: this server keeps no secrets. */
  connect(demo: Demo): Promise<string | null>;
  link(licenseId: string, crmUserId: string, note: string, reviewOn: string | null): Promise<void>;
  except(licenseId: string, reason: string, until: string): Promise<void>;
  /** Who uses the license is to be asked again on that day. */
  askLater(licenseId: string, reason: string, reviewOn: string): Promise<void>;
  changeDomain(change: DemoDecisions['domainChanges'][number]): Promise<void>;
  observe(licenseId: string, verdict: 'matched' | 'not-matched', on: string): Promise<void>;
  set(settings: Partial<ContractSettings>): Promise<void>;
}

/** Looks twice, as far apart as a state must hold before it is told. */
async function watchDemo({ plans: { pool, engine }, scope }: SeedDesk, at: Date): Promise<void> {
  for (const minutes of [0, defaultAlerts.debounceMinutes])
    await lookAtContract({ pool, engine, now: () => new Date(at.getTime() + minutes * 60_000) }, scope);
}

/** What was repaired after each comparison. */
const repairsAfter = [repairWhoIsStuck, null, repairWhoMoved, repairToday] as const;

/**
 * Fills an empty workspace: comparisons of one company two weeks ago, twice a week ago, and now, the last one with its live CRM; each with
 * what was decided before it and repaired after it. The repairs are real ones, against the Admin Center as that day's export shows it, whose clock stands at that day.
 */
export async function seedDemo(desk: SeedDesk, now: Date): Promise<void> {
  const demo = makeDemo(demoSeed, now);
  const { comparisons, repairs } = demo;
  await insertAlertChannel(desk.plans.pool, desk.scope, null, {
    id: randomUUID(),
    kind: 'email',
    name: 'Sales operations',
    target: 'sales-ops@northwind.example',
    secret: null,
    by: desk.by,
    at: now.toISOString(),
  });
  for (const [k, { at, date, licensesCsv, crmCsv, adminCenterCount, settings, decisions }] of comparisons.entries()) {
    // Today's lists are from just before the start: an export of the time to come would be refused.
    const modifiedAt = at ?? new Date(now.getTime() - 40 * 60_000).toISOString();
    await desk.set(settings);
    const deciding = new Date();
    for (const { licenseId, crmUserId, note, reviewOn } of decisions.links) await desk.link(licenseId, crmUserId, note, reviewOn);
    for (const { licenseId, reason, until } of decisions.exceptions) await desk.except(licenseId, reason, until);
    for (const { licenseId, verdict, on } of decisions.observed) await desk.observe(licenseId, verdict, on);
    for (const { licenseId, reason, reviewOn } of decisions.later) await desk.askLater(licenseId, reason, reviewOn);
    for (const change of decisions.domainChanges) await desk.changeDomain(change);
    await dateDecisions(desk.plans.pool, desk.scope, deciding, new Date(modifiedAt));
    desk.center.begin(centerOfExport(licensesCsv, crmCsv, new Date(modifiedAt)));
    const isToday = at === null;
    // Before the CRM's own list, which stays the newest one.
    const zoho = isToday ? [await desk.upload({ name: `zoho-users-${date}.csv`, side: 'crm', text: demo.zohoCsv, modifiedAt })] : [];
    const licenses = await desk.upload({ name: `admin-center-users-${date}.csv`, side: 'licenses', text: licensesCsv, modifiedAt });
    const crm = await desk.upload({ name: `salesforce-users-${date}.csv`, side: 'crm', text: crmCsv, modifiedAt });
    const connection = isToday ? await desk.connect(demo) : null;
    await desk.compare({
      licenses,
      crm: connection === null ? { upload: crm } : { connection },
      otherCrms: zoho.map((upload) => ({ upload })),
      adminCenterCount,
    });
    const begun = new Date();
    await watchDemo(desk, new Date(modifiedAt));
    await repairsAfter[k]?.(desk, repairs);
    await dateMails(desk.plans.pool, desk.scope, begun, desk.center.clock.now());
    await dateAlarms(desk.plans.pool, desk.scope, begun, desk.center.clock.now());
  }
  for (const report of demo.usage) await desk.usage({ ...report, modifiedAt: now.toISOString() });
  desk.center.arrive();
}
