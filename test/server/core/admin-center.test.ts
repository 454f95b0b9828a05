import { expect, test } from 'vitest';
import { centerLink, centerView, inCenter, isLinkedInAddress } from '../../../server/core/admin-center.ts';
import { addByFileSteps, groupSteps, guidedSteps } from '../../../server/core/guided-steps.ts';
import { batchSteps, batchWays } from '../../../server/core/invitation-batch.ts';
import { onboardingOf } from '../../../server/core/onboarding.ts';
import { defaultAdminCenter } from '../../../server/core/settings.ts';
import { centerGenerations } from '../../../server/core/status.ts';

const own = 'https://www.linkedin.com/admincenter/example/users';
const seats = { generation: 'seat-management', links: [{ generation: 'seat-management', page: 'users', href: own }] } as const;

test('each step that names a page of Admin Center leads there', () => {
  const [, open] = inCenter(defaultAdminCenter, guidedSteps('email-change'));
  expect(open).toEqual({
    sentence: 'On a desktop, as an admin: Admin Center → Users. Search for the person.',
    href: centerLink(defaultAdminCenter, 'users'),
  });
});

test('whoever sees Seat Management reads its words, and follows the address that an admin gave', () => {
  const [, open] = inCenter(seats, guidedSteps('email-change'));
  expect(open).toEqual({ sentence: 'On a desktop, as an admin: Admin → Seat Management. Search for the person.', href: own });
});

test('an invitation is sent again, and its link copied, where the admin says that their users are', () => {
  for (const way of batchWays)
    expect(inCenter(seats, batchSteps(way, 1, false))[1]).toEqual({
      sentence: 'Click Admin in the top menu, then Admin → Seat Management.',
      href: own,
    });
});

test('an address of one generation is none of another', () => {
  expect(centerLink({ ...seats, generation: 'account-center' }, 'users')).not.toBe(own);
});

test('a step with a help page of its own keeps it', () => {
  const upload = inCenter(seats, addByFileSteps).find(({ sentence }) => sentence.includes('Upload'))!;
  expect(upload.href).toContain('/help/');
  expect(upload.sentence).toContain('Seat Management');
});

test('the longer way is put in place, not the shorter one that it begins with', () => {
  const [groups] = inCenter({ ...defaultAdminCenter, generation: 'account-center' }, groupSteps);
  expect(groups!.sentence).toContain('Account Center → People → Groups.');
});

test.each(centerGenerations)('%s: no step speaks of a page that its reader does not see', (generation) => {
  const stuck = {
    reason: 'stuck-onboarding',
    state: 'invited',
    activatedOn: null,
    answered: false,
    today: '2026-11-21',
    crmKind: 'salesforce',
  } as const;
  const steps = [
    ...(['email-change', 'license-off', 'license-on'] as const).flatMap((kind) => guidedSteps(kind)),
    ...batchWays.flatMap((way) => batchSteps(way, 1, false)),
    ...onboardingOf(stuck)!.parts.flatMap((part) => part.steps),
  ];
  for (const { sentence } of inCenter({ generation, links: [] }, [...steps, ...addByFileSteps, ...groupSteps])) {
    if (generation !== 'admin-center') expect(sentence).not.toMatch(/Admin Center →/u);
  }
  for (const { href, way } of centerView({ generation, links: [] }))
    expect([isLinkedInAddress(href), way.length > 0]).toEqual([true, true]);
});

test.each([
  ['http://www.linkedin.com/x', false],
  ['https://linkedin.com.example/x', false],
  ['https://www.linkedin.com@evil.example/x', false],
  ['https://user:secret@www.linkedin.com/x', false],
  ['javascript:alert(1)', false],
  ['linkedin.com/x', false],
  ['https://www.linkedin.com/accountcenter', true],
])('%s may be followed: %s', (address, may) => {
  expect(isLinkedInAddress(address)).toBe(may);
});
