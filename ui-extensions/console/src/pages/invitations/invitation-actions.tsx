import { Anchor, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconMail, IconMessage, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { BatchWay, InvitationRow, NewBatch } from '../../../../../server/api.ts';
import { createBatch, managerTasksHref, muteInvitation, postInvited, remindInvited } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { MessageDialog } from './message-dialog.tsx';

const ways = ['user-queue', 'quick-actions', 'single', 'copy-link'] as const satisfies readonly BatchWay[];

/** What can be done with the people who are ticked. Where nobody is, sending again is for all whom the filters leave, and messages for this page. */
export function InvitationActions({
  query,
  rows,
  chosen,
  total,
}: {
  query: URLSearchParams;
  rows: readonly InvitationRow[];
  chosen: readonly InvitationRow[];
  total: number;
}) {
  const words = text.invitations;
  const navigate = useNavigate();
  const client = useQueryClient();
  const settings = useQuery(queries.settings);
  const chat = useQuery(queries.chatWebhook);
  const [writing, setWriting] = useState<'reminder' | 'post' | null>(null);
  const count = chosen.length > 0 ? chosen.length : total;
  const ids = (chosen.length > 0 ? chosen : rows).slice(0, 200).map(({ id }) => id);
  const begin = useMutation({
    mutationFn: (way: BatchWay) => {
      const { cursor: _, ...filter } = Object.fromEntries(query) as Record<string, string>;
      return createBatch((chosen.length > 0 ? { way, ids: chosen.map(({ id }) => id) } : { way, ...filter }) as NewBatch);
    },
    onSuccess: ({ id }) => navigate(`/invitations/batches/${id}`),
  });
  const one = chosen.length === 1 ? chosen[0] : undefined;
  const mute = useMutation({
    mutationFn: ({ id, muted }: InvitationRow) => muteInvitation(id, muted === null),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const missing =
    settings.data && settings.data.universalInviteLink === null ? words.noLink : chat.data && !chat.data.webhook ? words.noChat : null;
  return (
    <Stack gap="sm" px="lg" mb="md">
      <Group gap="sm">
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              leftSection={<IconSend size={16} aria-hidden />}
              rightSection={<IconChevronDown size={16} aria-hidden />}
              disabled={count === 0}
              loading={begin.isPending}
            >
              {words.sendAgain(count)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {ways.map((way) => (
              <Menu.Item key={way} disabled={(way === 'single' || way === 'copy-link') && count !== 1} onClick={() => begin.mutate(way)}>
                {words.ways[way].label}
                <Text size="xs" c="dimmed">
                  {words.ways[way].hint}
                </Text>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button variant="default" leftSection={<IconMail size={16} aria-hidden />} onClick={() => setWriting('reminder')}>
          {words.remind}
        </Button>
        <Button
          variant="default"
          leftSection={<IconMessage size={16} aria-hidden />}
          disabled={missing !== null || !chat.data || !settings.data}
          onClick={() => setWriting('post')}
        >
          {words.post}
        </Button>
        {one && (
          <Button variant="default" loading={mute.isPending} onClick={() => mute.mutate(one)}>
            {one.muted ? words.unmute : words.mute}
            <span className="visually-hidden">: {one.name}</span>
          </Button>
        )}
        <Anchor href={managerTasksHref} download size="sm">
          {words.managerTasks}
        </Anchor>
      </Group>
      {missing && (
        <Text size="sm" c="dimmed">
          {words.post}: {missing} <Link to="/settings">{words.toSettings}</Link>
        </Text>
      )}
      {begin.error && <ProblemPanel error={begin.error} what={text.error.action} />}
      {mute.error && <ProblemPanel error={mute.error} what={text.error.action} />}
      {writing === 'reminder' && (
        <MessageDialog
          kind="reminder"
          ids={ids}
          title={words.remindTitle(ids.length)}
          lead={words.remindLead}
          send={() => remindInvited(ids)}
          said={words.sent}
          onClose={() => setWriting(null)}
        />
      )}
      {writing === 'post' && (
        <MessageDialog
          kind="post"
          ids={ids}
          title={words.postTitle(ids.length)}
          lead={words.postLead}
          send={() => postInvited(ids)}
          said={words.named}
          onClose={() => setWriting(null)}
        />
      )}
    </Stack>
  );
}
