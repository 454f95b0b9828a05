import { copyLinkSteps, type GuidedStep, resendSteps, toInvited } from './guided-steps.ts';

/** LinkedIn's own ways to send an invitation once more (help, “Resend Sales Navigator invitation emails”); none of them has an API. */
export const batchWays = ['user-queue', 'quick-actions', 'single', 'copy-link'] as const;
export type BatchWay = (typeof batchWays)[number];

/** So many users Admin Center's queue takes at once (help a186605). */
export const mostInBatch = 2_000;

/** One person: these ways know no other number. */
export const isForOne = (way: BatchWay): boolean => way === 'single' || way === 'copy-link';

export const batchWayLabels: Readonly<Record<BatchWay, string>> = {
  'user-queue': 'User queue',
  'quick-actions': 'Quick actions',
  single: 'One user',
  'copy-link': 'Activation link',
};

const users = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'user' : 'users'}`;

/** The steps in the words of Admin Center. @param isEverybody whether all who are Invited are meant, so that one box ticks them */
export function batchSteps(way: BatchWay, count: number, isEverybody: boolean): readonly GuidedStep[] {
  const everybody = 'Select the checkbox beside the User details column at the top of the page: it ticks all users.';
  const each = `Select the checkbox next to each of the ${users(count)} listed here.`;
  const one = 'the user listed here';
  switch (way) {
    case 'user-queue':
      return [
        ...toInvited,
        { sentence: isEverybody ? everybody : each, href: null },
        { sentence: 'Click Add to queue in the lower-left corner of the page.', href: null },
        { sentence: `Scroll to the top of the page and click ${users(count)} in user queue.`, href: null },
        { sentence: 'Click Resend Invite. A confirmation message says that the invites were sent.', href: null },
      ];
    case 'quick-actions':
      return [
        ...toInvited,
        { sentence: isEverybody ? everybody : each, href: null },
        { sentence: 'Click Resend invite in the lower-right corner of the page.', href: null },
        { sentence: 'Wait for the confirmation message that the invites were sent.', href: null },
      ];
    case 'single':
      return resendSteps(one);
    case 'copy-link':
      return copyLinkSteps(one);
  }
}

/** What a list shows of one person of a batch. */
export type BatchOutcome = 'resent' | 'activated' | 'gone' | 'not-sent' | 'no-date' | 'waiting';

export interface BatchPersonFacts {
  /** As the list before the batch showed it. */
  readonly invitedBefore: string | null;
  readonly invitedAt: string | null;
  readonly lastSeenAt: string;
  readonly ended: { readonly how: 'activated' | 'gone' } | null;
}

/**
 * What became of one person: only a list says so. A newer invitation date shows that it was sent again; a link that was copied leaves no
 * trace, so only their activation closes that.
 * @param doneAt ISO 8601: when a person said that the batch was carried out; null: not yet
 */
export function batchOutcome(
  way: BatchWay,
  { invitedBefore, invitedAt, lastSeenAt, ended }: BatchPersonFacts,
  doneAt: string | null,
): BatchOutcome {
  if (ended !== null) return ended.how;
  if (way !== 'copy-link' && invitedAt !== null && invitedBefore !== null && invitedAt > invitedBefore) return 'resent';
  if (doneAt === null || lastSeenAt <= doneAt) return 'waiting';
  if (way === 'copy-link') return 'waiting';
  return invitedAt === null || invitedBefore === null ? 'no-date' : 'not-sent';
}

export const isSettled = (outcome: BatchOutcome): boolean => outcome === 'resent' || outcome === 'activated' || outcome === 'gone';

export const batchOutcomeSentences: Readonly<Record<BatchOutcome, string>> = {
  resent: 'LinkedIn shows a new invitation.',
  activated: 'Activated.',
  gone: 'Without an invitation now: the license was taken or the user removed.',
  'not-sent': 'The list shows no new invitation. Send it again.',
  'no-date': 'The list has no invited date, so only their activation will show. Tick “Last invited date” in the next export.',
  waiting: 'Waits for the next export.',
};
