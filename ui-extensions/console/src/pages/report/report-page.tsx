import '../../components/print.css';
import '../licenses/licenses.css';
import './report.css';

import { Button, Card, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChecks, IconPrinter, IconReportAnalytics } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'react-router';
import type { MismatchReport } from '../../../../../server/api.ts';
import { reportTableHref, reviewReport } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { LostList } from '../../components/lost-list.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate, formatDateTime, formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { ChangeChoice, ChangedPeople } from './changed-people.tsx';
import { DigestForm } from './digest-form.tsx';
import { MismatchPeople, Narrowed } from './mismatch-people.tsx';
import { RepairsDone } from './repairs-done.tsx';
import { type ReportState, useReportQuery } from './report-query.ts';
import { SeatPriceForm } from './seat-price.tsx';
import { SliceTable } from './slice-table.tsx';

const MatchTrend = lazy(async () => ({ default: (await import('./match-trend.tsx')).MatchTrend }));

/** Who is Not Matched, why, since when, what it costs and who must act: for sales ops. */
export function ReportPage() {
  const state = useReportQuery();
  const { data, error, refetch } = useQuery(queries.report(state.summary));
  const words = text.report;
  return (
    <Page
      title={text.nav.report}
      lead={data?.run ? words.asOf(data.run.number, formatDate(data.run.at)) : words.lead}
      actions={
        data?.run && (
          <Group gap="sm" className="no-print">
            <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
              {text.usage.print}
            </Button>
            <Review run={data.run.number} />
          </Group>
        )
      }
    >
      {error && !data ? (
        <ProblemPanel error={error} what={words.failed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[160, 120, 240]} />
      ) : data.run === null ? (
        <EmptyState
          icon={<IconReportAnalytics size={28} />}
          title={words.emptyTitle}
          action={
            <Button component={Link} to="/compare">
              {text.overview.emptyAction}
            </Button>
          }
        >
          {words.emptyBody}
        </EmptyState>
      ) : (
        <Report report={data} state={state} />
      )}
    </Page>
  );
}

function Review({ run }: { run: number }) {
  const client = useQueryClient();
  const review = useMutation({
    mutationFn: () => reviewReport(run),
    async onSuccess() {
      notifications.show({ message: text.report.reviewDone, color: 'teal' });
      await client.invalidateQueries({ queryKey: ['report'] });
    },
    onError: () => notifications.show({ message: text.report.reviewFailed, color: 'red' }),
  });
  return (
    <Button leftSection={<IconChecks size={16} aria-hidden />} loading={review.isPending} onClick={() => review.mutate()}>
      {text.report.review}
    </Button>
  );
}

function Report({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  return (
    <Stack gap="lg">
      <Narrowed report={report} state={state} />
      <Section title={words.answers}>
        <dl className="report-answers">
          {report.answers.map(({ question, sentence }) => (
            <div key={question}>
              <dt>{words.questions[question]}</dt>
              <dd>{sentence}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Numbers report={report} />
      <div className="report-columns">
        <Section
          title={words.trend}
          lead={words.trendLead}
          action={<DownloadMenu href={(format) => reportTableHref('trend', format, state.summary)} what={words.trend} />}
        >
          {report.trend.length < 2 ? (
            <Text c="dimmed">{words.trendTooShort}</Text>
          ) : (
            <Suspense fallback={<Loading heights={[200]} />}>
              <MatchTrend points={report.trend} />
            </Suspense>
          )}
        </Section>
        <Section title={words.lost} lead={words.lostLead}>
          <LostList lost={report.lost} />
        </Section>
      </div>
      <SliceTable report={report} state={state} />
      <Changes report={report} state={state} />
      <MismatchPeople report={report} state={state} />
      <RepairsDone report={report} state={state} />
      <DigestForm />
    </Stack>
  );
}

function Numbers({ report: { sum, price, repairs, agreement } }: { report: MismatchReport }) {
  const words = text.report;
  const [isOpen, setOpen] = useState(false);
  const { minutes, emailAlone } = repairs;
  const { cost } = sum;
  const card = (label: string, value: string, lines: readonly string[], more?: ReactNode) => (
    <Card padding="md" key={label}>
      <Text size="sm" c="dimmed" fw={600}>
        {label}
      </Text>
      <span className="license-number number">{value}</span>
      {lines.map((line) => (
        <Text size="xs" key={line}>
          {line}
        </Text>
      ))}
      {more}
    </Card>
  );
  return (
    <section aria-label={words.proof}>
      <Dialog opened={isOpen} onClose={() => setOpen(false)} title={words.price}>
        <SeatPriceForm price={price} onDone={() => setOpen(false)} />
      </Dialog>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
        {card(words.rate, words.percent(sum.rate), [words.rateOf(sum.matched, sum.matched + sum.notMatched), agreement.sentence])}
        {card(words.notMatched, formatNumber(sum.notMatched), [words.repairing(sum.beingRepaired), emailAlone.sentence])}
        {card(
          words.perMonth,
          cost && price && cost.unpriced < sum.notMatched
            ? words.money(cost.perMonth, price.currency)
            : sum.notMatched === 0 && price
              ? words.money(0, price.currency)
              : words.noPrice,
          cost && price
            ? [words.soFar(words.money(cost.soFar, price.currency)), ...(cost.unpriced > 0 ? [words.unpriced(cost.unpriced)] : [])]
            : [words.priceAsk],
          <Button variant={price ? 'subtle' : 'default'} size="compact-sm" mt={6} className="no-print" onClick={() => setOpen(true)}>
            {price ? words.priceChange : words.price}
          </Button>,
        )}
        {card(words.withoutLicense, formatNumber(minutes.license), [words.withoutAccess(minutes.access), words.rematched(minutes.people)])}
      </SimpleGrid>
    </section>
  );
}

function Changes({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const { data, error, refetch } = useQuery(queries.reportChanges(state.changes));
  const latest = report.runs[0]?.number;
  return (
    <div id="changes">
      <Section
        title={words.changes}
        lead={
          data?.from &&
          data.to && (
            <>
              {words.changesSince(data.from.number, data.to.number)}{' '}
              <Link to={`/runs/compare?from=${data.from.number}&to=${data.to.number}`} className="no-print">
                {words.compare}
              </Link>
            </>
          )
        }
        flush
        action={<DownloadMenu href={(format) => reportTableHref('changes', format, state.changes)} what={words.changes} />}
      >
        <div className="report-filters no-print">
          <Select
            label={words.sinceRun}
            placeholder={report.review ? words.lastReview : words.lastRun}
            data={report.runs
              .filter(({ number }) => number !== latest)
              .map(({ number, at }) => ({ value: String(number), label: words.runAt(number, formatDateTime(at)) }))}
            value={state.query.get('from')}
            onChange={(from) => state.change({ from })}
            clearable
            searchable
          />
          {data && <ChangeChoice changes={data} value={state.query.get('change')} onChange={(value) => state.change({ change: value })} />}
        </div>
        {error && !data ? (
          <ProblemPanel error={error} what={words.changesFailed} onRetry={refetch} />
        ) : data ? (
          <ChangedPeople changes={data} />
        ) : (
          <Loading heights={[120]} />
        )}
      </Section>
    </div>
  );
}
