import '../../components/print.css';
import './report.css';

import { Anchor, Breadcrumbs, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { reportTableHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatDateTime } from '../../components/time.tsx';
import { useAddressQuery } from '../../components/use-address-query.ts';
import { text } from '../../text.ts';
import { ChangeChoice, ChangedPeople } from './changed-people.tsx';

/** Who changed between any two runs; which two is the address. */
export function CompareRunsPage() {
  const words = text.report;
  const { query, change } = useAddressQuery(['from', 'to', 'change'], []);
  const report = useQuery(queries.report(new URLSearchParams()));
  const changes = useQuery(queries.reportChanges(query));
  const runs = (report.data?.runs ?? []).map(({ number, at }) => ({
    value: String(number),
    label: words.runAt(number, formatDateTime(at)),
  }));
  const chosen = (name: 'from' | 'to'): string | null =>
    query.get(name) ?? (changes.data?.[name] ? String(changes.data[name].number) : null);
  const from = chosen('from');
  const to = chosen('to');
  const choose = (name: 'from' | 'to', value: string | null): void => {
    if (value === null) return;
    // The earlier one stands first, whichever was chosen last.
    const both = name === 'from' ? [value, to] : [from, value];
    const [first, second] = both.map((one) => one ?? value).toSorted((a, b) => Number(a) - Number(b));
    change({ from: first!, to: second!, change: null });
  };
  return (
    <Page
      above={
        <Breadcrumbs component="nav" aria-label={text.person.breadcrumb}>
          <Anchor component={Link} to="/runs" size="sm">
            {text.nav.runs}
          </Anchor>
          <Text size="sm" c="dimmed">
            {words.compare}
          </Text>
        </Breadcrumbs>
      }
      title={words.compare}
      lead={words.compareLead}
    >
      <Stack gap="lg">
        <div className="report-filters">
          <Select
            label={words.fromRun}
            data={runs}
            value={from}
            allowDeselect={false}
            searchable
            onChange={(value) => choose('from', value)}
          />
          <Select label={words.toRun} data={runs} value={to} allowDeselect={false} searchable onChange={(value) => choose('to', value)} />
          {changes.data && (
            <ChangeChoice changes={changes.data} value={query.get('change')} onChange={(value) => change({ change: value })} />
          )}
        </div>
        {changes.error && !changes.data ? (
          <ProblemPanel error={changes.error} what={words.changesFailed} onRetry={changes.refetch} />
        ) : !changes.data ? (
          <Loading heights={[240]} />
        ) : (
          <Section
            title={<span role="status">{text.common.people(changes.data.total)}</span>}
            lead={changes.data.from && changes.data.to && words.changesSince(changes.data.from.number, changes.data.to.number)}
            flush
            action={<DownloadMenu href={(format) => reportTableHref('changes', format, query)} what={words.changes} />}
          >
            <ChangedPeople changes={changes.data} />
          </Section>
        )}
      </Stack>
    </Page>
  );
}
