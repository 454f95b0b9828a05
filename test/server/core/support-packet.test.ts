import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SupportFacts, supportPacket } from '../../../server/core/support-packet.ts';
import { emailDiffers } from './example-finding.ts';

const finding = emailDiffers('LIC-1', 'jane@old.example', 'jane@acme.example');
const own = finding.license!.email;
const facts: SupportFacts = {
  finding,
  crmName: 'Salesforce',
  madeAt: '2026-11-29T10:00:00.000Z',
  timeline: [{ from: '2026-11-01T00:00:00.000Z', to: null, label: 'Email differs', sentence: 'The two emails are different.' }],
  observed: [{ on: '2026-11-20', verdict: 'not-matched' }],
  repairs: [
    {
      id: '6f1c0d1e-0000-4000-8000-000000000000',
      emails: ['before@acme.example'],
      mode: 'full',
      route: 'files',
      ended: null,
      cause: null,
      events: [{ at: '2026-11-21T00:00:00.000Z', step: 'update-email', event: 'read' }],
      files: [
        {
          name: 'northwind-email-change-6f1c0d1e-0000-4000.csv',
          kind: 'email-change',
          states: [{ at: '2026-11-20T08:00:00.000Z', state: 'made' }],
          message: `Row refused: duplicate profile of boss@acme.example and before@acme.example and ${own}`,
        },
      ],
    },
  ],
};

test('has ids, times, files and LinkedIn’s messages', () => {
  const { name, text } = supportPacket(facts);
  expect(name).toMatch(/^linkedin-support-[\w-]+-2026-11-29\.txt$/u);
  for (const part of [
    finding.license!.id,
    own,
    '2026-11-20: not-matched',
    'northwind-email-change-6f1c0d1e-0000-4000.csv',
    'made 2026-11-20',
    'duplicate profile',
  ])
    expect(text).toContain(part);
});

test('has the person’s own addresses, those of earlier repairs too, and nobody else’s', () => {
  const { text } = supportPacket(facts);
  expect(text).toContain(`duplicate profile of [another address] and before@acme.example and ${own}`);
});

test('has nothing that lets anybody in, and no other address, whatever LinkedIn’s message says', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{32,60}$/u);
  const local = fc.stringMatching(/^[a-z]{3,12}$/u);
  fc.assert(
    fc.property(
      secret,
      local,
      fc.constantFrom('Bearer ', 'token=', 'https://www.linkedin.com/x?code=', 'key: ', ''),
      (value, name, before) => {
        const [repair] = facts.repairs;
        const message = `Failed for x${name}@other.example ${before}${value} end`;
        const { text } = supportPacket({ ...facts, repairs: [{ ...repair!, files: [{ ...repair!.files[0]!, message }] }] });
        expect(text).not.toContain(value);
        expect(text).not.toContain(`x${name}@other.example`);
      },
    ),
  );
});
