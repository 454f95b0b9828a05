import { reportCsv } from '../core/report-csv.ts';
import type { LicenseRow } from './demo-person.ts';

/** A usage report of the demo company, as Sales Navigator would export it. */
export interface DemoUsage {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly csv: string;
}

/** Somebody whom the report may have: their row of a license list, and how many days ago they were last seen. */
export interface UsedLicense {
  readonly row: LicenseRow;
  readonly lastSeen: number;
}

const columns = [
  'Name',
  'Email',
  'Days active',
  'Searches performed',
  'Profile views',
  'Leads saved',
  'Accounts saved',
  'InMail messages sent',
  'InMail acceptance rate',
  'Messages sent',
  'Total unique connections',
  'Smart Links created',
  'Smart Links viewed',
] as const;

/** What LinkedIn leaves to whoever has not finished onboarding: a name, and nothing else. */
const blank = columns.slice(2).map(() => '');

/**
 * Makes the report of some days. Whoever was not seen since before its first day did nothing in it; whoever has not accepted the invitation is
 * blank. `left` stand in it and in no license list any more.
 */
export function makeUsage(
  period: { readonly from: string; readonly to: string; readonly days: number; readonly endedAgo: number },
  people: readonly UsedLicense[],
  left: readonly string[],
  random: () => number,
): DemoUsage {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const worked = (): string[] => {
    // Some live in Sales Navigator, many look in now and then.
    const effort = random() ** 1.6;
    const days = 1 + Math.round(effort * (Math.round((period.days * 5) / 7) - 1));
    const sent = Math.round(effort * upTo(30));
    const created = upTo(3) === 0 ? Math.round(effort * upTo(6)) : 0;
    return [
      days,
      Math.round(days * (2 + random() * 9)),
      Math.round(days * (3 + random() * 14)),
      Math.round(effort * upTo(60)),
      Math.round(effort * upTo(20)),
      sent,
      sent === 0 ? '' : `${5 + upTo(45)}%`,
      Math.round(days * random() * 3),
      Math.round(effort * upTo(40)),
      created,
      created === 0 ? 0 : upTo(created * 4),
    ].map(String);
  };
  const nothing = ['0', '0', '0', '0', '0', '0', '', '0', '0', '0', '0'];
  const seen = new Set<string>();
  const rows = people.flatMap(({ row, lastSeen }) => {
    const email = row.invited_email_address;
    if (!email.includes('@') || seen.has(email.toLowerCase())) return [];
    seen.add(email.toLowerCase());
    const cells = row.license_status !== 'Activated' ? blank : lastSeen >= period.days + period.endedAgo ? nothing : worked();
    return [[`${row.preferred_first_name} ${row.preferred_last_name}`.trim(), email, ...cells]];
  });
  const gone = left.map((email) => ['', email, ...worked()]);
  const csv = reportCsv(columns, [...rows, ...gone]);
  return {
    name: `usage-reporting-${period.from}-to-${period.to}.csv`,
    from: period.from,
    to: period.to,
    csv: `Sales Navigator usage from ${period.from} to ${period.to}\r\n\r\n${csv}`,
  };
}
