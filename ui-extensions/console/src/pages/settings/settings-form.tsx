import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Settings, SettingsChange } from '../../../../../server/api.ts';
import { changeSettings } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { useCompareAgain } from '../../api/use-decision.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** One card that is saved as a whole; says who changed it last and offers to compare again once it is saved. */
export function Form<Draft>({
  settings,
  names,
  title,
  lead,
  draft,
  toChange,
  affects = true,
  invalid = false,
  onSaved,
  children,
}: {
  settings: Settings;
  names: readonly string[];
  title: string;
  lead: string;
  draft: Draft;
  toChange: (draft: Draft) => SettingsChange;
  /** Whether the next comparison comes out differently. */
  affects?: boolean;
  /** Whether something in it has to be corrected before it can be saved. */
  invalid?: boolean;
  /** Where it shows beside the settings. */
  onSaved?: () => Promise<unknown>;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const overview = useQuery(queries.overview);
  const again = useCompareAgain(overview.data?.latest?.id ?? null);
  const save = useMutation({
    mutationFn: (change: SettingsChange) => changeSettings(change),
    onSuccess: async (saved) => {
      client.setQueryData(queries.settings.queryKey, saved);
      notifications.show({ message: text.settings.saved(title), color: 'teal' });
      await Promise.all(['overview', 'contracts'].map((first) => client.invalidateQueries({ queryKey: [first] })));
      await onSaved?.();
    },
  });
  const [stored, setStored] = useState(() => JSON.stringify(draft));
  const dirty = JSON.stringify(draft) !== stored;
  const last = settings.changed.filter((change) => names.includes(change.setting)).sort((a, b) => b.at.localeCompare(a.at))[0];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(toChange(draft), { onSuccess: () => setStored(JSON.stringify(draft)) });
  };
  return (
    <Section title={title} lead={lead}>
      <Stack component="form" onSubmit={submit} gap="md">
        {children}
        {save.error && <ProblemPanel error={save.error} what={text.error.action} />}
        <Group gap="sm">
          <Button type="submit" disabled={!dirty || invalid} loading={save.isPending}>
            {text.common.save}
            <span className="visually-hidden">: {title}</span>
          </Button>
          {save.isSuccess && !dirty && affects && overview.data?.latest && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              loading={again.isPending}
              onClick={() => again.mutate()}
            >
              {text.settings.compareAgain}
            </Button>
          )}
          {last && (
            <Text size="sm" c="dimmed">
              {text.settings.lastChanged(last.actor, formatDateTime(last.at))}
            </Text>
          )}
        </Group>
      </Stack>
    </Section>
  );
}
