import type { Comparison } from './correlate.ts';
import type { RootCause } from './finding.ts';
import { accountStates } from './index-people.ts';
import type { Verdicts } from './judge.ts';
import { emailKinds } from './people.ts';
import { owners } from './read-values.ts';
import { type Actor, changeSides, type Difference, differences, reasons, statuses, variants } from './status.ts';

interface Cause {
  readonly id: string;
  /** Without the count. */
  readonly title: string;
  readonly repair: string;
  readonly repairKind: RootCause['repairKind'];
  readonly actor: Actor;
}

const differenceTitles: Readonly<Record<Difference, string>> = {
  'invisible-character': 'an invisible character in the email',
  'look-alike-letter': 'a look-alike letter in the email',
  'plus-tag': 'a +tag on one side',
  dots: 'dots differ',
  'old-domain': 'the old domain',
  'other-company-domain': 'another company domain',
  'secondary-address': 'the license has a second address',
  'changed-name': 'the name changed',
  'private-address': 'a private address on the license',
  other: 'the emails differ',
};

/**
 * Groups Not Matched people by what repairs them together, and writes each one's group into `verdicts.cause`. Sequential.
 * @returns the groups, largest first, with their counts; positions agree with `cause` minus one
 */
export function groupRootCauses(comparison: Comparison, verdicts: Verdicts): RootCause[] {
  const { accounts, users, matches, accountIndex } = comparison;
  const notMatched = statuses.indexOf('not-matched');
  const found = new Map<number, number>();
  const causes: (Cause & { count: number })[] = [];
  const byId = new Map<string, number>();
  let of = 0;
  for (let i = 0; i < accounts.count; i++) {
    verdicts.cause[i] = 0;
    if (accountIndex.state[i] !== accountStates.holder || verdicts.status[i] !== notMatched) continue;
    of++;
    const owner = matches.owner[i]!;
    const domains = verdicts.difference[i]! === 0 || owner < 0 ? 0 : accounts.domain[i]! * users.domains.length + users.domain[owner]!;
    const idp = verdicts.managedBy[i] === owners.idp ? 1 : 0;
    const unusable = accounts.emailKind[i]! < emailKinds.address ? 1 : 0;
    const key =
      (((((domains * 2 + unusable) * 2 + idp) * 4 + verdicts.changeSide[i]!) * 16 + verdicts.difference[i]!) * 8 + verdicts.variant[i]!) *
        32 +
      verdicts.reason[i]!;
    let position = found.get(key);
    if (position === undefined) {
      const cause = causeOf(comparison, verdicts, i);
      position = byId.get(cause.id) ?? -1;
      if (position < 0) {
        position = causes.length;
        causes.push({ ...cause, count: 0 });
        byId.set(cause.id, position);
      }
      found.set(key, position);
    }
    causes[position]!.count++;
    verdicts.cause[i] = Math.min(position, 65534) + 1;
  }
  const order = causes
    .map((_, position) => position)
    .sort((a, b) => causes[b]!.count - causes[a]!.count || (causes[a]!.id < causes[b]!.id ? -1 : 1));
  const rank = new Uint16Array(causes.length);
  order.forEach((position, k) => {
    rank[position] = Math.min(k, 65534);
  });
  for (let i = 0; i < accounts.count; i++) if (verdicts.cause[i]! > 0) verdicts.cause[i] = rank[verdicts.cause[i]! - 1]! + 1;
  return order.map((position) => {
    const { count, title, ...rest } = causes[position]!;
    return { ...rest, title: `${count} of ${of}: ${title}`, count, of };
  });
}

function causeOf(comparison: Comparison, verdicts: Verdicts, i: number): Cause {
  const { accounts, users, matches, settings, groups } = comparison;
  const crm = settings.crmName;
  const reason = reasons[verdicts.reason[i]!]!;
  const variant = variants[verdicts.variant[i]! - 1] ?? null;
  const cause = (id: string, title: string, repair: string, repairKind: RootCause['repairKind'], actor: Actor): Cause => ({
    id,
    title,
    repair,
    repairKind,
    actor,
  });
  switch (reason) {
    case 'email-differs': {
      const difference = differences[verdicts.difference[i]! - 1] ?? 'other';
      const side = changeSides[verdicts.changeSide[i]! - 1] ?? 'ask';
      const from = accounts.domains[accounts.domain[i]!]!;
      const to = users.domains[users.domain[matches.owner[i]!]!]!;
      if (verdicts.managedBy[i] === owners.idp && side !== 'crm') {
        return cause(
          'managed-by-idp',
          `${settings.idpName} controls the license`,
          'One request file to the identity team repairs them.',
          'identity-request',
          'identity-team',
        );
      }
      if (side === 'ask') {
        return cause('ask', 'nobody can tell which email is right', 'Ask each person, then mark the right email.', 'ask', 'the-person');
      }
      if (side === 'crm') {
        return cause(
          `crm:${difference}`,
          `the ${crm} email looks wrong`,
          `One change list for ${crm} repairs them.`,
          'crm-change-list',
          'crm-admin',
        );
      }
      if (difference === 'old-domain' && groups.successor(from) !== undefined) {
        return cause(
          `old-domain:${from}>${to}`,
          `${from} became ${to}`,
          'One domain-change file repairs them.',
          'domain-change-file',
          'linkedin-admin',
        );
      }
      if (difference === 'old-domain' || difference === 'other-company-domain') {
        return cause(
          `other-domain:${from}>${to}`,
          `${from} on the license, ${to} in ${crm}`,
          'One domain-change file repairs them.',
          'domain-change-file',
          'linkedin-admin',
        );
      }
      return cause(
        `license:${difference}`,
        differenceTitles[difference],
        'One email-change file repairs them.',
        'email-change-file',
        'linkedin-admin',
      );
    }
    case 'email-unusable': {
      const inCrm = accounts.emailKind[i]! >= emailKinds.address;
      const side = inCrm ? crm : 'LinkedIn';
      return cause(
        `email-unusable:${variant}:${inCrm ? 'crm' : 'license'}`,
        `${variant === 'missing' ? 'no email' : 'not an email address'} in ${side}`,
        `${variant === 'missing' ? 'Fill in' : 'Correct'} the email in ${side}, then compare again.`,
        inCrm ? 'crm-admin' : 'none',
        inCrm ? 'crm-admin' : 'linkedin-admin',
      );
    }
    case 'identity-conflict':
      return cause(
        'identity-conflict',
        'ids and email point to different people',
        'Say for each who uses the license.',
        'ask',
        'crm-admin',
      );
    case 'ambiguous':
      if (variant === 'crm')
        return cause(
          'ambiguous:crm',
          `several ${crm} users share one email`,
          `Correct or deactivate the extra users in ${crm}.`,
          'crm-admin',
          'crm-admin',
        );
      if (variant === 'licenses')
        return cause(
          'ambiguous:licenses',
          'several licenses for one person',
          'Keep the license they use and take the other back.',
          'reclaim',
          'linkedin-admin',
        );
      return cause(
        'ambiguous:namesakes',
        'several people have the same name',
        'Ask each person, then link the right one.',
        'link',
        'crm-admin',
      );
    case 'crm-user-inactive':
      return cause(
        'crm-user-inactive',
        `inactive in ${crm}, but still holding a license`,
        'Take the licenses of leavers back; add exceptions for people on leave.',
        'reclaim',
        'linkedin-admin',
      );
    case 'crm-user-unconfirmed':
      return cause('crm-user-unconfirmed', `the invitation to ${crm} is open`, `Re-invite them in ${crm}.`, 'crm-admin', 'crm-admin');
    case 'in-other-crm':
      return cause(
        'in-other-crm',
        'in another CRM of the company',
        `Add them to ${crm}, or leave them with an exception.`,
        'crm-admin',
        'crm-admin',
      );
    case 'owner-unconfirmed':
      return cause(
        'owner-unconfirmed',
        'the owner is not confirmed',
        'Compare the suggestions and link the right ones.',
        'link',
        'crm-admin',
      );
    case 'repair-failed':
      return cause('repair-failed', 'the repair stopped', 'Continue each from the step where it stopped.', 'none', 'linkedin-admin');
    default:
      return cause(
        'no-crm-user',
        `nobody in ${crm} fits`,
        `Link the right person, add them to ${crm}, or take the license back.`,
        'link',
        'crm-admin',
      );
  }
}
