import './other-side.css';

import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconMasksTheater, IconPlayerTrackNext } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { DemoCenter, DemoPerson } from '../../../../../server/api.ts';
import { acceptDemoInvitation, passDemoTime, resendDemoInvitations, setDemoCrmJob } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { DownloadUsers } from './download-users.tsx';
import { EditByHand } from './edit-by-hand.tsx';
import { UploadFile } from './upload-file.tsx';
import { useOtherSide } from './use-other-side.ts';

/** The demo's other side: whoever tries Seatmatch plays the LinkedIn Admin Center it works with. */
export function OtherSidePage() {
  const { data: center, error, refetch } = useQuery({ ...queries.demoCenter, retry: false });
  const isGone = error instanceof Problem && error.status === 404;
  return (
    <Page title={text.nav.otherSide} lead={isGone ? undefined : text.otherSide.lead}>
      {isGone ? (
        <EmptyState
          icon={<IconMasksTheater size={28} />}
          title={text.otherSide.goneTitle}
          action={
            <Button component={Link} to="/">
              {text.nav.overview}
            </Button>
          }
        >
          {text.otherSide.goneBody}
        </EmptyState>
      ) : error && !center ? (
        <ProblemPanel error={error} what={text.otherSide.failed} onRetry={refetch} />
      ) : !center ? (
        <Loading heights={[120, 260]} />
      ) : (
        <Stack gap="lg" className="other-side">
          <Alert data-tone="indigo" className="banner" radius="lg" icon={<IconMasksTheater aria-hidden />}>
            <Text size="sm">{text.otherSide.notice}</Text>
          </Alert>
          <UploadFile center={center} />
          <Clock center={center} />
          <DownloadUsers center={center} />
          <div className="two-columns">
            <Invitations people={center.invitations} />
            <Journal center={center} />
          </div>
          <EditByHand types={center.licenses.map(({ type }) => type)} />
        </Stack>
      )}
    </Page>
  );
}

function Clock({ center }: { center: DemoCenter }) {
  const action = useOtherSide();
  const pass = (hours: number) =>
    action.mutate(() => passDemoTime(hours), { onSuccess: () => notifications.show({ message: text.otherSide.passed, color: 'teal' }) });
  return (
    <Section title={text.otherSide.clock} lead={text.otherSide.clockLead}>
      <div className="other-side-clock">
        <div>
          <Time iso={center.now} precise />
          {center.aheadHours > 0 && (
            <Text size="sm" c="dimmed">
              {text.otherSide.ahead(center.aheadHours)}
            </Text>
          )}
        </div>
        <Group gap="sm">
          <Button variant="default" loading={action.isPending} onClick={() => pass(1)}>
            {text.otherSide.hour}
          </Button>
          <Button
            color="indigo"
            leftSection={<IconPlayerTrackNext size={16} aria-hidden />}
            loading={action.isPending}
            onClick={() => pass(24)}
          >
            {text.otherSide.day}
          </Button>
        </Group>
      </div>
      <Group justify="space-between" gap="sm" mt="md">
        <Text size="sm" role="status">
          {center.crmJobRuns ? (
            <>
              {text.otherSide.nextJob} <Time iso={center.nextCrmJob} precise />
            </>
          ) : (
            text.otherSide.noJob
          )}
        </Text>
        <Switch
          label={text.otherSide.jobSwitch}
          color="indigo"
          checked={center.crmJobRuns}
          disabled={action.isPending}
          onChange={(event) => {
            const runs = event.currentTarget.checked;
            action.mutate(() => setDemoCrmJob(runs));
          }}
        />
      </Group>
      {action.error && <ProblemPanel error={action.error} what={text.otherSide.actionFailed} />}
    </Section>
  );
}

function Invitations({ people }: { people: readonly DemoPerson[] }) {
  const action = useOtherSide();
  return (
    <Section
      title={text.otherSide.invitations}
      lead={text.otherSide.invitationsLead}
      action={
        people.length > 0 && (
          <Button size="xs" variant="default" disabled={action.isPending} onClick={() => action.mutate(() => resendDemoInvitations(null))}>
            {text.otherSide.resendAll}
          </Button>
        )
      }
    >
      {action.error && <ProblemPanel error={action.error} what={text.otherSide.actionFailed} />}
      {people.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.otherSide.noInvitations}
        </Text>
      ) : (
        <ul className="plain-list divided other-side-rows">
          {people.map((person) => (
            <li key={person.id}>
              <div>
                <Text fw={600}>
                  <bdi>{person.name || text.common.noName}</bdi>
                </Text>
                <Text size="sm" c="dimmed" className="wrap">
                  {person.email}
                </Text>
                {person.invitedAt && (
                  <Text size="sm" c="dimmed">
                    {text.otherSide.invited} <Time iso={person.invitedAt} />
                  </Text>
                )}
              </div>
              <Group gap="xs">
                <Button
                  size="xs"
                  color="indigo"
                  loading={action.isPending}
                  onClick={() => action.mutate(() => acceptDemoInvitation(person.id, false))}
                >
                  {text.otherSide.accept}
                  <span className="visually-hidden">: {person.name}</span>
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  disabled={action.isPending}
                  onClick={() => action.mutate(() => acceptDemoInvitation(person.id, true))}
                >
                  {text.otherSide.acceptWrong}
                  <span className="visually-hidden">: {person.name}</span>
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  disabled={action.isPending}
                  onClick={() => action.mutate(() => resendDemoInvitations([person.id]))}
                >
                  {text.otherSide.resend}
                  <span className="visually-hidden">: {person.name}</span>
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Journal({ center }: { center: DemoCenter }) {
  return (
    <Section title={text.otherSide.journal}>
      <dl className="facts other-side-pool">
        {center.licenses.map(({ type, purchased, assigned }) => (
          <div key={type}>
            <dt>{type}</dt>
            <dd className="number">{text.otherSide.pool(assigned, purchased)}</dd>
          </div>
        ))}
        <div>
          <dt>{text.otherSide.assignments}</dt>
          <dd className="number">{text.otherSide.assignmentsUsed(center.assignments.used, center.assignments.left)}</dd>
        </div>
      </dl>
      {center.journal.length === 0 ? (
        <Text size="sm" c="dimmed" mt="md">
          {text.otherSide.noJournal}
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        <section className="other-side-journal" tabIndex={0} aria-label={text.otherSide.log}>
          <ul className="plain-list divided">
            {center.journal.map(({ at, who, people, what, by }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no other name than their place
              <li key={index}>
                <bdi>{who}</bdi>
                {people > 1 && text.otherSide.andMore(people - 1)}: {what}{' '}
                <Text span size="sm" c="dimmed">
                  (<bdi>{by}</bdi>, <Time iso={at} precise />)
                </Text>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Section>
  );
}
