import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Reminded } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { MessagePreview } from '../../components/message-preview.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** What a message says, before it is sent; and then who was left out, and why. */
export function MessageDialog({
  kind,
  ids,
  title,
  lead,
  send,
  said,
  onClose,
}: {
  kind: 'reminder' | 'post';
  /** Of open invitations, for the preview. */
  ids: readonly string[];
  title: string;
  lead: string;
  /** Absent: it is only looked at. */
  send?: () => Promise<Reminded>;
  said: (count: number) => string;
  onClose: () => void;
}) {
  const words = text.invitations;
  const client = useQueryClient();
  const preview = useQuery(queries.invitationPreview(kind, ids));
  const sending = useMutation({
    mutationFn: () => send!(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const done = sending.data;
  return (
    <Dialog opened onClose={onClose} size="lg" title={title}>
      {done ? (
        <Stack gap="md">
          <Text role="status">
            {said(done.sent)}{' '}
            <Anchor component={Link} to="/outbox" underline="always">
              {words.toOutbox}
            </Anchor>
          </Text>
          {done.skipped.length > 0 && (
            <Alert data-tone="orange" variant="light" title={words.skipped(done.skipped.length)} className="banner">
              <List size="sm">
                {done.skipped.map((one) => (
                  <List.Item key={`${one.name} ${one.sentence}`}>
                    <bdi>{one.name}</bdi>: {one.sentence}
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>{text.common.close}</Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {lead}
          </Text>
          {preview.error && <ProblemPanel error={preview.error} what={words.failed} />}
          {preview.data ? (
            <MessagePreview
              title={words.preview}
              html={preview.data.html}
              plain={preview.data.text}
              frame="message-frame"
              pre="message-text"
            />
          ) : (
            !preview.error && <Loading heights={[260]} />
          )}
          {sending.error && <ProblemPanel error={sending.error} what={text.error.action} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            {send && (
              <Button loading={sending.isPending} onClick={() => sending.mutate()}>
                {words.send}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
