import { Checkbox, Group, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import { Form } from './settings-form.tsx';

const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set([hereZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
const thisMonth = (): string => new Date().toISOString().slice(0, 7);

/** What full rematches need to know: the month's assignments, free licenses, the agreed window, and who is never touched. */
export function RemovalsForm({ settings }: { settings: Settings }) {
  const { assignments, freeLicenses, removalWindow, protectedPeople, scimRemoval } = settings;
  const [draft, setDraft] = useState({
    // What was typed in for another month says nothing of this one.
    assignments: assignments?.month === thisMonth() ? assignments : null,
    freeLicenses,
    removalWindow,
    protectedPeople: [...protectedPeople],
    scimRemoval,
  });
  const { assignments: ledger, removalWindow: window, scimRemoval: scim } = draft;
  return (
    <Form
      settings={settings}
      names={['assignments', 'freeLicenses', 'removalWindow', 'protectedPeople', 'scimRemoval']}
      title={text.settings.removals}
      lead={text.settings.removalsLead}
      draft={draft}
      toChange={(change) => change}
      affects={false}
      invalid={(window !== null && window.days.length === 0) || scim?.canary.trim() === ''}
    >
      <Switch
        label={text.settings.assignmentsKnown}
        description={text.settings.assignmentsHint}
        checked={ledger !== null}
        onChange={({ currentTarget }) =>
          setDraft({ ...draft, assignments: currentTarget.checked ? { month: thisMonth(), limit: 0, used: 0 } : null })
        }
      />
      {ledger && (
        <Group grow>
          <NumberInput
            label={text.settings.assignmentsUsed}
            value={ledger.used}
            min={0}
            allowDecimal={false}
            onChange={(used) => typeof used === 'number' && setDraft({ ...draft, assignments: { ...ledger, used } })}
          />
          <NumberInput
            label={text.settings.assignmentsLimit}
            value={ledger.limit}
            min={0}
            allowDecimal={false}
            onChange={(limit) => typeof limit === 'number' && setDraft({ ...draft, assignments: { ...ledger, limit } })}
          />
        </Group>
      )}
      <NumberInput
        label={text.settings.freeLicenses}
        description={text.settings.freeLicensesHint}
        value={draft.freeLicenses ?? ''}
        min={0}
        allowDecimal={false}
        onChange={(value) => setDraft({ ...draft, freeLicenses: typeof value === 'number' ? value : null })}
      />
      <Switch
        label={text.settings.windowOn}
        description={text.settings.windowHint}
        checked={window !== null}
        onChange={({ currentTarget }) =>
          setDraft({
            ...draft,
            removalWindow: currentTarget.checked ? { days: [2, 3, 4], from: '10:00', to: '16:00', timeZone: hereZone } : null,
          })
        }
      />
      {window && (
        <>
          <Checkbox.Group
            label={text.settings.windowDays}
            value={window.days.map(String)}
            onChange={(days) => setDraft({ ...draft, removalWindow: { ...window, days: days.map(Number).toSorted() } })}
          >
            <Group gap="sm" mt="xs">
              {text.settings.days.map((day, index) => (
                <Checkbox key={day} value={String(index + 1)} label={day} />
              ))}
            </Group>
          </Checkbox.Group>
          <div className="two-fields">
            <Group grow>
              <TextInput
                type="time"
                required
                label={text.settings.quietFrom}
                value={window.from}
                onChange={({ currentTarget }) => setDraft({ ...draft, removalWindow: { ...window, from: currentTarget.value } })}
              />
              <TextInput
                type="time"
                required
                label={text.settings.quietTo}
                value={window.to}
                onChange={({ currentTarget }) => setDraft({ ...draft, removalWindow: { ...window, to: currentTarget.value } })}
              />
            </Group>
            <Select
              label={text.settings.quietZone}
              searchable
              data={[...new Set([window.timeZone, ...zones])]}
              value={window.timeZone}
              allowDeselect={false}
              limit={100}
              onChange={(timeZone) => timeZone && setDraft({ ...draft, removalWindow: { ...window, timeZone } })}
            />
          </div>
        </>
      )}
      <Switch
        label={text.settings.scimOn}
        description={text.settings.scimHint}
        checked={scim !== null}
        onChange={({ currentTarget }) =>
          setDraft({ ...draft, scimRemoval: currentTarget.checked ? { canary: '', confirmedOn: null } : null })
        }
      />
      {scim && (
        <Group grow align="flex-end">
          <TextInput
            label={text.settings.scimCanary}
            required
            maxLength={500}
            value={scim.canary}
            onChange={({ currentTarget }) => setDraft({ ...draft, scimRemoval: { ...scim, canary: currentTarget.value } })}
          />
          <TextInput
            type="date"
            label={text.settings.scimConfirmed}
            value={scim.confirmedOn ?? ''}
            onChange={({ currentTarget }) => setDraft({ ...draft, scimRemoval: { ...scim, confirmedOn: currentTarget.value || null } })}
          />
        </Group>
      )}
      <TagsInput
        label={text.settings.protected}
        description={text.settings.protectedHint}
        value={draft.protectedPeople}
        onChange={(value) => setDraft({ ...draft, protectedPeople: value.map((id) => id.trim()) })}
        acceptValueOnBlur
        clearable
      />
    </Form>
  );
}
