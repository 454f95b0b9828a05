import { Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { DemoPerson, DemoPersonChange } from '../../../../../server/api.ts';
import { changeDemoPerson } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { useOtherSide } from './use-other-side.ts';

/** What another admin might do meanwhile, so that one sees what Seatmatch says of it. */
export function EditByHand({ types }: { types: readonly string[] }) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const { data } = useQuery({ ...queries.demoPeople(settled), enabled: settled !== '' });
  const [editing, setEditing] = useState<string | null>(null);
  const rows = settled === '' ? [] : (data?.rows ?? []);
  return (
    <Section title={text.otherSide.edit} lead={text.otherSide.editLead}>
      <TextInput
        type="search"
        label={text.otherSide.search}
        description={text.otherSide.searchHint}
        value={search}
        maw={420}
        maxLength={200}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {settled !== '' && data && rows.length === 0 && (
        <Text size="sm" mt="sm">
          {text.otherSide.nobody}
        </Text>
      )}
      <ul className="plain-list divided other-side-rows">
        {rows.map((person) => (
          <li key={person.id}>
            <div>
              <Text fw={600}>
                <bdi>{person.name || text.common.noName}</bdi>
              </Text>
              <Text size="sm" c="dimmed" className="wrap">
                {[
                  person.email || text.common.noEmail,
                  text.otherSide.states[person.license],
                  ...(person.crmMatch ? [text.otherSide.matches[person.crmMatch]] : []),
                  ...(person.managedBy ? [person.managedBy] : []),
                ].join(' · ')}
              </Text>
            </div>
            <Button
              size="xs"
              variant="default"
              aria-expanded={editing === person.id}
              onClick={() => setEditing(editing === person.id ? null : person.id)}
            >
              {text.otherSide.change}
              <span className="visually-hidden">: {person.name}</span>
            </Button>
            {editing === person.id && <Edit person={person} types={types} onDone={() => setEditing(null)} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const noLicense = 'none';

function Edit({ person, types, onDone }: { person: DemoPerson; types: readonly string[]; onDone: () => void }) {
  const action = useOtherSide();
  const held = person.licenses[0] ?? noLicense;
  const [draft, setDraft] = useState({ email: person.email, license: held, crmSync: person.crmSync ?? false });
  const change: DemoPersonChange = {
    ...(draft.email.trim() === person.email ? {} : { email: draft.email.trim() }),
    ...(draft.license === held ? {} : { licenses: draft.license === noLicense ? [] : [draft.license] }),
    ...(draft.crmSync === (person.crmSync ?? false) ? {} : { crmSync: draft.crmSync }),
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    action.mutate(() => changeDemoPerson(person.id, change), {
      onSuccess: () => {
        notifications.show({ message: text.otherSide.saved, color: 'teal' });
        onDone();
      },
    });
  };
  return (
    <Stack component="form" onSubmit={save} gap="sm" className="full">
      <Group align="flex-end" gap="sm">
        <TextInput
          label={text.otherSide.email}
          required
          value={draft.email}
          maxLength={320}
          flex="1 1 240px"
          onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
        />
        <Select
          label={text.otherSide.license}
          data={[{ value: noLicense, label: text.otherSide.noLicense }, ...types.map((type) => ({ value: type, label: type }))]}
          value={draft.license}
          allowDeselect={false}
          flex="1 1 240px"
          onChange={(license) => license && setDraft({ ...draft, license })}
        />
      </Group>
      <Group justify="space-between" gap="sm">
        <Switch
          label={text.otherSide.crmSync}
          checked={draft.crmSync}
          disabled={person.license !== 'activated'}
          onChange={(event) => setDraft({ ...draft, crmSync: event.currentTarget.checked })}
        />
        <Button type="submit" color="indigo" size="xs" loading={action.isPending} disabled={Object.keys(change).length === 0}>
          {text.otherSide.save}
        </Button>
      </Group>
      {action.error && <ProblemPanel error={action.error} what={text.otherSide.actionFailed} />}
    </Stack>
  );
}
