import './outbox.css';

import { Accordion, Anchor, Breadcrumbs, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Messages } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { MessagePreview } from '../../components/message-preview.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** Every message there is, by who reads it: to be looked at before anybody gets one. */
export function MessagesPage() {
  const { data, error, refetch } = useQuery(queries.messages);
  const crumbs = (
    <Breadcrumbs mb="sm" component="nav" aria-label={text.person.breadcrumb}>
      <Anchor component={Link} to="/outbox" size="sm">
        {text.nav.outbox}
      </Anchor>
      <Text size="sm" c="dimmed">
        {text.outbox.messages}
      </Text>
    </Breadcrumbs>
  );
  return (
    <Page above={crumbs} title={text.outbox.messages} lead={text.outbox.messagesLead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.outbox.messagesFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 220]} />
      ) : (
        <Stack gap="lg">
          {[...Map.groupBy(data.rows, ({ to }) => to)].map(([to, rows]) => (
            <Readers key={to} to={to} rows={rows} />
          ))}
        </Stack>
      )}
    </Page>
  );
}

function Readers({ to, rows }: { to: string; rows: Messages['rows'] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Section title={to} flush>
      <Accordion value={open} onChange={setOpen} order={3} className="messages">
        {rows.map(({ name, label, when, subject, html, text: plain }) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>
              <Text span fw={600}>
                {label}
              </Text>
              <Text size="sm" c="dimmed">
                {when}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              {open === name && (
                <Stack gap="sm">
                  <Text size="sm">
                    {text.outbox.subject}: <strong>{subject}</strong>
                  </Text>
                  <MessagePreview title={label} html={html} plain={plain} frame="mail-frame" pre="mail-text" />
                </Stack>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}
