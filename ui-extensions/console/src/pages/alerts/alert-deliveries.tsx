import { Badge, Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { MailRow } from '../../../../../server/api.ts';
import { settleMail } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { mailTones } from '../outbox/outbox-page.tsx';

/** What left, what waits for its next try and what was given up; each can go once more. */
export function AlertDeliveries() {
  const words = text.alerts;
  const client = useQueryClient();
  const [parameters] = useSearchParams();
  const { data, error, refetch } = useQuery(queries.alertMails(parameters.get('cursor')));
  const again = useMutation({
    mutationFn: (id: string) => settleMail(id, 'send-again'),
    onSuccess: async () => {
      notifications.show({ message: words.sentAgain, color: 'teal' });
      await Promise.all(['mails', 'alerts', 'alarms'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const columns: readonly Column<MailRow>[] = [
    {
      heading: words.message,
      cell: (mail) => (
        <>
          <Link to={`/outbox/${mail.id}`} className="person-link">
            {mail.subject}
          </Link>
          <Text size="sm" c="dimmed" fw={400}>
            {text.outbox.kinds[mail.kind]}
          </Text>
        </>
      ),
    },
    { heading: words.channel, cell: ({ to }) => <span className="wrap">{to.name || to.address}</span> },
    {
      heading: words.state,
      cell: (mail) => (
        <>
          <Badge data-tone={mailTones[mail.state]} className="status-badge alert-badge">
            {text.outbox.states[mail.state]}
          </Badge>
          {mail.state === 'queued' && mail.attempts > 0 && mail.nextTryAt && (
            <Text size="sm" c="dimmed">
              {text.outbox.nextTry} <Time iso={mail.nextTryAt} precise />
            </Text>
          )}
          {mail.fault && (
            <Text size="sm" c="dimmed" maw={260}>
              {mail.fault}
            </Text>
          )}
        </>
      ),
    },
    { heading: words.tries, cell: ({ attempts }) => String(attempts), isNumber: true },
    { heading: text.outbox.when, cell: (mail) => <Time iso={mail.createdAt} precise /> },
    {
      heading: words.actions,
      cell: ({ id, state, subject }) =>
        ['sent', 'captured', 'failed'].includes(state) && (
          <Button
            size="xs"
            variant="default"
            loading={again.isPending && again.variables === id}
            onClick={() => again.mutate(id)}
            aria-label={`${text.outbox.sendAgain}: ${subject}`}
          >
            {text.outbox.sendAgain}
          </Button>
        ),
    },
  ];
  return (
    <Section title={words.log} lead={words.logLead} flush>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.outbox} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[120]} />
      ) : (
        <>
          {again.error && <ProblemPanel error={again.error} what={text.error.action} />}
          {data.rows.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              {words.logEmpty}
            </Text>
          ) : (
            <DataTable caption={words.log} rows={data.rows} rowKey={({ id }) => id} columns={columns} />
          )}
          <ListPager query={parameters} next={data.next} />
        </>
      )}
    </Section>
  );
}
