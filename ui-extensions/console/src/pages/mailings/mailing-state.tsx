import { Alert, Button, Group, List, Progress, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Mailing } from '../../../../../server/api.ts';
import { stopMailing } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** How many have a message, and the way to stop what still waits. */
export function MailingState({ message }: { message: Mailing }) {
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => stopMailing(message.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['mailings'] }),
  });
  return (
    <div>
      <Progress
        value={message.people === 0 ? 100 : (100 * (message.people - message.waiting)) / message.people}
        aria-label={text.mailings.progress(message.subject)}
        color="petrol"
        mb="xs"
      />
      <Group justify="space-between" gap="sm">
        <Text size="sm" role="status">
          {message.sentence}
        </Text>
        {message.canStop && (
          <Button size="xs" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {text.mailings.stop}
            <span className="visually-hidden">: {message.subject}</span>
          </Button>
        )}
      </Group>
      {stop.error && <ProblemPanel error={stop.error} what={text.error.action} />}
    </div>
  );
}

/** Who does not get a message, and why. */
export function NotWritten({ count, people }: { count: number; people: Mailing['notWritten'] }) {
  if (count === 0) return null;
  return (
    <Alert data-tone="orange" variant="light" title={text.invitations.skipped(count)} className="banner">
      <List size="sm" mah={180} style={{ overflowY: 'auto' }} tabIndex={0}>
        {people.map(({ key, name, sentence }) => (
          <List.Item key={key}>
            <bdi>{name}</bdi>: {sentence}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
