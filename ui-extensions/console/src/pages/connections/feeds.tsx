import { Button, CopyButton, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Feed, FeedAccess, FeedTokenGiven } from '../../../../../server/api.ts';
import { createFeedToken, revokeFeedToken } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatAgo, formatDateTime, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

/** CSV feeds for tools that draw charts, and who may read them. */
export function Feeds() {
  const { data, error, refetch } = useQuery(queries.feeds);
  const [giving, give] = useDisclosure();
  const words = text.feeds;
  if (error && !data) return <ProblemPanel error={error} what={words.failed} onRetry={refetch} />;
  if (!data) return null;
  const origin = data.publicUrl ?? window.location.origin;
  return (
    <Section
      title={words.title}
      lead={words.lead}
      action={
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={give.open}>
          {words.give}
        </Button>
      }
    >
      <Stack gap="md">
        {data.feeds.map(({ feed, path }) => (
          <div key={feed}>
            <Text fw={600}>{words.names[feed]}</Text>
            <Text size="sm" className="key-input wrap">
              {origin}
              {path}
            </Text>
            <Text size="sm" c="dimmed">
              {words.hints[feed]}
            </Text>
          </div>
        ))}
        {data.publicUrl === null && (
          <Text size="sm" c="dimmed">
            {words.local}
          </Text>
        )}
        {data.tokens.length === 0 ? (
          <Text size="sm">{words.none}</Text>
        ) : (
          <ul className="plain-list panel-hosts">
            {data.tokens.map((access) => (
              <Access key={access.id} access={access} />
            ))}
          </ul>
        )}
        <Text size="sm" c="dimmed">
          {words.sql}
        </Text>
      </Stack>
      <Give opened={giving} onClose={give.close} origin={origin} />
    </Section>
  );
}

function Access({ access }: { access: FeedAccess }) {
  const client = useQueryClient();
  const words = text.feeds;
  const takeBack = useMutation({
    mutationFn: () => revokeFeedToken(access.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['feeds'] }),
  });
  return (
    <li>
      <div>
        <Text fw={600}>
          <bdi>{access.name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {words.names[access.feed]} · {words.givenBy(access.createdBy)} <Time iso={access.createdAt} />
          {' · '}
          {access.revokedAt === null ? (
            <>
              {access.isExpired ? words.expired : words.until} <Time iso={access.expiresAt} />
            </>
          ) : (
            <>
              {words.takenBack(access.revokedBy ?? '')} <Time iso={access.revokedAt} />
            </>
          )}
          {' · '}
          {access.lastUsedAt === null ? (
            words.never
          ) : (
            <>
              {words.lastUsed}{' '}
              <time dateTime={access.lastUsedAt} title={formatDateTime(access.lastUsedAt)}>
                {formatAgo(access.lastUsedAt, Date.now())}
              </time>
            </>
          )}
        </Text>
        {takeBack.error && <ProblemPanel error={takeBack.error} what={text.error.action} />}
      </div>
      {access.revokedAt === null && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<IconTrash size={14} aria-hidden />}
          loading={takeBack.isPending}
          onClick={() => takeBack.mutate()}
        >
          {words.takeBack}
          <span className="visually-hidden">: {access.name}</span>
        </Button>
      )}
    </li>
  );
}

function Give({ opened, onClose, origin }: { opened: boolean; onClose: () => void; origin: string }) {
  const client = useQueryClient();
  const words = text.feeds;
  const [feed, setFeed] = useState<Feed>('people');
  const [name, setName] = useState('');
  const [days, setDays] = useState<number | string>(365);
  const give = useMutation({
    mutationFn: () => createFeedToken({ feed, name: name.trim(), days: Number(days) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['feeds'] }),
    // The token stands in this dialog as long as it is open, and nowhere afterwards.
    gcTime: 0,
  });
  const close = (): void => {
    give.reset();
    setName('');
    onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      size="lg"
      title={give.data ? words.given : words.giveTitle}
      // Shown once: a click beside it must not lose it.
      closeOnClickOutside={!give.data}
      closeOnEscape={!give.data}
    >
      {give.data ? (
        <Given given={give.data} origin={origin} onDone={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Select
              label={words.feed}
              data={(['people', 'usage'] as const).map((value) => ({ value, label: words.names[value] }))}
              value={feed}
              allowDeselect={false}
              onChange={(value) => setFeed(value as Feed)}
            />
            <TextInput
              label={words.name}
              description={words.nameHint}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              maxLength={120}
              required
            />
            <NumberInput label={words.days} value={days} onChange={setDays} min={1} max={730} allowDecimal={false} required />
            {give.error && <ProblemPanel error={give.error} what={text.error.action} />}
            <Group justify="flex-end">
              <Button type="submit" loading={give.isPending} disabled={name.trim() === '' || !(Number(days) > 0)}>
                {words.make}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function Given({ given, origin, onDone }: { given: FeedTokenGiven; origin: string; onDone: () => void }) {
  const words = text.feeds;
  return (
    <Stack gap="md">
      <Text size="sm">{words.once}</Text>
      {[
        { label: words.address, hint: null, value: `${origin}${given.path}` },
        { label: words.token, hint: words.tokenHint, value: given.token },
      ].map(({ label, hint, value }) => (
        <Group key={label} gap="xs" align="flex-end">
          <TextInput
            label={label}
            description={hint}
            value={value}
            readOnly
            flex="1 1 260px"
            classNames={{ input: 'key-input' }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {copied ? words.copied : words.copy}
                <span className="visually-hidden">: {label}</span>
              </Button>
            )}
          </CopyButton>
        </Group>
      ))}
      <Group justify="flex-end">
        <Button onClick={onDone}>{words.done}</Button>
      </Group>
    </Stack>
  );
}
