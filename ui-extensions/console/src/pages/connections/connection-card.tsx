import { Anchor, Badge, Button, Group, Loader, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CheckLine, Connection, ConnectionKind, Connections } from '../../../../../server/api.ts';
import { checkConnection, deleteConnection } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatAgo, formatDateTime } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { CheckLines } from './check-lines.tsx';
import { ConnectionDialog } from './connection-form.tsx';

const tones = { good: 'teal', bad: 'red', untested: 'gray', byHand: 'gray' } as const;

/** What the last test says of a connection as a whole. */
const healthOf = ({ check }: Connection): keyof typeof tones =>
  check === null
    ? 'untested'
    : check.lines.some(({ verdict }) => verdict === 'bad')
      ? 'bad'
      : check.lines.some(({ verdict }) => verdict === 'good')
        ? 'good'
        : 'byHand';

/** One connection: whom it reads, how its last test went, and what can be done with it. */
export function ConnectionCard({ connection, kinds }: { connection: Connection; kinds: readonly ConnectionKind[] }) {
  const client = useQueryClient();
  const [editing, edit] = useDisclosure();
  const [deleting, ask] = useDisclosure();
  const { name, vendor, side, check, origin, usedBy, carriesPlans, settings, fromFile, simulated } = connection;
  const test = useMutation({
    mutationFn: () => checkConnection(connection.id),
    onSuccess: (checked) =>
      client.setQueryData(
        queries.connections.queryKey,
        (before: Connections | undefined) =>
          before && { ...before, rows: before.rows.map((row) => (row.id === checked.id ? checked : row)) },
      ),
  });
  const remove = useMutation({
    mutationFn: () => deleteConnection(connection.id),
    onSuccess: async ({ sentence }) => {
      notifications.show({ message: [text.connections.deleted(name), sentence].filter(Boolean).join(' '), color: 'teal' });
      ask.close();
      await client.invalidateQueries({ queryKey: ['connections'] });
    },
  });
  const canChange = !fromFile && !simulated;
  const health = healthOf(connection);
  const address = [settings.baseUrl, settings.apiUrl].find((one) => typeof one === 'string') ?? '';
  return (
    <Section
      title={<bdi>{name}</bdi>}
      lead={`${text.connections.vendorOf(vendor, simulated)} · ${text.connections.sides[side]}`}
      action={
        <Badge data-tone={tones[health]} className="status-badge" size="lg">
          {text.connections.health[health]}
        </Badge>
      }
    >
      <dl className="connection-facts">
        {side === 'crm' && (
          <div>
            <dt>{text.connections.org}</dt>
            <dd>
              {origin ? (
                <>
                  <bdi>{origin.name ?? origin.id}</bdi>
                  {origin.name !== null && <bdi className="org-id">{origin.id}</bdi>}
                </>
              ) : (
                <Text span c="dimmed" size="sm">
                  {text.connections.noOrg}
                </Text>
              )}
              {origin?.isTest && (
                <Text span size="sm" className="test-org">
                  {text.connections.testOrg}
                </Text>
              )}
            </dd>
          </div>
        )}
        {address !== '' && (
          <div>
            <dt>{text.connections.address}</dt>
            <dd className="wrap">
              <bdi>{address}</bdi>
            </dd>
          </div>
        )}
        <div>
          <dt>{text.connections.lastTest}</dt>
          <dd>
            {check ? (
              <time dateTime={check.at} title={formatDateTime(check.at)}>
                {formatAgo(check.at, Date.now())}
              </time>
            ) : (
              text.connections.never
            )}
          </dd>
        </div>
        <div>
          <dt>{text.connections.usedBy}</dt>
          <dd>
            {usedBy.length > 0 && (
              <Anchor component={Link} to="/schedule" size="sm" display="block">
                {usedBy.map((schedule) => schedule.name).join(', ')}
              </Anchor>
            )}
            {carriesPlans && (
              <Anchor component={Link} to="/settings" size="sm" display="block">
                {text.connections.carriesPlans}
              </Anchor>
            )}
            {usedBy.length === 0 && !carriesPlans && (
              <Text span c="dimmed" size="sm">
                {text.connections.unused}
              </Text>
            )}
          </dd>
        </div>
      </dl>
      <div role="status">
        {test.isPending ? (
          <Group gap="xs" py="xs">
            <Loader size="xs" aria-hidden />
            <Text size="sm">{text.connections.testing}</Text>
          </Group>
        ) : (
          check && <LastCheck lines={check.lines} name={name} isNew={test.isSuccess} />
        )}
      </div>
      {test.error && <ProblemPanel error={test.error} what={text.error.test} onRetry={() => test.mutate()} />}
      <Group gap="xs" mt="md">
        <Button
          size="xs"
          variant={check === null ? 'filled' : 'default'}
          leftSection={<IconPlugConnected size={14} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {text.connections.test}
          <span className="visually-hidden">: {name}</span>
        </Button>
        {canChange && (
          <Button size="xs" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={edit.open}>
            {text.connections.change}
            <span className="visually-hidden">: {name}</span>
          </Button>
        )}
        {!fromFile && (
          <Button size="xs" variant="subtle" color="gray" leftSection={<IconTrash size={14} aria-hidden />} onClick={ask.open}>
            {text.connections.delete}
            <span className="visually-hidden">: {name}</span>
          </Button>
        )}
      </Group>
      {fromFile && (
        <Text size="xs" c="dimmed" mt="sm">
          {text.connections.fromFile}
        </Text>
      )}
      {canChange && <ConnectionDialog connection={connection} kinds={kinds} opened={editing} onClose={edit.close} />}
      <Dialog opened={deleting} onClose={ask.close} title={text.connections.deleteTitle(name)}>
        <Text size="sm">
          {usedBy.length > 0
            ? text.connections.deleteNeeded(usedBy.map((schedule) => `“${schedule.name}”`))
            : carriesPlans
              ? text.connections.deleteCarries
              : text.connections.deleteBody}
        </Text>
        {remove.error && <ProblemPanel error={remove.error} what={text.error.action} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={ask.close} data-autofocus>
            {text.common.cancel}
          </Button>
          {usedBy.length === 0 && !carriesPlans && (
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {text.connections.delete}
            </Button>
          )}
        </Group>
      </Dialog>
    </Section>
  );
}

/** What has to be mended, or was just asked for, stands open; that all is well is one line. */
function LastCheck({ lines, name, isNew }: { lines: readonly CheckLine[]; name: string; isNew: boolean }) {
  const list = <CheckLines lines={lines} label={text.connections.linesOf(name)} />;
  if (isNew || lines.some(({ verdict }) => verdict === 'bad') || lines.every(({ verdict }) => verdict === 'unknown')) return list;
  return (
    <details className="last-check">
      <summary>{text.connections.allGood(lines.length)}</summary>
      {list}
    </details>
  );
}
