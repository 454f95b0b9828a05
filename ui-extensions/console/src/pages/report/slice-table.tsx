import { Select } from '@mantine/core';
import { Link } from 'react-router';
import type { MismatchReport, ReportDimension, ReportSlice } from '../../../../../server/api.ts';
import { reportTableHref } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { ReportState } from './report-query.ts';

const dimensions: readonly ReportDimension[] = ['team', 'manager', 'crm', 'reason', 'rootCause', 'actor'];
/** Whoever is Matched has none of these, so there is no rate. */
const withRate: readonly ReportDimension[] = ['team', 'manager', 'crm'];

/** The numbers cut by one thing; every line leads to its people. */
export function SliceTable({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const by = dimensions.find((one) => one === state.query.get('by')) ?? 'team';
  const { price } = report;
  const columns: Column<ReportSlice>[] = [
    {
      heading: words.dimensions[by],
      cell: ({ value, label }) => (
        <Link to={`?${state.changed({ [by]: value })}#people`} className="person-link" preventScrollReset>
          <bdi>{label || words.none[by]}</bdi>
        </Link>
      ),
    },
    { heading: words.notMatched, isNumber: true, cell: ({ notMatched }) => formatNumber(notMatched) },
    ...(withRate.includes(by)
      ? ([
          { heading: words.licenses, isNumber: true, cell: ({ licenses }) => formatNumber(licenses) },
          { heading: words.rate, hint: words.rateHint, isNumber: true, cell: ({ rate }) => words.percent(rate) },
        ] satisfies Column<ReportSlice>[])
      : []),
    ...(price
      ? ([
          {
            heading: words.perMonth,
            isNumber: true,
            cell: ({ cost, notMatched }) =>
              cost && cost.unpriced < notMatched ? words.money(cost.perMonth, price.currency) : notMatched > 0 ? words.noPrice : '–',
          },
        ] satisfies Column<ReportSlice>[])
      : []),
  ];
  return (
    <Section
      title={words.cut}
      lead={words.cutLead}
      flush
      action={<DownloadMenu href={(format) => reportTableHref('groups', format, state.groups)} what={words.cut} />}
    >
      <div className="report-filters no-print">
        <Select
          label={words.cutBy}
          data={dimensions.map((value) => ({ value, label: words.dimensions[value] }))}
          value={by}
          allowDeselect={false}
          onChange={(value) => state.change({ by: value === 'team' ? null : value }, true)}
        />
      </div>
      <DataTable caption={words.cut} rows={report.slices[by] ?? []} rowKey={({ value }) => value} columns={columns} />
    </Section>
  );
}
