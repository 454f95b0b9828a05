import { Button, Group, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconClockPause, IconMailOpened, IconTool } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { FindingRow } from '../../../../../server/api.ts';
import { createBatch, createPlan, listAllPeople, remindInvited } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ExceptionDialog } from '../../components/exception-dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { MessageDialog } from '../invitations/message-dialog.tsx';

/** Exceptions are made one after the other, and messages go out in one request: more at once would be nobody's decision. */
const mostAtOnce = 200;
const invited: ReadonlySet<FindingRow['reason']> = new Set(['invitation-pending', 'stuck-onboarding']);

/** What can be done with everybody who is ticked. Nothing is changed before it is approved, saved or sent where it leads. */
export function PeopleActions({
  chosen,
  total,
  query,
  onChoose,
}: {
  chosen: readonly FindingRow[];
  /** Whom the filters leave. */
  total: number;
  query: URLSearchParams;
  onChoose: (rows: readonly FindingRow[]) => void;
}) {
  const words = text.people;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [excepting, except] = useDisclosure();
  const [reminding, setReminding] = useState<readonly string[] | null>(null);
  const holders = chosen.flatMap(({ license, status }) => (license && status !== 'excepted' ? [license.id] : []));
  const invitedKeys = new Set(chosen.filter(({ reason }) => invited.has(reason)).map(({ key }) => key));
  const open = useQuery({ ...queries.invitations(new URLSearchParams({ limit: '2000' })), enabled: invitedKeys.size > 0 });
  const invitations = (open.data?.rows ?? []).filter(({ key }) => invitedKeys.has(key)).map(({ id }) => id);

  const all = useMutation({ mutationFn: () => listAllPeople(query), onSuccess: onChoose });
  const plan = useMutation({
    mutationFn: () => createPlan({ licenseIds: holders, mode: 'email-first' }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
  });
  const again = useMutation({
    mutationFn: () => createBatch({ way: 'user-queue', ids: [...invitations] }),
    onSuccess: ({ id }) => navigate(`/invitations/batches/${id}`),
  });
  const failed = plan.error ?? again.error;
  const none = holders.length === 0 ? words.noLicenses : null;
  const tooMany = holders.length > mostAtOnce ? words.tooMany(mostAtOnce) : null;
  return (
    <section className="people-actions" aria-label={words.actions}>
      <Group gap="sm">
        <Text fw={600} size="sm" className="number" role="status">
          {words.chosen(chosen.length)}
        </Text>
        {chosen.length < total && (
          <Button variant="subtle" size="compact-sm" loading={all.isPending} onClick={() => all.mutate()}>
            {words.chooseMatching(total)}
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" onClick={() => onChoose([])}>
          {words.chooseNobody}
        </Button>
      </Group>
      <Group gap="xs">
        <Button
          size="sm"
          leftSection={<IconTool size={16} aria-hidden />}
          disabled={none !== null}
          loading={plan.isPending}
          onClick={() => plan.mutate()}
        >
          {words.plan}
        </Button>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconClockPause size={16} aria-hidden />}
          disabled={none !== null || tooMany !== null}
          onClick={except.open}
        >
          {text.person.except}
        </Button>
        {invitedKeys.size > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconMailOpened size={16} aria-hidden />}
                rightSection={<IconChevronDown size={16} aria-hidden />}
                disabled={invitations.length === 0}
                loading={again.isPending}
              >
                {words.invitation}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => again.mutate()}>
                {words.sendAgain}
                <Text size="xs" c="dimmed">
                  {words.sendAgainHint}
                </Text>
              </Menu.Item>
              <Menu.Item disabled={invitations.length > mostAtOnce} onClick={() => setReminding(invitations)}>
                {words.remind}
                <Text size="xs" c="dimmed">
                  {words.remindHint}
                </Text>
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {(none ?? tooMany) && (
        <Text size="sm" c="dimmed" w="100%">
          {none ?? `${text.person.except}: ${tooMany}`}
        </Text>
      )}
      {all.error && <ProblemPanel error={all.error} what={words.matchingFailed} />}
      {failed && <ProblemPanel error={failed} what={plan.error ? text.plans.startFailed : text.error.action} />}
      <ExceptionDialog licenseIds={holders} opened={excepting} onClose={except.close} onSaved={() => onChoose([])} />
      {reminding && (
        <MessageDialog
          kind="reminder"
          ids={reminding}
          title={text.invitations.remindTitle(reminding.length)}
          lead={text.invitations.remindLead}
          send={() => remindInvited(reminding)}
          said={text.invitations.sent}
          onClose={() => setReminding(null)}
        />
      )}
    </section>
  );
}
