import './people.css';

import { Button, Text } from '@mantine/core';
import { IconDownload, IconFileUpload, IconUsers, IconZoomExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { FindingRow } from '../../../../../server/api.ts';
import { reportHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { Filters } from './filters.tsx';
import { Pager, pageSize } from './pager.tsx';
import { PeopleActions } from './people-actions.tsx';
import { PeopleTable, PeopleTableLoading } from './people-table.tsx';
import { usePeopleQuery } from './use-people-query.ts';
import { Views } from './views.tsx';

export function PeoplePage() {
  const { query, change, filtered } = usePeopleQuery();
  const overview = useQuery(queries.overview);
  const limited = new URLSearchParams(query);
  limited.set('limit', String(pageSize));
  const { data, error, refetch, isPlaceholderData } = useQuery(queries.people(limited));
  const crmName = overview.data?.contract.crmName ?? text.common.crm;
  const empty = data && data.total === 0;
  const [chosen, setChosen] = useState<ReadonlyMap<string, FindingRow>>(new Map());
  const choose = (rows: readonly FindingRow[]) => setChosen(new Map(rows.map((row) => [row.key, row])));

  return (
    <Page
      title={text.nav.people}
      lead={text.people.lead}
      actions={
        data?.reconciliationId && (
          <Button
            component="a"
            href={reportHref(data.reconciliationId, 'csv')}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {text.people.download}
          </Button>
        )
      }
    >
      {overview.data?.latest && <Views query={query} overview={overview.data} />}
      {overview.data && <Filters query={query} change={change} overview={overview.data} filtered={filtered} />}
      <Text size="sm" c="dimmed" mb="xs" role="status" aria-live="polite" className="number">
        {data ? (filtered ? text.people.found(data.total) : text.common.people(data.total)) : ' '}
      </Text>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.people} onRetry={refetch} />
      ) : !data ? (
        <PeopleTableLoading />
      ) : empty && filtered ? (
        <EmptyState
          icon={<IconZoomExclamation size={28} />}
          title={text.people.noneTitle}
          action={
            <Button variant="default" component={Link} to="/people">
              {text.people.clear}
            </Button>
          }
        >
          {text.people.noneBody}
        </EmptyState>
      ) : empty ? (
        <EmptyState
          icon={<IconUsers size={28} />}
          title={text.people.emptyTitle}
          action={
            <Button component={Link} to="/compare" leftSection={<IconFileUpload size={16} aria-hidden />}>
              {text.overview.emptyAction}
            </Button>
          }
        >
          {text.people.emptyBody}
        </EmptyState>
      ) : (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
          {chosen.size > 0 && <PeopleActions chosen={[...chosen.values()]} total={data.total} query={query} onChoose={choose} />}
          <PeopleTable
            rows={data.rows}
            crmName={crmName}
            query={query}
            change={change}
            chosen={new Set(chosen.keys())}
            onChoose={(keys) => choose([...chosen.values(), ...data.rows].filter(({ key }) => keys.has(key)))}
          />
          <Pager query={query} people={data} />
        </div>
      )}
    </Page>
  );
}
