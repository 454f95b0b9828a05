import './person.css';

import { Anchor, Badge, Breadcrumbs, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Person } from '../../../../../server/api.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { LostList } from '../../components/lost-list.tsx';
import { markDifferences, markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { CheckNow } from './check-now.tsx';
import { Decisions } from './decisions.tsx';
import { ExplanationSection } from './explanation-section.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Identity } from './identity.tsx';
import { Invitation } from './invitation.tsx';
import { Onboarding } from './onboarding.tsx';
import { OwnSubscription } from './own-subscription.tsx';
import { Repairs } from './repairs.tsx';
import { Suggestions } from './suggestions.tsx';
import { PersonUsage } from './usage.tsx';

export function PersonPage() {
  const { key = '' } = useParams();
  const person = useQuery(queries.person(key));
  const overview = useQuery(queries.overview);
  const crumbs = (
    <Breadcrumbs component="nav" aria-label={text.person.breadcrumb}>
      <Anchor component={Link} to="/people" size="sm">
        {text.nav.people}
      </Anchor>
      <Text size="sm" c="dimmed" truncate maw="60vw" className="crumb">
        <bdi>{person.data ? nameOf(person.data) : key}</bdi>
      </Text>
    </Breadcrumbs>
  );

  if (person.error instanceof Problem && person.error.status === 404)
    return (
      <Page title={text.person.goneTitle} above={crumbs}>
        <EmptyState
          icon={<IconUserOff size={28} />}
          title={text.person.goneHeading}
          action={
            <Button component={Link} to="/people">
              {text.person.backToPeople}
            </Button>
          }
        >
          {person.error.detail ?? text.notFound.body}
        </EmptyState>
      </Page>
    );
  if (person.error && !person.data)
    return (
      <Page title={text.nav.people} above={crumbs}>
        <ProblemPanel error={person.error} what={text.error.person} onRetry={person.refetch} />
      </Page>
    );
  if (!person.data)
    return (
      <Page title={<Skeleton h={32} w={240} />} documentTitle={text.nav.people} above={crumbs}>
        <Loading heights={[220, 260]} />
      </Page>
    );

  const { finding, explanation } = person.data;
  const crmName = overview.data?.contract.crmName ?? text.common.crm;
  const runId = overview.data?.latest?.id ?? null;
  return (
    <Page
      title={<bdi>{nameOf(person.data)}</bdi>}
      documentTitle={nameOf(person.data)}
      above={crumbs}
      actions={<StatusBadge status={finding.status} reason={finding.reason} label={text.statuses[finding.status]} />}
    >
      <div className="person-columns">
        <Stack gap="lg" miw={0}>
          <Verdict person={person.data} crmName={crmName} />
          <Repairs person={person.data} />
          <Identity person={person.data} runId={runId} />
          <Suggestions person={person.data} runId={runId} />
          {person.data.invitation && <Invitation invitation={person.data.invitation} />}
          <Onboarding person={person.data} />
          {explanation && <ExplanationSection explanation={explanation} />}
          <History timeline={person.data.timeline} crmName={crmName} />
        </Stack>
        <Stack gap="lg" miw={0}>
          <Decisions person={person.data} runId={runId} />
          <OwnSubscription person={person.data} runId={runId} />
          <CheckNow key={key} person={person.data} />
          <Facts person={person.data} crmName={crmName} />
          {person.data.lost.length > 0 && (
            <Section title={text.report.lostPerson} lead={text.report.lostLead}>
              <LostList lost={person.data.lost} />
            </Section>
          )}
          <PersonUsage personKey={key} />
        </Stack>
      </div>
    </Page>
  );
}

const nameOf = ({ finding }: Person): string =>
  finding.license?.name || finding.crmUser?.name || finding.license?.email || text.common.noName;

/** Both addresses, why, and the one next step: all that most visits are about. */
function Verdict({ person, crmName }: { person: Person; crmName: string }) {
  const { finding, explanation, present } = person;
  const { license, crmUser } = finding;
  const both = license && crmUser ? markDifferences(license.email, crmUser.email) : null;
  const licenseRuns = explanation?.licenseEmail.length ? explanation.licenseEmail : (both?.license ?? markHidden(license?.email ?? ''));
  const crmRuns = explanation?.crmEmail.length ? explanation.crmEmail : (both?.crm ?? markHidden(crmUser?.email ?? ''));
  return (
    <Card component="section" aria-labelledby="verdict" p={0}>
      <div className="verdict-emails">
        <div>
          <span className="eyebrow">{text.person.licenseSide}</span>
          {license ? <MarkedEmail runs={licenseRuns} notes /> : <span className="no-value">{text.person.noLicense}</span>}
          {license && (
            <Text size="sm" c="dimmed">
              <bdi>{license.name || text.common.noName}</bdi>
            </Text>
          )}
        </div>
        <div>
          <span className="eyebrow">
            <bdi>{crmName}</bdi>
          </span>
          {crmUser ? <MarkedEmail runs={crmRuns} notes /> : <span className="no-value">{text.person.noOwner}</span>}
          {crmUser && (
            <Text size="sm" c="dimmed">
              <bdi>{crmUser.name || text.common.noName}</bdi>
              {!crmUser.active && ` · ${text.person.inactive}`}
            </Text>
          )}
        </div>
      </div>
      <div className="verdict-body">
        {!present && (
          <Badge data-tone="orange" className="status-badge" mb="xs">
            {text.person.notInLatest}
          </Badge>
        )}
        <h2 id="verdict">{finding.label}</h2>
        <Text mt={4}>{finding.sentence}</Text>
        <div className="next-step">
          <Group justify="space-between" gap="xs">
            <span className="eyebrow">{text.people.nextStep}</span>
            {finding.reason !== 'in-sync' && <ActorMark actor={finding.actor} />}
          </Group>
          <Text fw={600}>{finding.nextStep}</Text>
          {finding.targetEmail && (
            <Text size="sm" mt={6}>
              {finding.changeSide === 'crm' ? text.person.targetCrm(crmName) : text.person.targetLicense}{' '}
              <bdi className="marked-email">{finding.targetEmail}</bdi>
            </Text>
          )}
          {finding.closedBy && finding.reason !== 'in-sync' && (
            <Text size="sm" c="dimmed" mt={6}>
              {text.person.closedBy} {finding.closedBy}
            </Text>
          )}
        </div>
        {finding.changeEvidence.length > 0 && (
          <>
            <span className="eyebrow">{finding.changeSide ? text.person.why[finding.changeSide] : text.person.evidence}</span>
            <ul className="evidence">
              {finding.changeEvidence.map((evidence) => (
                <li key={evidence}>{evidence}</li>
              ))}
            </ul>
          </>
        )}
        <Group gap="md" mt="md">
          <Text size="sm" c="dimmed">
            {text.people.since} <Time iso={finding.since} />
          </Text>
          {finding.rootCause && (
            <Anchor component={Link} to={`/people?rootCause=${encodeURIComponent(finding.rootCause)}`} size="sm">
              {text.person.sameCause} <IconArrowRight size={13} aria-hidden className="inline-icon" />
            </Anchor>
          )}
        </Group>
      </div>
    </Card>
  );
}
