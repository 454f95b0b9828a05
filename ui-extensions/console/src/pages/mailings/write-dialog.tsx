import '../invitations/invitations.css';

import { Anchor, Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { Mailing, NewMailing } from '../../../../../server/api.ts';
import { sendMailing } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { MessagePreview } from '../../components/message-preview.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MailingState, NotWritten } from './mailing-state.tsx';

type Kind = NewMailing['kind'];

/** Writes to several people: who gets it, who is left out and why, and what it says, before anything is sent; then how far it is. */
export function WriteDialog({
  title,
  kinds,
  to,
  onClose,
}: {
  title: string;
  kinds: readonly Kind[];
  to: Pick<NewMailing, 'holders' | 'withoutLicense'>;
  onClose: () => void;
}) {
  const [sent, setSent] = useState<Mailing | null>(null);
  return (
    <Dialog opened onClose={onClose} size="lg" title={title}>
      {sent ? <Sent message={sent} onClose={onClose} /> : <Write kinds={kinds} to={to} onSent={setSent} onClose={onClose} />}
    </Dialog>
  );
}

function Write({
  kinds,
  to,
  onSent,
  onClose,
}: Pick<Parameters<typeof WriteDialog>[0], 'kinds' | 'to' | 'onClose'> & { onSent: (message: Mailing) => void }) {
  const words = text.mailings;
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>(kinds[0]!);
  const [subject, setSubject] = useState('');
  const [body, setBody] = useState('');
  const [on, setOn] = useState('');
  const own = kind === 'note';
  const message = useMemo(
    (): NewMailing => ({
      kind,
      ...to,
      ...(kind === 'note' ? { note: { subject: subject.trim(), text: body.trim(), ...(on && { on }) } } : {}),
    }),
    [kind, to, subject, body, on],
  );
  const isWritten = !own || (subject.trim() !== '' && body.trim() !== '');
  const [asked] = useDebouncedValue(message, 300);
  const looked = useQuery({
    ...queries.lookAtMailing(asked),
    enabled: isWritten && (asked.kind !== 'note' || Boolean(asked.note?.subject && asked.note.text)),
  });
  const send = useMutation({
    mutationFn: () => sendMailing(message),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['mailings'] });
      void client.invalidateQueries({ queryKey: ['invitations'] });
      onSent(made);
    },
  });
  // What is sent is what was looked at.
  const data = isWritten && asked === message && !looked.isPlaceholderData ? looked.data : undefined;
  return (
    <Stack
      component="form"
      gap="md"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      {kinds.length > 1 && (
        <Radio.Group label={words.what} value={kind} onChange={(value) => setKind(value as Kind)}>
          <Stack gap="xs" mt="xs">
            {kinds.map((one) => (
              <Radio key={one} value={one} label={words.kinds[one]} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {own && (
        <>
          <TextInput
            label={words.subject}
            required
            maxLength={200}
            value={subject}
            onChange={({ currentTarget }) => setSubject(currentTarget.value)}
          />
          <Textarea
            label={words.text}
            description={words.textHint}
            required
            maxLength={5000}
            autosize
            minRows={3}
            value={body}
            onChange={({ currentTarget }) => setBody(currentTarget.value)}
          />
          <TextInput
            type="date"
            label={words.day}
            description={words.dayHint}
            value={on}
            onChange={({ currentTarget }) => setOn(currentTarget.value)}
          />
        </>
      )}
      {looked.error && isWritten && <ProblemPanel error={looked.error} what={words.failed} />}
      {data ? (
        <>
          <Text role="status">
            {words.gets(data.people, data.leftOut)}{' '}
            {data.quietUntil && (
              <>
                {words.quiet} <Time iso={data.quietUntil} precise />.
              </>
            )}
          </Text>
          <NotWritten count={data.leftOut} people={data.notWritten} />
          {data.preview && (
            <MessagePreview
              title={text.invitations.preview}
              html={data.preview.html}
              plain={data.preview.text}
              frame="message-frame"
              pre="message-text"
            />
          )}
        </>
      ) : (
        isWritten && !looked.error && <Loading heights={[260]} />
      )}
      {send.error && <ProblemPanel error={send.error} what={text.error.action} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" loading={send.isPending} disabled={!data || data.people === 0}>
          {data && data.people > 0 ? words.send(data.people) : text.invitations.send}
        </Button>
      </Group>
    </Stack>
  );
}

function Sent({ message, onClose }: { message: Mailing; onClose: () => void }) {
  const { data = message } = useQuery(queries.mailing(message.id));
  return (
    <Stack gap="md">
      <Text>{text.invitations.sent(data.people)}</Text>
      <MailingState message={data} />
      <NotWritten count={data.leftOut} people={data.notWritten} />
      <Group justify="space-between">
        <Anchor component={Link} to="/outbox" underline="always" size="sm">
          {text.invitations.toOutbox}
        </Anchor>
        <Button onClick={onClose}>{text.common.close}</Button>
      </Group>
    </Stack>
  );
}
