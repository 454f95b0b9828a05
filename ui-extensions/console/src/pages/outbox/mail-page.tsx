import './outbox.css';

import { Alert, Anchor, Badge, Breadcrumbs, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconExternalLink, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { Mail } from '../../../../../server/api.ts';
import { settleMail } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { MessagePreview } from '../../components/message-preview.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime } from '../../components/time.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { text } from '../../text.ts';
import { mailTones } from './outbox-page.tsx';

export function MailPage() {
  const { id = '' } = useParams();
  const { data: mail, error, refetch } = useQuery(queries.mail(id));
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  const crumbs = (
    <Breadcrumbs component="nav" aria-label={text.person.breadcrumb}>
      <Anchor component={Link} to="/outbox" size="sm">
        {text.nav.outbox}
      </Anchor>
      <Text size="sm" c="dimmed" truncate maw="60vw">
        {mail?.subject ?? '…'}
      </Text>
    </Breadcrumbs>
  );
  return (
    <Page
      above={crumbs}
      title={mail?.subject ?? text.outbox.mail}
      lead={mail && text.outbox.kinds[mail.kind]}
      actions={
        mail && (
          <Badge data-tone={mailTones[mail.state]} size="lg" className="status-badge">
            {text.outbox.states[mail.state]}
          </Badge>
        )
      }
    >
      {error && !mail ? (
        <ProblemPanel error={error} what={text.error.outbox} onRetry={refetch} />
      ) : !mail ? (
        <Loading heights={[120, 420]} />
      ) : (
        <Stack gap="lg">
          {mail.state === 'failed' && <Failed mail={mail} />}
          <Facts mail={mail} />
          <Section title={text.outbox.preview} lead={text.outbox.previewLead} action={<MailLink mail={mail} />}>
            <MessagePreview title={text.outbox.preview} html={mail.html} plain={mail.text} frame="mail-frame" pre="mail-text" />
          </Section>
        </Stack>
      )}
    </Page>
  );
}

function Failed({ mail }: { mail: Mail }) {
  const client = useQueryClient();
  const settle = useMutation({
    mutationFn: (answer: 'send-again' | 'leave') => settleMail(mail.id, answer),
    onSuccess: async (after, answer) => {
      client.setQueryData(queries.mail(mail.id).queryKey, after);
      notifications.show({ message: answer === 'leave' ? text.outbox.left : text.outbox.sentAgain, color: 'teal' });
      await Promise.all(['mails', 'alarms'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  return (
    <Alert data-tone="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} className="banner">
      <Text size="sm">{mail.fault}</Text>
      {settle.error && <ProblemPanel error={settle.error} what={text.error.action} />}
      <Group gap="sm" mt="sm">
        <Button
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={settle.isPending}
          onClick={() => settle.mutate('send-again')}
        >
          {text.outbox.sendAgain}
        </Button>
        <Button size="xs" variant="default" disabled={settle.isPending} onClick={() => settle.mutate('leave')}>
          {text.outbox.leave}
        </Button>
      </Group>
    </Alert>
  );
}

function Facts({ mail }: { mail: Mail }) {
  const { about } = mail;
  return (
    <Section title={text.outbox.facts}>
      <dl className="facts mail-facts">
        <Fact name={text.outbox.to}>
          {mail.to.name && (
            <>
              <bdi>{mail.to.name}</bdi>
              <br />
            </>
          )}
          {mail.to.address}
        </Fact>
        <Fact name={text.outbox.written}>{formatDateTime(mail.createdAt)}</Fact>
        {mail.settledAt && mail.state !== 'queued' && <Fact name={text.outbox.states[mail.state]}>{formatDateTime(mail.settledAt)}</Fact>}
        {mail.nextTryAt && mail.attempts > 0 && <Fact name={text.outbox.nextTry}>{formatDateTime(mail.nextTryAt)}</Fact>}
        {mail.attempts > 1 && <Fact name={text.outbox.attempts}>{mail.attempts}</Fact>}
        {mail.fault && mail.state !== 'failed' && <Fact name={text.outbox.lastFault}>{mail.fault}</Fact>}
        {about.findingKey && (
          <Fact name={text.outbox.person}>
            <Anchor component={Link} to={`/people/${encodeURIComponent(about.findingKey)}`} size="sm">
              {about.name ?? (mail.to.name || text.outbox.openPerson)}
            </Anchor>
          </Fact>
        )}
        {about.planId && (
          <Fact name={text.outbox.plan}>
            <Anchor component={Link} to={`/plans/${about.planId}`} size="sm">
              {text.outbox.openPlan}
            </Anchor>
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The mail's own link, outside of its sandbox. */
function MailLink({ mail }: { mail: Mail }) {
  if (!mail.link) return null;
  return (
    <Button
      component="a"
      href={mail.link}
      target="_blank"
      rel="noreferrer"
      variant="default"
      size="xs"
      rightSection={<IconExternalLink size={14} aria-hidden />}
    >
      {text.outbox.openLink}
    </Button>
  );
}
