import { Button, Card, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconDownload, IconPrinter } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import type { Status } from '../../../server/api.ts';
import { Section } from '../../console/src/components/section.tsx';
import { lookOf } from '../../console/src/components/status-badge.tsx';
import { formatNumber } from '../../console/src/components/time.tsx';
import { text } from '../../console/src/text.ts';
import { download } from './download.ts';
import { Files } from './files.tsx';
import type { Compared, ReasonCount } from './messages.ts';
import { People } from './people.tsx';
import type { Thread } from './two-file-page.tsx';

/** Whom the table shows. */
export interface Shown {
  readonly status: Status | null;
  readonly reason: ReasonCount['reason'] | null;
}

export function Result({
  thread,
  compared,
  heading,
  onAlias,
}: {
  thread: Thread;
  compared: Compared;
  heading: RefObject<HTMLHeadingElement | null>;
  onAlias: (old: string, current: string) => void;
}) {
  const { summary, reasons, warnings, rejects, licenses, crmName } = compared;
  const countOf = (status: Status): number => summary.byStatus[status] ?? 0;
  const [shown, setShown] = useState<Shown>({ status: countOf('not-matched') > 0 ? 'not-matched' : null, reason: null });
  const show = (next: Shown): void => {
    setShown(next);
    document.getElementById('people')?.scrollIntoView();
  };
  const isWhole = licenses.rows === licenses.expected;
  return (
    <>
      <Title order={2} ref={heading} tabIndex={-1} className="result-title">
        {text.twoFile.result}
      </Title>
      <div className="numbers">
        <Card>
          <Text size="sm" c="dimmed">
            {text.overview.seatsThatSync}
          </Text>
          <p className="big-number number" data-testid="seats-that-sync">
            {formatNumber(summary.seatsThatSync)} <span>{text.overview.of(summary.licenseHolders)}</span>
          </p>
        </Card>
        <Card data-tone="red">
          <Text size="sm" c="dimmed">
            {text.statuses['not-matched']}
          </Text>
          <p className="big-number number tone">{formatNumber(countOf('not-matched'))}</p>
        </Card>
        <Card data-tone="yellow">
          <Text size="sm" c="dimmed">
            {text.overview.matchedNotSyncing}
          </Text>
          <p className="big-number number tone">{formatNumber(summary.matchedNotSyncing)}</p>
        </Card>
        <Card>
          <Text size="sm" c="dimmed">
            {text.twoFile.crmUsers(crmName)}
          </Text>
          <p className="big-number number">{formatNumber(summary.crmUsers)}</p>
        </Card>
      </div>

      <Section title={text.twoFile.readTitle} className="read">
        <p className="verdict-line small" data-tone={isWhole ? 'teal' : 'orange'}>
          {isWhole ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
          <span>
            {licenses.expected === null
              ? text.twoFile.notCounted
              : isWhole
                ? text.compare.complete(licenses.rows)
                : licenses.rows < licenses.expected
                  ? text.compare.incomplete(licenses.rows, licenses.expected)
                  : text.compare.tooMany(licenses.rows, licenses.expected)}
          </span>
        </p>
        {warnings.map((warning) => (
          <p key={warning} className="verdict-line small" data-tone="orange">
            <IconAlertTriangle size={16} aria-hidden /> <span>{warning}</span>
          </p>
        ))}
        {rejects > 0 && (
          <p className="verdict-line small" data-tone="orange">
            <IconAlertTriangle size={16} aria-hidden /> <span>{text.twoFile.rejects(rejects)}</span>
          </p>
        )}
        <Group gap="sm" mt="md" className="no-print">
          <Button
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => void thread.ask('report', null).then((report) => download('seatmatch-report.csv', report))}
          >
            {text.people.download}
          </Button>
          {rejects > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => void thread.ask('rejects', null).then((rows) => download('seatmatch-rejects.csv', rows))}
            >
              {text.run.downloadRejects}
            </Button>
          )}
          <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
            {text.twoFile.print}
          </Button>
        </Group>
      </Section>

      <div className="two-columns">
        <Section title={text.overview.reasons} lead={text.twoFile.reasonsLead}>
          <ul className="plain-list reasons">
            {reasons.map(({ status, reason, label, count }) => (
              <li key={`${status}/${reason}`}>
                <button
                  type="button"
                  className="bar"
                  data-tone={lookOf(status, reason).color}
                  aria-pressed={shown.reason === reason && shown.status === status}
                  onClick={() => show({ status, reason })}
                >
                  <span className="bar-label">
                    {text.statuses[status]}: {label}
                  </span>
                  <span className="bar-track" aria-hidden>
                    <span className="bar-fill" style={{ width: `${(100 * count) / Math.max(...reasons.map((one) => one.count))}%` }} />
                  </span>
                  <span className="bar-count number">{formatNumber(count)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
        <Section title={text.overview.causes} lead={text.overview.causesLead}>
          {summary.rootCauses.length === 0 && <Text c="dimmed">{text.twoFile.noCauses}</Text>}
          <ul className="plain-list causes">
            {summary.rootCauses.slice(0, 8).map((cause) => (
              <li key={cause.id}>
                <Text fw={600} size="sm" className="wrap">
                  {cause.title}
                </Text>
                <Text size="sm" c="dimmed" className="wrap">
                  {cause.repair}
                </Text>
              </li>
            ))}
          </ul>
          {summary.suggestedAliases.slice(0, 3).map(({ licenseDomain, crmDomain, evidence }) => (
            <div key={`${licenseDomain} ${crmDomain}`} className="alias">
              <Text fw={600} size="sm" className="wrap">
                {text.overview.aliasTitle(licenseDomain, crmDomain)} {text.overview.aliasQuestion}
              </Text>
              <Text size="sm" c="dimmed">
                {evidence}
              </Text>
              <Group gap="xs" mt="xs" className="no-print">
                <Button size="xs" variant="default" onClick={() => onAlias(licenseDomain, crmDomain)}>
                  {text.overview.aliasCurrent(crmDomain)}
                </Button>
                <Button size="xs" variant="default" onClick={() => onAlias(crmDomain, licenseDomain)}>
                  {text.overview.aliasCurrent(licenseDomain)}
                </Button>
              </Group>
            </div>
          ))}
        </Section>
      </div>

      <People thread={thread} shown={shown} onShown={setShown} reasons={reasons} crmName={crmName} />
      <Files thread={thread} />
    </>
  );
}
