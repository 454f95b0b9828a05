import '../settings/settings.css';

import { Checkbox, Group, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { text } from '../../text.ts';
import { Form } from '../settings/settings-form.tsx';
import { hereZone, isAddress, zones } from '../settings/zones.ts';

type Digest = NonNullable<Settings['reportDigest']>;

/** Who is mailed what changed in the report, and when. */
export function DigestForm() {
  const { data } = useQuery(queries.settings);
  return data ? (
    <div className="no-print">
      <SettledForm settings={data} />
    </div>
  ) : null;
}

function SettledForm({ settings }: { settings: Settings }) {
  const words = text.report;
  const [draft, setDraft] = useState<Digest | null>(settings.reportDigest);
  const isWrong = draft !== null && (draft.recipients.length === 0 || draft.days.length === 0 || !draft.recipients.every(isAddress));
  return (
    <Form
      settings={settings}
      names={['reportDigest']}
      title={words.digest}
      lead={words.digestLead}
      draft={draft}
      toChange={(reportDigest) => ({ reportDigest })}
      affects={false}
      invalid={isWrong}
    >
      <Switch
        label={words.digestOn}
        checked={draft !== null}
        onChange={({ currentTarget }) =>
          setDraft(currentTarget.checked ? { recipients: [], days: [1], at: '08:00', timeZone: hereZone } : null)
        }
      />
      {draft && (
        <>
          <TagsInput
            label={words.digestTo}
            placeholder={draft.recipients.length === 0 ? 'ops@example.com' : ''}
            value={[...draft.recipients]}
            onChange={(recipients) => setDraft({ ...draft, recipients: recipients.map((address) => address.trim()) })}
            acceptValueOnBlur
            clearable
          />
          <Checkbox.Group
            label={words.digestDays}
            value={draft.days.map(String)}
            onChange={(days) => setDraft({ ...draft, days: days.map(Number).toSorted() })}
          >
            <Group gap="md" mt="xs">
              {text.settings.days.map((day, index) => (
                <Checkbox key={day} value={String(index + 1)} label={day} />
              ))}
            </Group>
          </Checkbox.Group>
          <div className="two-fields">
            <TextInput
              type="time"
              required
              label={words.digestAt}
              value={draft.at}
              onChange={({ currentTarget }) => setDraft({ ...draft, at: currentTarget.value })}
            />
            <Select
              label={text.settings.quietZone}
              searchable
              data={[...new Set([draft.timeZone, ...zones])]}
              value={draft.timeZone}
              allowDeselect={false}
              limit={100}
              onChange={(timeZone) => timeZone && setDraft({ ...draft, timeZone })}
            />
          </div>
        </>
      )}
    </Form>
  );
}
