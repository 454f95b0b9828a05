import { describe, expect, it } from 'vitest';
import type { FirstInvitationFacts } from '../../../server/core/first-invitation.ts';
import { type NewUsersOptions, newUsers, pasteBlocks, type Unlicensed } from '../../../server/core/new-users.ts';

const person = (id: string, change: Partial<Unlicensed> = {}, number = `E${id}`): Unlicensed => ({
  key: `crm:salesforce:${id}`,
  crmUserId: id,
  name: `Given${id} Family${id}`,
  email: `p${id}@acme.example`,
  reason: 'no-license',
  sentence: 'Sentence.',
  nextStep: 'Next step.',
  crm: { givenName: `Given${id}`, familyName: `Family${id}`, employeeNumber: number, team: 'Sales' },
  ...change,
});

const options: NewUsersOptions = {
  crmName: 'Salesforce',
  companyDomains: ['acme.example'],
  released: [],
  formerEmails: [],
  holders: [],
  firstInvitation: () => ({ question: { askedAt: '2026-11-20T08:00:00Z', answer: { answer: 'added' } }, goOn: null }),
  leaveOut: [],
  free: null,
  assignmentsLeft: null,
};
const holder = (email: string, uniqueUserId = '') => ({ id: 'L9', email, uniqueUserId, licenses: [] });
const codes = (people: readonly Unlicensed[], change: Partial<NewUsersOptions> = {}) => {
  const { rows, notAdded } = newUsers(people, { ...options, ...change });
  return [rows.map(({ email }) => email), notAdded.map(({ key, code }) => [key.split(':')[2], code])];
};

describe('the file that adds users', () => {
  it('has name, address and the employee number as Unique User ID', () => {
    expect(newUsers([person('1'), person('2', {}, '')], options)).toEqual({
      rows: [
        {
          key: 'crm:salesforce:1',
          name: 'Given1 Family1',
          givenName: 'Given1',
          familyName: 'Family1',
          email: 'p1@acme.example',
          uniqueUserId: 'E1',
          team: 'Sales',
          ready: 'Has added the work email to LinkedIn: ready to be invited.',
        },
        expect.objectContaining({ email: 'p2@acme.example', uniqueUserId: '' }),
      ],
      notAdded: [],
    });
  });

  it('holds whoever did not say that the invitation finds their own account, until an admin goes on with a reason', () => {
    const askedAt = '2026-11-20T08:00:00Z';
    const goOn = { reason: 'Asked by phone', author: 'Ada' };
    const facts: Record<string, FirstInvitationFacts> = {
      1: { question: null, goOn: null },
      2: { question: { askedAt, answer: null }, goOn: null },
      3: { question: { askedAt, answer: { answer: 'no-account' } }, goOn: null },
      4: { question: null, goOn },
      5: { question: { askedAt, answer: { answer: 'wrong-person' } }, goOn },
    };
    const everybody = Object.keys(facts).map((id) => person(id));
    // Only two licenses are free: nobody who is held takes one of them.
    expect(codes(everybody, { firstInvitation: (id) => facts[id]!, free: 2 })).toEqual([
      ['p3@acme.example', 'p4@acme.example'],
      [
        ['1', 'not-asked'],
        ['2', 'not-answered'],
        ['5', 'wrong-person'],
      ],
    ]);
    const { rows } = newUsers(everybody, { ...options, firstInvitation: (id) => facts[id]! });
    expect(rows.map(({ ready }) => ready)).toEqual([
      'Has no LinkedIn account, so no second profile can come: ready to be invited.',
      'Invited without an answer, says Ada: Asked by phone.',
    ]);
  });

  it('has nobody who may have a license already, or pays for one', () => {
    expect(codes([person('1', { reason: 'may-have-one' }), person('2', { reason: 'own-subscription' }), person('3')])).toEqual([
      ['p3@acme.example'],
      [
        ['1', 'may-have-one'],
        ['2', 'own-subscription'],
      ],
    ]);
  });

  it('has nobody who stands in LinkedIn already, nor an ID that is somebody’s', () => {
    expect(codes([person('1')], { holders: [holder('P1@Acme.example')] })).toEqual([[], [['1', 'in-linkedin']]]);
    expect(codes([person('1')], { holders: [holder('x@acme.example', ' e1 ')] })).toEqual([[], [['1', 'id-of-another']]]);
    expect(codes([person('1')], { formerEmails: [{ licenseId: 'L1', email: 'p1@acme.example' }] })).toEqual([
      [],
      [['1', 'target-taken-before']],
    ]);
  });

  it('has neither of two CRM users who share an address or a number', () => {
    expect(codes([person('1', {}, 'E7'), person('2', {}, 'e7'), person('3')])).toEqual([
      ['p3@acme.example'],
      [
        ['1', 'double-id'],
        ['2', 'double-id'],
      ],
    ]);
    expect(codes([person('1'), person('2', { email: 'P1@acme.example' })])[0]).toEqual([]);
  });

  it('has only addresses of the company’s own domains', () => {
    expect(codes([person('1', { email: 'p1@mail.example' })])).toEqual([[], [['1', 'target-domain']]]);
  });

  it('goes no further than free licenses and the month’s assignments, and leaves out whom the admin leaves out', () => {
    const three = [person('1'), person('2'), person('3')];
    expect(codes(three, { free: 2 })).toEqual([['p1@acme.example', 'p2@acme.example'], [['3', 'no-free-license']]]);
    expect(codes(three, { free: 2, leaveOut: ['crm:salesforce:1'] })).toEqual([
      ['p2@acme.example', 'p3@acme.example'],
      [['1', 'left-out-by-you']],
    ]);
    const { notAdded } = newUsers(three, { ...options, free: 5, assignmentsLeft: 1 });
    expect(notAdded.map(({ nextStep }) => nextStep)).toEqual(Array(2).fill('Add them when the new month has begun.'));
  });

  it('comes as addresses to paste too, at most 50 at a time', () => {
    const rows = Array.from({ length: 101 }, (_, n) => ({ email: `p${n}@acme.example` }));
    const blocks = pasteBlocks(rows).map((block) => block.split('\n'));
    expect(blocks.map((block) => block.length)).toEqual([50, 50, 1]);
    expect(blocks.flat()).toEqual(rows.map(({ email }) => email));
    expect(pasteBlocks([])).toEqual([]);
  });
});
