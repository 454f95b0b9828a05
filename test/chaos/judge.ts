import type pg from 'pg';
import { oracleOf } from '../../connectors/linkedin-files/simulator/oracle.ts';
import type { KnownPlan } from './admin.ts';
import type { Company } from './company.ts';
import type { MortalProcesses } from './mortal-processes.ts';

interface Line {
  readonly action: string;
  readonly from: string;
}

/** Everything that must hold once every plan has ended, each broken one as a sentence. */
export async function judge(
  plans: readonly KnownPlan[],
  processes: MortalProcesses,
  company: Company,
  before: ReturnType<typeof holdingsOf>,
  db: pg.Client,
): Promise<string[]> {
  return [
    ...judgeAdminCenter(plans, company, before),
    ...judgeUploads(processes, company),
    ...(await judgeStore(plans, db)),
    ...processes.mishaps,
  ];
}

/** Who holds what, by the profile's own id. */
export const holdingsOf = ({ center }: Company): ReadonlyMap<string, string> =>
  new Map(center.people.map(({ id, license, licenseTypes }) => [id, `${license} ${licenseTypes.join(', ')}`]));

function judgeAdminCenter(plans: readonly KnownPlan[], company: Company, before: ReturnType<typeof holdingsOf>): string[] {
  const faults: string[] = [];
  const oracle = oracleOf(company.center);
  const now = holdingsOf(company);
  for (const [id, held] of before) if (now.get(id) !== held) faults.push(`${id} held ${held} and holds ${now.get(id)}.`);
  for (const email of oracle.withoutLicense) faults.push(`${email} has no license.`);
  for (const email of oracle.sharedEmails) faults.push(`${email} is the address of two people.`);
  for (const { person } of oracle.overwritten) faults.push(`${person} was changed by a row that was meant for somebody else.`);
  const written = Map.groupBy(
    oracle.journal.filter(({ upload, by }) => upload !== null || by === 'scim'),
    ({ person }) => person,
  );
  const kinds = new Map(plans.flatMap(({ wish }) => wish.people.map(({ crm }) => [crm!, wish.kind] as const)));
  for (const person of oracle.people) {
    const kind = kinds.get(person.profileEmail);
    const license = kind === undefined || kind === 'emails' ? [] : ['license-removed', 'license-assigned'];
    const allowed = kind === undefined ? [] : [...(kind === 'full, emails agree' ? [] : ['email']), ...license];
    const whats = (written.get(person.id) ?? []).map(({ what }) => what);
    if (whats.join() !== allowed.join()) faults.push(`${person.profileEmail} was to be written ${allowed} and was written ${whats}.`);
  }
  return faults;
}

/** What is sent again after its sender was killed may say again what holds already; nothing else may. */
function judgeUploads({ sent }: MortalProcesses, { center }: Company): string[] {
  const again = [...sent].filter(([, { arrived, cut }]) => arrived > 1 + cut);
  const idle = center.uploads.filter(({ name, unchanged }) => unchanged > 0 && !((sent.get(name)?.cut ?? 0) > 0));
  return [
    ...again.map(([name, { arrived, cut }]) => `${name} was sent ${arrived} times, ${cut} of them cut off.`),
    ...idle.map(({ name, unchanged }) => `${name} wrote ${unchanged} values that held already, though nothing was cut off.`),
    ...center.uploads.filter(({ refused }) => refused > 0).map(({ name, refused }) => `${name} had ${refused} rows refused.`),
  ];
}

async function judgeStore(plans: readonly KnownPlan[], db: pg.Client): Promise<string[]> {
  const faults: string[] = [];
  const ids = plans.map(({ id }) => id);
  const people = await db.query<{ rematchId: string; ended: string | null; version: number; events: number; versions: number }>(
    `select r.rematch_id as "rematchId", r.ended, r.version, count(e.*)::integer as events, count(distinct e.version)::integer as versions
     from rematch r left join rematch_event e using (workspace_id, rematch_id) where r.plan_id = any($1) group by r.workspace_id, r.rematch_id`,
    [ids],
  );
  const wanted = plans.reduce((sum, { wish }) => sum + wish.people.length, 0);
  if (people.rows.length !== wanted) faults.push(`${people.rows.length} of ${wanted} people have a repair.`);
  const audit = await db.query<Line & { subject: string }>(
    `select subject, action, detail->>'from' as from from audit where action like 'rematch%' order by audit_id`,
  );
  const lines = Map.groupBy(audit.rows, ({ subject }) => subject);
  for (const { rematchId, ended, version, events, versions } of people.rows) {
    if (ended !== 'repaired') faults.push(`The repair ${rematchId} ended as ${ended}.`);
    if (versions !== events || events > version) faults.push(`The repair ${rematchId} moved ${version} times, ${events} are told.`);
    faults.push(...judgeAudit(rematchId, lines.get(rematchId) ?? []));
  }
  const open = await db.query<{ plan_id: string; state: string }>(
    `select plan_id, state from plan where plan_id = any($1) and state <> 'done'`,
    [ids],
  );
  for (const { plan_id, state } of open.rows) faults.push(`The plan ${plan_id} is ${state}.`);
  const approvals = await db.query<{ subject: string }>(
    `select subject from audit where action = 'plan approved' group by subject having count(*) > 1`,
  );
  for (const { subject } of approvals.rows) faults.push(`The plan ${subject} was approved twice.`);
  const alarms = await db.query<{ sentence: string }>('select sentence from alarm where ended_at is null');
  for (const { sentence } of alarms.rows) faults.push(`An alarm is open: ${sentence}`);
  const failed = await db.query<{ name: string; output: unknown }>(`select name, output from pgboss.job where state = 'failed'`);
  for (const { name, output } of failed.rows) faults.push(`A job of ${name} was given up: ${JSON.stringify(output)}`);
  return faults;
}

/** Each line begins where the one before ended, no step comes twice, and the last one is the end. */
function judgeAudit(rematchId: string, lines: readonly Line[]): string[] {
  const steps = lines.map(({ action }) => action.replace(/^rematch: /u, ''));
  const isChain = lines.every(({ from }, index) => index === 0 || from === steps[index - 1]);
  const isOnce = new Set(steps).size === steps.length;
  const hasEnd = steps.at(-1) === 'rematch ended: repaired';
  return isChain && isOnce && hasEnd
    ? []
    : [`The audit of ${rematchId} reads ${lines.map(({ from, action }) => `${from} → ${action}`).join('; ')}.`];
}
