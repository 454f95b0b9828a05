import { Alert, Anchor, Badge, Breadcrumbs, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconDownload, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Reconciliation } from '../../../../../server/api.ts';
import { rejectsHref, reportHref } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { useCompareAgain } from '../../api/use-decision.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RepairFiles } from '../../components/repair-files.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime, formatNumber } from '../../components/time.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { text } from '../../text.ts';
import { stateTones } from './runs-page.tsx';

export function RunPage() {
  const { id = '' } = useParams();
  const { data: run, error, refetch } = useQuery(queries.run(id));
  const again = useCompareAgain(id);
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  const crumbs = (
    <Breadcrumbs component="nav" aria-label={text.person.breadcrumb}>
      <Anchor component={Link} to="/runs" size="sm">
        {text.nav.runs}
      </Anchor>
      <Text size="sm" c="dimmed">
        {run ? text.runs.number(run.number) : '…'}
      </Text>
    </Breadcrumbs>
  );
  return (
    <Page
      above={crumbs}
      title={run ? text.runs.number(run.number) : text.nav.runs}
      lead={run && text.runs.madeBy(formatDateTime(run.createdAt), run.createdBy)}
      actions={
        run && (
          <>
            <Badge data-tone={stateTones[run.state]} size="lg" className="status-badge">
              {text.runs.states[run.state]}
            </Badge>
            {run.state === 'done' && (
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                loading={again.isPending}
                onClick={() => again.mutate()}
              >
                {text.runs.again}
              </Button>
            )}
          </>
        )
      }
    >
      {error && !run ? (
        <ProblemPanel error={error} what={text.error.run} onRetry={refetch} />
      ) : !run ? (
        <Loading heights={[320]} />
      ) : run.state !== 'done' ? (
        <RunProgress id={id} />
      ) : (
        <Done run={run} />
      )}
    </Page>
  );
}

function Done({ run }: { run: Reconciliation }) {
  const { headline, proofs, rejects } = run;
  const rejected = rejects ? rejects.licenses + rejects.crm : 0;
  return (
    <Stack gap="lg">
      {run.warnings.map((warning) => (
        <Alert key={warning} data-tone="yellow" icon={<IconAlertTriangle aria-hidden />} className="banner">
          <Text size="sm">{warning}</Text>
        </Alert>
      ))}
      {headline && (
        <dl className="numbers">
          {[
            [text.overview.seatsThatSync, text.runs.outOf(headline.seatsThatSync, headline.seats)],
            [text.statuses['not-matched'], formatNumber(headline.notMatched)],
            [text.overview.matchedNotSyncing, formatNumber(run.summary?.matchedNotSyncing ?? 0)],
            [text.runs.crmUsers, formatNumber(run.summary?.crmUsers ?? 0)],
          ].map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="number">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Section title={text.runs.report} lead={text.runs.reportLead}>
        <Group gap="sm">
          {(['csv', 'xlsx', 'json'] as const).map((format) => (
            <Button
              key={format}
              component="a"
              href={reportHref(run.id, format)}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {text.runs.formats[format]}
            </Button>
          ))}
        </Group>
      </Section>
      <RepairFiles runId={run.id} />
      {proofs && (
        <Section title={text.runs.proof} lead={text.runs.proofLead}>
          <div className="two-columns even">
            {(['licenses', 'crm'] as const).map((side) => {
              const proof = proofs[side];
              // The proof of a listing exists only for one that was read to its end; it counts what was left out too.
              const isListing = proof.kind === 'listing';
              const complete = proof.expected !== null && (isListing || proof.received + proof.rejected >= proof.expected);
              const leftOut = Object.values(proof.leftOut ?? {}).some((count) => (count ?? 0) > 0) ? proof.leftOut : undefined;
              const org = side === 'crm' ? run.crmOrigin : null;
              return (
                <div key={side} className="proof">
                  <h3>{side === 'licenses' ? text.compare.sides.licenses : run.crmName}</h3>
                  <p className="verdict-line small" data-tone={complete ? 'teal' : 'orange'}>
                    {complete ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
                    {isListing
                      ? complete
                        ? text.runs.readToEnd
                        : text.runs.readWithoutTotal
                      : proof.expected === null
                        ? text.runs.notProven
                        : complete
                          ? text.runs.proven
                          : text.runs.incomplete}
                  </p>
                  <dl className="facts">
                    {(
                      [
                        [text.runs.source, proof.source],
                        [text.runs.org, org ? text.runs.orgOf(org) : ''],
                        [text.runs.received, formatNumber(proof.received)],
                        [
                          text.runs.expected,
                          proof.expected === null ? (isListing ? text.runs.notTold : text.runs.notAsked) : formatNumber(proof.expected),
                        ],
                        [text.runs.rejected, formatNumber(proof.rejected)],
                        [text.runs.leftOut, leftOut ? text.runs.leftOutWords(leftOut) : ''],
                        [text.runs.pages, isListing ? formatNumber(proof.pages) : ''],
                        [isListing ? text.runs.readAt : text.runs.asOf, formatDateTime(proof.asOf)],
                        [text.runs.sha, proof.sha256 ? `${proof.sha256.slice(0, 16)}…` : ''],
                      ] as const
                    )
                      .filter(([, value]) => value !== '')
                      .map(([label, value]) => (
                        <div key={label}>
                          <dt>{label}</dt>
                          <dd>
                            <bdi>{value}</bdi>
                          </dd>
                        </div>
                      ))}
                  </dl>
                  {org?.isTest && (
                    <p className="verdict-line small" data-tone="orange">
                      <IconAlertTriangle size={16} aria-hidden /> {text.runs.testOrg}
                    </p>
                  )}
                </div>
              );
            })}
          </div>
          {rejected > 0 && (
            <Button
              component="a"
              href={rejectsHref(run.id)}
              download
              variant="default"
              mt="md"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {text.runs.rejects(rejected)}
            </Button>
          )}
        </Section>
      )}
    </Stack>
  );
}
