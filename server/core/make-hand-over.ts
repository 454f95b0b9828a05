import { guardLedger } from './guard-ledger.ts';
import { guardStanding } from './guard-person.ts';
import { guardUnseen } from './guard-read.ts';
import { targetGuard } from './guard-target.ts';
import { composePlan, type PlanOptions, type PlanOutcome } from './make-plan.ts';
import { lintRows } from './order-changes.ts';
import type { Holder, LeftOut, PlanRow } from './plan.ts';
import type { ManagedBy, Route } from './status.ts';

/** Somebody in LinkedIn, with or without a license. */
export interface HandOverPerson extends Holder {
  readonly name: string;
  readonly seatId: string;
  readonly managedBy: ManagedBy;
  /** How many people in LinkedIn have this person's Unique User ID. */
  readonly sameId: number;
}

export interface HandOver {
  /** `isInCrm`: the newest comparison found who they are in the CRM, active or not. */
  readonly leaver: HandOverPerson & { readonly isInCrm: boolean };
  readonly successor: HandOverPerson & { readonly crmUserId: string };
  readonly route: Route;
  /** Everybody in LinkedIn. */
  readonly holders: readonly Holder[];
  readonly licenseHolders: number;
}

/**
 * Plans a leaver's license for a successor: taken from the one, seen to be gone, given to the other. Never a new email on the leaver's
 * profile: their leads and messages would become the successor's, and the successor's own profile a second one.
 */
export function makeHandOver({ leaver, successor, route, holders, licenseHolders }: HandOver, options: PlanOptions): PlanOutcome {
  const rowOf = ({ id, seatId, uniqueUserId, name, email }: HandOverPerson, crmUserId: string): PlanRow => ({
    licenseId: id,
    seatId,
    uniqueUserId,
    name,
    existingEmail: email,
    newEmail: email,
    crmUserId,
    rule: null,
    difference: null,
    after: null,
    licenses: leaver.licenses,
  });
  const off = rowOf(leaver, '');
  const on = rowOf(successor, successor.crmUserId);
  const wrong = whyNot({ leaver, successor, off, on, holders }, options);
  const unseen = guardUnseen(options.crmName, options.crm, leaver.isInCrm);
  return composePlan(options, {
    mode: 'full',
    waves: [],
    sittings: wrong === null ? [{ off, on }] : [],
    routeOf: () => route,
    emailKindOf: () => 'email-change',
    canary: 0,
    licenseHolders,
    crmChanges: [],
    identityRequests: [],
    leftOut: wrong === null ? [] : [wrong],
    notes: [],
    window: options.window,
    priceOf: () =>
      wrong === null
        ? `${leaver.name || 'The leaver'} loses the license for good; ${successor.name || 'the successor'} gets it with a new invitation. One assignment is used.`
        : 'No license changes hands.',
    trips: unseen === null ? [] : [unseen],
  });
}

interface Pair extends Pick<HandOver, 'leaver' | 'successor' | 'holders'> {
  readonly off: PlanRow;
  readonly on: PlanRow;
}

function whyNot({ leaver, successor, off, on, holders }: Pair, options: PlanOptions): LeftOut | null {
  const leave = (person: HandOverPerson, code: string, sentence: string, nextStep: string, until: string | null = null): LeftOut => ({
    licenseId: person.id,
    name: person.name,
    licenseEmail: person.email,
    newEmail: successor.email,
    code,
    sentence,
    nextStep,
    until,
  });
  if (leaver.id === successor.id)
    return leave(leaver, 'same-person', 'Leaver and successor are the same person.', 'Choose somebody else as the successor.');
  if (successor.licenses.some((license) => license.trim() !== ''))
    return leave(
      successor,
      'has-license',
      'The successor has a license already.',
      'Take the license of the leaver back without giving it on.',
    );
  for (const [person, recorded] of [[leaver, leaver.licenses] as const, [successor, null] as const]) {
    const isProtected = options.protected.includes(person.id);
    const standing = guardStanding({ isProtected, managedBy: person.managedBy, sameId: person.sameId }, recorded);
    if (standing !== null) return leave(person, standing.code, standing.sentence, standing.nextStep);
  }
  const domains = [...options.companyDomains, ...options.domainAliases.map((alias) => alias.current)];
  const target = targetGuard({ ...options, companyDomains: domains, crmEmails: [] })({
    email: successor.email,
    licenseId: successor.id,
    crmUserId: successor.crmUserId,
  });
  if (target !== null) return leave(successor, target.code, target.sentence, target.nextStep);
  for (const [kind, row, person] of [['license-off', off, leaver] as const, ['license-on', on, successor] as const]) {
    const [refused] = lintRows(kind, [row], holders, options.upload).refused;
    if (refused !== undefined) return leave(person, refused.code, refused.sentence, 'Correct the value at its source, then compare again.');
  }
  const answer = guardLedger(1, options.ledger, options.reservedAssignments, options.now);
  if (answer.fits === 1) return null;
  return leave(successor, answer.code!, answer.sentence, 'Plan and approve again when assignments are left.', answer.until);
}
