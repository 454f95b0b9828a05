import { Button, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { NewWebhook } from '../../../../../server/api.ts';
import { deleteChatWebhook, setChatWebhook, testChatWebhook } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

const empty: NewWebhook = { kind: 'slack', label: '', url: '' };

/** The team's chat. What was given once is not shown again. */
export function ChatForm() {
  const words = text.settings;
  const client = useQueryClient();
  const { data, error } = useQuery(queries.chatWebhook);
  const [draft, setDraft] = useState(empty);
  const read = () => client.invalidateQueries({ queryKey: queries.chatWebhook.queryKey });
  const save = useMutation({
    mutationFn: () => setChatWebhook(draft),
    onSuccess: (saved) => {
      client.setQueryData(queries.chatWebhook.queryKey, saved);
      setDraft(empty);
      notifications.show({ message: words.chatSaved, color: 'teal' });
    },
  });
  const test = useMutation({
    mutationFn: testChatWebhook,
    onSuccess: () => notifications.show({ message: words.chatTested, color: 'teal' }),
  });
  const remove = useMutation({ mutationFn: deleteChatWebhook, onSuccess: read });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const failure = save.error ?? test.error ?? remove.error ?? error;
  return (
    <Section title={words.chat} lead={words.chatLead}>
      <Stack gap="md">
        {data?.webhook && (
          <Group justify="space-between" gap="sm">
            <Text>{words.chatIs(words.chatKinds[data.webhook.kind], data.webhook.label, data.webhook.host)}</Text>
            <Group gap="sm">
              <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                {words.chatTest}
              </Button>
              <Button variant="subtle" color="gray" loading={remove.isPending} onClick={() => remove.mutate()}>
                {words.chatDelete}
              </Button>
            </Group>
          </Group>
        )}
        {data && !data.canKeep ? (
          <Text>{words.chatNoKey}</Text>
        ) : (
          <Stack component="form" gap="md" onSubmit={submit}>
            <Group gap="sm" grow>
              <Select
                label={words.chatKind}
                data={[
                  { value: 'slack', label: words.chatKinds.slack },
                  { value: 'teams', label: words.chatKinds.teams },
                ]}
                value={draft.kind}
                allowDeselect={false}
                onChange={(kind) => kind && setDraft({ ...draft, kind: kind as NewWebhook['kind'] })}
              />
              <TextInput
                required
                label={words.chatLabel}
                placeholder="#sales"
                value={draft.label}
                maxLength={80}
                onChange={(event) => setDraft({ ...draft, label: event.currentTarget.value })}
              />
            </Group>
            <PasswordInput
              required
              label={words.chatUrl}
              description={words.chatUrlHint}
              value={draft.url}
              maxLength={2000}
              autoComplete="off"
              onChange={(event) => setDraft({ ...draft, url: event.currentTarget.value })}
            />
            <Group>
              <Button type="submit" loading={save.isPending} disabled={draft.label.trim() === '' || draft.url.trim() === ''}>
                {words.chatSave}
              </Button>
            </Group>
          </Stack>
        )}
        {failure && <ProblemPanel error={failure} what={text.error.action} />}
      </Stack>
    </Section>
  );
}
