import { Badge, Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { FirstInvitations } from '../../../../../server/api.ts';
import { answerFirst, goOnFirst } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { WriteDialog } from '../mailings/write-dialog.tsx';

type Row = FirstInvitations['rows'][number];
const shown = new URLSearchParams({ limit: '100' });

/** CRM users who should have a license and have none; nothing where there are none. */
export function FirstInvitationList() {
  const words = text.invitations;
  const client = useQueryClient();
  const { data } = useQuery(queries.firstInvitations(shown));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const answer = useMutation({
    mutationFn: (crmUserId: string) => answerFirst(crmUserId, 'added'),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const [going, setGoing] = useState<readonly string[] | null>(null);
  const hold = useMutation({
    mutationFn: (key: string) => goOnFirst([key], null),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  if (!data || data.rows.length === 0) return null;
  const unanswered = data.rows.filter((row) => row.answer === null);
  const keys = unanswered.filter(({ key }) => chosen.has(key)).map(({ key }) => key);
  const toAsk = keys.length > 0 ? keys : unanswered.filter(({ asked }) => asked === null).map(({ key }) => key);
  const held = data.rows.filter((row) => row.canGoOn && (chosen.size === 0 || chosen.has(row.key))).map(({ key }) => key);
  const toggle = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  return (
    <Section
      title={words.first}
      lead={words.firstLead}
      action={
        <Group gap="xs">
          {held.length > 0 && (
            <Button variant="default" onClick={() => setGoing(held)}>
              {words.goOn(held.length)}
            </Button>
          )}
          <Button disabled={toAsk.length === 0} onClick={() => setAsking(toAsk)}>
            {words.askFirst(toAsk.length)}
          </Button>
        </Group>
      }
    >
      <Stack gap="sm">
        <ul className="plain-list divided">
          {data.rows.map((row) => (
            <li key={row.key}>
              <Group gap="sm" py="xs" align="flex-start" wrap="nowrap">
                <Checkbox
                  aria-label={text.choose.one(row.name)}
                  checked={chosen.has(row.key)}
                  disabled={row.answer !== null}
                  onChange={() => toggle(row.key)}
                />
                <div>
                  <Link to={personHref(row.key)} className="person-link">
                    <bdi>{row.name}</bdi>
                  </Link>{' '}
                  <StateBadge row={row} />
                  <Text size="sm" c="dimmed" className="wrap">
                    {row.email}
                  </Text>
                  <Text size="sm">{row.sentence}</Text>
                  {row.asked && row.answer === null && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      mt={4}
                      loading={answer.isPending}
                      onClick={() => answer.mutate(row.crmUserId)}
                    >
                      {words.answerFor}
                      <span className="visually-hidden">: {row.name}</span>
                    </Button>
                  )}
                  {row.goOn && row.answer === null && (
                    <Button size="compact-xs" variant="default" mt={4} loading={hold.isPending} onClick={() => hold.mutate(row.key)}>
                      {words.holdAgain}
                      <span className="visually-hidden">: {row.name}</span>
                    </Button>
                  )}
                </div>
              </Group>
            </li>
          ))}
        </ul>
        {answer.error && <ProblemPanel error={answer.error} what={text.error.action} />}
        {hold.error && <ProblemPanel error={hold.error} what={text.error.action} />}
        {data.total > data.rows.length && (
          <Text size="sm" c="dimmed">
            {words.moreFirst(data.rows.length, data.total)}
          </Text>
        )}
      </Stack>
      <Dialog opened={going !== null} onClose={() => setGoing(null)} title={going ? words.goOnTitle(going.length) : ''}>
        {going && <GoOn keys={going} onClose={() => setGoing(null)} />}
      </Dialog>
      {asking && (
        <WriteDialog
          title={words.askTitle(asking.length)}
          kinds={['address']}
          to={{ withoutLicense: [...asking] }}
          onClose={() => setAsking(null)}
        />
      )}
    </Section>
  );
}

/** Invites people without their answer; the reason is kept beside each. */
function GoOn({ keys, onClose }: { keys: readonly string[]; onClose: () => void }) {
  const words = text.invitations;
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const goOn = useMutation({
    mutationFn: () => goOnFirst(keys, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['invitations'] });
      onClose();
    },
  });
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        goOn.mutate();
      }}
    >
      <Text size="sm">{words.goOnLead}</Text>
      <Textarea
        label={words.goOnReason}
        placeholder={words.goOnHint}
        required
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      {goOn.error && <ProblemPanel error={goOn.error} what={text.error.action} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" loading={goOn.isPending}>
          {words.goOnSave}
        </Button>
      </Group>
    </Stack>
  );
}

function StateBadge({ row }: { row: Row }) {
  const words = text.invitations;
  const [tone, label] = row.ready
    ? ([row.goOn ? 'yellow' : 'teal', words.ready] as const)
    : row.answer !== null
      ? (['red', words.wrongPerson] as const)
      : row.asked
        ? (['blue', words.asked] as const)
        : (['gray', words.notAsked] as const);
  return (
    <Badge data-tone={tone} className="status-badge">
      {label}
    </Badge>
  );
}
