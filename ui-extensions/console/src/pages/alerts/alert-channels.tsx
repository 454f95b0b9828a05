import { Alert, Anchor, Badge, Button, CopyButton, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { AlertChannel, Alerts, NewAlertChannel } from '../../../../../server/api.ts';
import { createAlertChannel, deleteAlertChannel, testAlertChannel } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { mailTones } from '../outbox/outbox-page.tsx';

const empty: NewAlertChannel = { kind: 'webhook', name: '', target: '' };
const kinds = ['email', 'slack', 'teams', 'webhook'] as const;

/** Where alerts go. The address of a webhook that was given once is not shown again. */
export function AlertChannels({ alerts }: { alerts: Alerts }) {
  const words = text.alerts;
  const client = useQueryClient();
  const [draft, setDraft] = useState(empty);
  const [secret, setSecret] = useState<string | null>(null);
  const read = () => Promise.all(['alerts', 'mails'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const save = useMutation({
    mutationFn: () => createAlertChannel(draft),
    onSuccess: async (made) => {
      setSecret(made.secret);
      setDraft(empty);
      notifications.show({ message: words.saved, color: 'teal' });
      await read();
    },
  });
  const test = useMutation({
    mutationFn: testAlertChannel,
    onSuccess: async () => {
      notifications.show({ message: words.tested, color: 'teal' });
      await read();
    },
  });
  const remove = useMutation({ mutationFn: deleteAlertChannel, onSuccess: read });
  const failure = save.error ?? test.error ?? remove.error;
  const columns: readonly Column<AlertChannel>[] = [
    {
      heading: words.channel,
      cell: ({ name, kind }) => (
        <>
          <bdi>{name}</bdi>
          <Text size="sm" c="dimmed" fw={400}>
            {words.kinds[kind]}
          </Text>
        </>
      ),
    },
    {
      heading: words.address,
      cell: ({ target, canDelete }) =>
        canDelete ? (
          <span className="wrap">{target}</span>
        ) : (
          <>
            {target && <div className="wrap">{target}</div>}
            <Anchor component={Link} to="/settings#alarms" size="sm">
              {target === '' ? words.nobody : words.changeRecipients}
            </Anchor>
          </>
        ),
    },
    {
      heading: words.last,
      cell: ({ last }) =>
        last && (
          <>
            <Badge data-tone={mailTones[last.state]} className="status-badge alert-badge">
              {text.outbox.states[last.state]}
            </Badge>
            <Text size="sm" c="dimmed">
              <Time iso={last.at} precise /> {last.fault}
            </Text>
          </>
        ),
    },
    {
      heading: words.actions,
      cell: ({ id, name, canDelete }) => (
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={test.isPending && test.variables === id}
            onClick={() => test.mutate(id)}
            aria-label={`${words.test}: ${name}`}
          >
            {words.test}
          </Button>
          {canDelete && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              loading={remove.isPending && remove.variables === id}
              onClick={() => remove.mutate(id)}
              aria-label={`${words.remove}: ${name}`}
            >
              {words.remove}
            </Button>
          )}
        </Group>
      ),
    },
  ];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const isMail = draft.kind === 'email';
  return (
    <Section title={words.channels} lead={words.channelsLead}>
      <Stack gap="md">
        <DataTable caption={words.channels} rows={alerts.channels} rowKey={({ id }) => id} columns={columns} />
        {secret && (
          <Alert data-tone="petrol" className="banner" icon={<IconKey aria-hidden />} title={words.secretTitle}>
            <Text size="sm">{words.secretOnce}</Text>
            <Group gap="xs" align="flex-end" mt="sm">
              <TextInput
                label={words.secret}
                value={secret}
                readOnly
                flex="1 1 260px"
                classNames={{ input: 'key-input' }}
                onFocus={(event) => event.currentTarget.select()}
              />
              <CopyButton value={secret}>
                {({ copied, copy }) => (
                  <Button
                    variant="default"
                    leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                    onClick={copy}
                  >
                    {copied ? text.panels.copied : text.panels.copy}
                  </Button>
                )}
              </CopyButton>
              <Button variant="subtle" color="gray" onClick={() => setSecret(null)}>
                {words.secretKept}
              </Button>
            </Group>
          </Alert>
        )}
        <Stack component="form" gap="md" onSubmit={submit} aria-label={words.add}>
          <Group gap="sm" grow preventGrowOverflow={false}>
            <Select
              label={words.kind}
              data={kinds.map((kind) => ({ value: kind, label: words.kinds[kind], disabled: kind !== 'email' && !alerts.canKeep }))}
              value={draft.kind}
              allowDeselect={false}
              onChange={(kind) => kind && setDraft({ ...draft, kind: kind as NewAlertChannel['kind'], target: '' })}
            />
            <TextInput
              required
              label={words.name}
              placeholder={words.namePlaceholder}
              value={draft.name}
              maxLength={80}
              onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            />
          </Group>
          {isMail ? (
            <TextInput
              type="email"
              required
              label={words.targets.email.label}
              description={words.targets.email.hint}
              value={draft.target}
              maxLength={320}
              onChange={(event) => setDraft({ ...draft, target: event.currentTarget.value })}
            />
          ) : (
            <PasswordInput
              required
              label={words.targets[draft.kind].label}
              description={alerts.canKeep ? words.targets[draft.kind].hint : text.settings.chatNoKey}
              value={draft.target}
              maxLength={2000}
              autoComplete="off"
              onChange={(event) => setDraft({ ...draft, target: event.currentTarget.value })}
            />
          )}
          {failure && <ProblemPanel error={failure} what={text.error.action} />}
          <Group>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={draft.name.trim() === '' || draft.target.trim() === '' || (!isMail && !alerts.canKeep)}
            >
              {words.add}
            </Button>
          </Group>
        </Stack>
      </Stack>
    </Section>
  );
}
