import { Alert, Button, ErrorState, LoadingSpinner, StatusTag } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import { expect, test, vi } from 'vitest';
import { OwnerCard } from '../src/panel/owner-card.tsx';
import type { PanelRecord } from '../src/panel/panel-types.ts';
import { answers, held, refused } from './answers.ts';
import { exampleRecord } from './example-answers.ts';

function open(record: (ownerId: string | null) => Promise<PanelRecord>, owner: string | null | Error = '31') {
  const { ask, calls } = answers({ record });
  let changed: ((ownerId: string | null) => void) | undefined;
  const renderer = createRenderer('crm.record.sidebar');
  renderer.render(
    <OwnerCard
      ask={ask}
      readOwner={async () => {
        if (owner instanceof Error) throw owner;
        return owner;
      }}
      onOwnerChange={(call) => {
        changed = call;
      }}
    />,
  );
  const shows = (text: string) => vi.waitFor(() => expect(renderer.getRootNode().toString()).toContain(text));
  return { ...renderer, shows, calls, changeOwner: (ownerId: string | null) => changed?.(ownerId) };
}

test('the owner’s status, reason and next step stand beside the record', async () => {
  const card = open(async () => exampleRecord());
  expect(card.find(LoadingSpinner).props.label).toBe('Loading …');
  for (const text of ['Anna Berg', 'Old domain', 'Confirm which domain is right.', 'CRM admin', '“com” (old domain)'])
    await card.shows(text);
  expect(card.find(StatusTag).props.variant).toBe('danger');
  expect(card.calls).toEqual([['record', '31']]);
});

test('an email that was changed in HubSpot and will stop the sync is warned of', async () => {
  const warning = 'The email in HubSpot is another one since the last comparison.';
  const card = open(async () => exampleRecord({ warning }));
  await card.shows(warning);
  expect(card.find(Alert).props).toMatchObject({ title: warning, variant: 'warning' });
});

test('an owner without a license, and a record without an owner, get the server’s sentence', async () => {
  const none = { found: false, person: null, tone: 'neutral' } as const;
  const unknown = open(async () => exampleRecord({ ...none, heading: 'Bo Cole', sentence: 'No license.' }));
  await unknown.shows('No license.');
  const nobody = open(async () => exampleRecord({ ...none, heading: 'No owner', sentence: 'Nobody owns this record.' }), null);
  await nobody.shows('Nobody owns this record.');
  expect(nobody.calls).toEqual([['record', null]]);
});

test('when the record is given to somebody else, the card is theirs, and a late answer about the first owner is not shown', async () => {
  const first = held<PanelRecord>();
  const card = open((ownerId) => (ownerId === '31' ? first.promise : Promise.resolve(exampleRecord({ heading: 'Bo Cole', person: null }))));
  await vi.waitFor(() => expect(card.calls).toHaveLength(1));
  card.changeOwner('32');
  await card.shows('Bo Cole');
  first.resolve(exampleRecord({ heading: 'Anna Berg', person: null }));
  await Promise.resolve();
  expect(card.getRootNode().toString()).not.toContain('Anna Berg');
});

test('where HubSpot does not say who owns the record, that is said, and our server is not blamed', async () => {
  const card = open(async () => exampleRecord(), new Error('no'));
  await card.shows('HubSpot does not say who owns this record.');
  expect(card.calls).toEqual([]);
});

test('without rights there is a lock, without an answer a way to ask again', async () => {
  const locked = open(() => Promise.reject(refused('no-rights', 'You may not see this.')));
  await locked.shows('You may not see this.');
  expect(locked.find(ErrorState).props.type).toBe('lock');

  const tries = [() => Promise.reject(new Error('down')), async () => exampleRecord()];
  const card = open(() => tries.shift()!());
  await card.shows('Seatmatch does not answer.');
  card.find(Button).trigger('onClick');
  await card.shows('Old domain');
});
