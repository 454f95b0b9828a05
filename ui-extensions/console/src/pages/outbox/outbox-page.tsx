import './outbox.css';

import { Badge, Stack, Table, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { MailRow } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NewestOlder } from '../../components/newest-older.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MessagesSent } from '../messages/messages-sent.tsx';
import { CapturedNotice } from './captured-notice.tsx';

export const mailTones = { queued: 'gray', sending: 'blue', sent: 'teal', captured: 'petrol', failed: 'red' } as const satisfies Record<
  MailRow['state'],
  string
>;

export function OutboxPage() {
  const [parameters] = useSearchParams();
  const cursor = parameters.get('cursor');
  const { data, error, refetch } = useQuery(queries.mails(cursor));
  return (
    <Page title={text.nav.outbox} lead={text.outbox.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.outbox} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[44, 260]} />
      ) : (
        <Stack gap="md">
          <CapturedNotice mails={data} />
          {!cursor && <MessagesSent />}
          {data.rows.length === 0 && !cursor ? (
            <EmptyState icon={<IconMail size={28} />} title={text.outbox.emptyTitle}>
              {text.outbox.emptyBody}
            </EmptyState>
          ) : (
            <Section title={text.outbox.all} flush>
              <div className="scroll-x">
                <Table highlightOnHover className="outbox-table">
                  <caption className="visually-hidden">{text.outbox.all}</caption>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{text.outbox.subject}</Table.Th>
                      <Table.Th scope="col">{text.outbox.to}</Table.Th>
                      <Table.Th scope="col">{text.outbox.state}</Table.Th>
                      <Table.Th scope="col">{text.outbox.when}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {data.rows.map((mail) => (
                      <Row key={mail.id} mail={mail} />
                    ))}
                  </Table.Tbody>
                </Table>
              </div>
            </Section>
          )}
          <NewestOlder to="/outbox" cursor={cursor} next={data.next} words={text.runs} />
        </Stack>
      )}
    </Page>
  );
}

function Row({ mail }: { mail: MailRow }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to={`/outbox/${mail.id}`} className="person-link">
          {mail.subject}
        </Link>
        <Text size="sm" c="dimmed">
          {text.outbox.kinds[mail.kind]}
        </Text>
      </Table.Th>
      <Table.Td>
        {mail.to.name && <bdi>{mail.to.name}</bdi>}
        <Text size="sm" c="dimmed">
          {mail.to.address}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge data-tone={mailTones[mail.state]} className="status-badge">
          {text.outbox.states[mail.state]}
        </Badge>
        {mail.fault && (
          <Text size="sm" c="dimmed" maw={260}>
            {mail.fault}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="number">
        <Time iso={mail.createdAt} precise />
      </Table.Td>
    </Table.Tr>
  );
}
