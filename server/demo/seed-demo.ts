import type { ContractSettings } from '../store/setting.ts';
import { makeDemo } from './make-demo.ts';

/** What seeding needs: a person's own ways to bring files and to decide. */
export interface SeedDesk {
  upload(file: {
    readonly name: string;
    readonly side: 'licenses' | 'crm';
    readonly text: string;
    readonly modifiedAt: string;
  }): Promise<string>;
  compare(asked: { readonly licenses: string; readonly crm: string; readonly adminCenterCount: number }): Promise<string>;
  link(licenseId: string, crmUserId: string, note: string): Promise<void>;
  except(licenseId: string, reason: string, until: string): Promise<void>;
  observe(licenseId: string, verdict: 'matched' | 'not-matched', on: string): Promise<void>;
  set(settings: Partial<ContractSettings>): Promise<void>;
}

/** Any number makes a company; this one's names read well together. */
const seed = 20;

/** Fills an empty workspace: three comparisons of one company, two weeks ago, a week ago and now, each with what was decided before it. */
export async function seedDemo(desk: SeedDesk, now: Date): Promise<void> {
  const { comparisons } = makeDemo(seed, now);
  for (const [k, { date, licensesCsv, crmCsv, adminCenterCount, settings, decisions }] of comparisons.entries()) {
    // Today's lists are from just before the start: an export of the time to come would be refused.
    const modifiedAt = k === comparisons.length - 1 ? new Date(now.getTime() - 40 * 60_000).toISOString() : `${date}T08:10:00.000Z`;
    await desk.set(settings);
    for (const { licenseId, crmUserId, note } of decisions.links) await desk.link(licenseId, crmUserId, note);
    for (const { licenseId, reason, until } of decisions.exceptions) await desk.except(licenseId, reason, until);
    for (const { licenseId, verdict, on } of decisions.observed) await desk.observe(licenseId, verdict, on);
    const licenses = await desk.upload({ name: `admin-center-users-${date}.csv`, side: 'licenses', text: licensesCsv, modifiedAt });
    const crm = await desk.upload({ name: `salesforce-users-${date}.csv`, side: 'crm', text: crmCsv, modifiedAt });
    await desk.compare({ licenses, crm, adminCenterCount });
  }
}
