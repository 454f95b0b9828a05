import './outbox.css';

import { Badge, Button, Stack, Text } from '@mantine/core';
import { IconEye, IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { MailRow } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { MailingsSent } from '../mailings/mailings-sent.tsx';
import { CapturedNotice } from './captured-notice.tsx';

export const mailTones = { queued: 'gray', sending: 'blue', sent: 'teal', captured: 'petrol', failed: 'red' } as const satisfies Record<
  MailRow['state'],
  string
>;

const columns: readonly Column<MailRow>[] = [
  {
    heading: text.outbox.subject,
    cell: (mail) => (
      <>
        <Link to={`/outbox/${mail.id}`} className="person-link">
          {mail.subject}
        </Link>
        <Text size="sm" c="dimmed">
          {text.outbox.kinds[mail.kind]}
        </Text>
      </>
    ),
  },
  {
    heading: text.outbox.to,
    cell: ({ to }) => (
      <>
        {to.name && <bdi>{to.name}</bdi>}
        <Text size="sm" c="dimmed" className="wrap">
          {to.address}
        </Text>
      </>
    ),
  },
  {
    heading: text.outbox.state,
    cell: (mail) => (
      <>
        <Badge data-tone={mailTones[mail.state]} className="status-badge">
          {text.outbox.states[mail.state]}
        </Badge>
        {mail.fault && (
          <Text size="sm" c="dimmed" maw={260}>
            {mail.fault}
          </Text>
        )}
      </>
    ),
  },
  { heading: text.outbox.when, cell: (mail) => <Time iso={mail.createdAt} precise /> },
];

export function OutboxPage() {
  const [parameters] = useSearchParams();
  const cursor = parameters.get('cursor');
  const { data, error, refetch } = useQuery(queries.mails(cursor));
  return (
    <Page
      title={text.nav.outbox}
      lead={text.outbox.lead}
      actions={
        <Button component={Link} to="/outbox/messages" variant="default" leftSection={<IconEye size={16} aria-hidden />}>
          {text.outbox.messages}
        </Button>
      }
    >
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.outbox} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[44, 260]} />
      ) : (
        <Stack gap="md">
          <CapturedNotice mails={data} />
          {!cursor && <MailingsSent />}
          {data.rows.length === 0 && !cursor ? (
            <EmptyState icon={<IconMail size={28} />} title={text.outbox.emptyTitle}>
              {text.outbox.emptyBody}
            </EmptyState>
          ) : (
            <Section title={text.outbox.all} flush>
              <DataTable caption={text.outbox.all} rows={data.rows} rowKey={({ id }) => id} columns={columns} />
              <ListPager query={parameters} next={data.next} />
            </Section>
          )}
        </Stack>
      )}
    </Page>
  );
}
