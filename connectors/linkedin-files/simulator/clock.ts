import { type AdminCenter, addDue, findPerson, minuteMs, nextCycle, nextHour } from './admin-center.ts';
import { workThrough } from './bulk-upload.ts';
import { accept, setCrmMatch, setEmail, setLicenseEmail, verdictOn } from './write-person.ts';

/** Moves the clock to a moment and does on the way, in order of time, what fell due. A moment in the past changes nothing. */
export function advanceTo(center: AdminCenter, moment: number): void {
  for (;;) {
    const next = Math.min(center.due[0]?.at ?? Number.POSITIVE_INFINITY, center.nextCrmJob, center.nextIdentityCycle);
    if (next > moment) break;
    center.now = Math.max(center.now, next);
    doDue(center);
    if (center.nextCrmJob <= center.now) runCrmJob(center);
    if (center.nextIdentityCycle <= center.now) runIdentityCycle(center);
  }
  center.now = Math.max(center.now, moment);
  for (const [person, views] of Object.entries(center.views))
    if (views.every(({ until }) => until <= center.now)) delete center.views[person];
}

function doDue(center: AdminCenter): void {
  while (center.due[0] !== undefined && center.due[0].at <= center.now) {
    const one = center.due.shift()!;
    switch (one.what) {
      case 'license-email': {
        const person = findPerson(center, one.person);
        // A later change of the same email has an entry of its own.
        if (person?.profileEmail === one.email) setLicenseEmail(center, person, one.email);
        break;
      }
      case 'crm-verdicts':
        for (const person of center.people) {
          const verdict = one.verdicts[person.id];
          if (verdict !== undefined && person.license === 'activated') setCrmMatch(center, person, verdict);
        }
        break;
      case 'accept': {
        const person = findPerson(center, one.person);
        if (person) accept(center, person, { inviteId: one.inviteId, wrongProfile: one.wrongProfile });
        break;
      }
      case 'upload':
        workThrough(center, one, Buffer.from(one.file, 'base64'), one.faults);
        break;
      default:
        one satisfies never;
    }
  }
}

/** Once a day (help a107066). During an outage the day's job is left out. */
function runCrmJob(center: AdminCenter): void {
  center.nextCrmJob = nextHour(center, center.now);
  if (center.crmOutageUntil !== null && center.now < center.crmOutageUntil) return;
  const emails = new Set(center.crmEmails);
  const { lagMinutes } = center.settings.crm;
  const verdicts: Record<string, 'matched' | 'not-matched'> = {};
  for (const person of center.people) {
    const verdict = verdictOn(center, person, emails);
    if (verdict === null) continue;
    if (lagMinutes > 0) verdicts[person.id] = verdict;
    else setCrmMatch(center, person, verdict);
  }
  if (lagMinutes > 0) addDue(center, { at: center.now + lagMinutes * minuteMs, what: 'crm-verdicts', verdicts });
}

/** The identity provider writes its own email over whatever was changed in Admin Center. */
function runIdentityCycle(center: AdminCenter): void {
  center.nextIdentityCycle = nextCycle(center);
  for (const person of center.people) {
    if (person.idpEmail === null || person.idpEmail === person.profileEmail) continue;
    setEmail(center, person, person.idpEmail, { by: 'identity-provider', upload: null });
  }
}
