import { Button, Group, Stack, Text } from '@mantine/core';
import { IconLink, IconMail, IconSend } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { BatchWay, Person } from '../../../../../server/api.ts';
import { createBatch, muteInvitation, remindInvited } from '../../api/client.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MessageDialog } from '../invitations/message-dialog.tsx';

/** Their open invitation to Sales Navigator: since when, what was written, what comes next, and what can be done about it now. */
export function Invitation({ invitation }: { invitation: NonNullable<Person['invitation']> }) {
  const { id, batchId, muted, sentence, since, actor, nextStep, reminders, lastReminderAt, nextReminder, name } = invitation;
  const words = text.invitations;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [writing, setWriting] = useState(false);
  const readAgain = () => Promise.all([['person'], ['invitations']].map((queryKey) => client.invalidateQueries({ queryKey })));
  const begin = useMutation({
    mutationFn: (way: BatchWay) => createBatch({ way, ids: [id], age: 'all' }),
    onSuccess: (batch) => navigate(`/invitations/batches/${batch.id}`),
  });
  const mute = useMutation({ mutationFn: () => muteInvitation(id, muted === null), onSuccess: readAgain });
  const facts = [
    [words.invitedSince, `${formatDate(since)}. ${sentence}`],
    [
      words.remindersSent,
      reminders === 0 || lastReminderAt === null ? words.never : words.remindersUntil(reminders, formatDate(lastReminderAt)),
    ],
    [words.nextReminder, muted ? `${words.mutedBy(muted.by)}.` : nextReminder],
  ] as const;
  return (
    <Section title={words.ofPerson} action={<ActorMark actor={actor} />}>
      <Stack gap="md">
        <Text fw={600}>{nextStep}</Text>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Group gap="sm">
          {batchId ? (
            <Button component={Link} to={`/invitations/batches/${batchId}`} leftSection={<IconSend size={16} aria-hidden />}>
              {words.openBatch}
            </Button>
          ) : (
            <>
              <Button
                leftSection={<IconSend size={16} aria-hidden />}
                loading={begin.isPending && begin.variables === 'single'}
                onClick={() => begin.mutate('single')}
              >
                {words.resend}
              </Button>
              <Button
                variant="default"
                leftSection={<IconLink size={16} aria-hidden />}
                loading={begin.isPending && begin.variables === 'copy-link'}
                onClick={() => begin.mutate('copy-link')}
              >
                {words.copyLink}
              </Button>
            </>
          )}
          <Button variant="default" leftSection={<IconMail size={16} aria-hidden />} onClick={() => setWriting(true)}>
            {words.remind}
          </Button>
          <Button variant="subtle" loading={mute.isPending} onClick={() => mute.mutate()}>
            {muted ? words.unmute : words.mute}
          </Button>
        </Group>
        {begin.error && <ProblemPanel error={begin.error} what={text.error.action} />}
        {mute.error && <ProblemPanel error={mute.error} what={text.error.action} />}
      </Stack>
      {writing && (
        <MessageDialog
          kind="reminder"
          ids={[id]}
          title={words.remindOne(name)}
          lead={words.remindLead}
          send={() => remindInvited([id])}
          said={words.sent}
          onClose={() => {
            setWriting(false);
            void readAgain();
          }}
        />
      )}
    </Section>
  );
}
