import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MismatchReport } from '../../../../../server/api.ts';
import { reportTableHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { DataTable } from '../../components/data-table.tsx';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { personHref } from '../../components/people-href.ts';
import { Section } from '../../components/section.tsx';
import { formatNumber, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { ReportState } from './report-query.ts';

/** Repairs that were made, by whom, and the last of them. */
export function RepairsDone({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const { data } = useQuery(queries.reportedRepairs(state.repairs));
  const { by } = report.repairs;
  return (
    <Section
      title={words.repairs}
      lead={words.repairsLead}
      flush
      action={<DownloadMenu href={(format) => reportTableHref('repairs', format, state.repairs)} what={words.repairs} />}
    >
      {by.length === 0 ? (
        <Text p="lg">{words.noRepairs}</Text>
      ) : (
        <DataTable
          caption={words.repairs}
          rows={by}
          rowKey={(one) => one.by}
          columns={[
            { heading: words.by, cell: (one) => <bdi>{one.by}</bdi> },
            { heading: words.proven, isNumber: true, cell: ({ repaired }) => formatNumber(repaired) },
            { heading: words.agrees, isNumber: true, cell: ({ agrees }) => formatNumber(agrees) },
            { heading: words.running, isNumber: true, cell: ({ running }) => formatNumber(running) },
            { heading: words.otherEnd, isNumber: true, cell: ({ other }) => formatNumber(other) },
          ]}
        />
      )}
      {data && data.rows.length > 0 && (
        <>
          <DataTable
            caption={text.nav.plans}
            rows={data.rows}
            rowKey={({ planId, key }) => `${planId} ${key}`}
            columns={[
              {
                heading: words.person,
                cell: ({ key, name, oldEmail, newEmail }) => (
                  <>
                    <Link to={personHref(key)} className="person-link">
                      <bdi>{name || text.common.noName}</bdi>
                    </Link>
                    <Text size="xs" c="dimmed" className="wrap">
                      <bdi>{oldEmail}</bdi>
                      {oldEmail !== newEmail && (
                        <>
                          {' → '}
                          <bdi>{newEmail}</bdi>
                        </>
                      )}
                    </Text>
                  </>
                ),
              },
              { heading: words.result, cell: ({ result, cause }) => <span title={cause ?? undefined}>{result}</span> },
              { heading: words.when, cell: ({ at }) => <Time iso={at} precise /> },
              {
                heading: words.by,
                cell: ({ by: approver, planId, planNumber }) => (
                  <>
                    <bdi>{approver}</bdi>
                    <Text size="xs">
                      <Link to={`/plans/${planId}`}>{text.plans.number(planNumber)}</Link>
                    </Text>
                  </>
                ),
              },
              {
                heading: words.minutes,
                cell: ({ minutesWithoutLicense: license, minutesWithoutAccess: access }) =>
                  license !== null && access !== null && words.minutesOf(license, access),
              },
            ]}
          />
          {data.rows.length < data.total && (
            <Text size="sm" c="dimmed" p="md">
              {words.mostShown(data.rows.length, data.total)}
            </Text>
          )}
        </>
      )}
    </Section>
  );
}
