import type { guardCodes } from './status.ts';
import { guardSentence } from './wording.ts';

export type GuardCode = (typeof guardCodes)[number];

export interface GuardTrip {
  readonly code: GuardCode;
  readonly sentence: string;
  /** What would make the plan possible; one action. */
  readonly nextStep: string;
  /** Whether a person may overrule it for one plan, with a reason. */
  readonly canOverride: boolean;
}

/** A full admin's decision to go beyond a guard: for one plan, with a reason and an end. */
export interface Override {
  readonly codes: readonly GuardCode[];
  readonly reason: string;
  readonly by: string;
  readonly byFullAdmin: boolean;
  /** ISO 8601, both. */
  readonly at: string;
  readonly until: string;
}

/** Only a guard that allows it is lifted, and only by a full admin who said why, while the override lasts. `now` is ISO 8601. */
export const isLifted = ({ code, canOverride }: GuardTrip, override: Override | null, now: string): boolean =>
  override !== null &&
  canOverride &&
  override.codes.includes(code) &&
  override.byFullAdmin &&
  override.reason.trim() !== '' &&
  Date.parse(now) <= Date.parse(override.until);

/** What a plan does to people, each with a limit of its own. */
export const actionClasses = ['email', 'remove', 'assign', 'invite'] as const;
export type ActionClass = (typeof actionClasses)[number];

/** One action class's limit: of `of` people at most `percent` and at most `absolute`; one person is always allowed. */
export interface Limit {
  readonly percent: number;
  readonly absolute: number;
}

/** How many people one plan may change. */
export const allowedBy = ({ percent, absolute }: Limit, of: number): number =>
  Math.max(1, Math.min(absolute, Math.floor((of * percent) / 100)));

const actionWords: Readonly<Record<ActionClass, string>> = {
  email: 'email changes',
  remove: 'removals',
  assign: 'assignments',
  invite: 'invitations',
};

/** One trip for each action class that goes beyond its limit. `people`: how many this plan changes in that way, of `of`. */
export const guardLimits = (
  people: Readonly<Record<ActionClass, number>>,
  of: number,
  limits: Readonly<Record<ActionClass, Limit>>,
): readonly GuardTrip[] =>
  actionClasses.flatMap((action) => {
    const n = people[action];
    const limit = allowedBy(limits[action], of);
    if (n <= limit) return [];
    return [
      {
        code: 'limit' as const,
        sentence: guardSentence('limit', { n, m: of, limit }),
        nextStep: `Look at the people first. If all is right, ${
          action === 'email' ? 'declare the domain change they share, or ' : ''
        }override the limit for ${actionWords[action]} with a reason.`,
        canOverride: true,
      },
    ];
  });

/** Whether so many people changed status in one comparison that it is more likely the wrong list than so much news. */
export const isOddRun = (changed: number, of: number, { percent, people }: { percent: number; people: number }): boolean =>
  changed >= people && changed * 100 > percent * of;

/** People who changed status at once, and nobody has said yet that this is right; null where there is no such question. */
export const guardOddRun = (odd: { readonly changed: number; readonly of: number } | null): GuardTrip | null =>
  odd === null
    ? null
    : {
        code: 'odd-run',
        sentence: guardSentence('odd-run', { n: odd.changed, m: odd.of }),
        nextStep: 'Answer the question of the comparison first.',
        canOverride: false,
      };
