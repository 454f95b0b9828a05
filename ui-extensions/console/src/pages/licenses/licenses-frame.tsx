import { Anchor } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

/** A page under Licenses: the way back, and what it reads, once it is there. */
export function LicensesFrame<Data>({
  title,
  lead,
  actions,
  before,
  query: { data, error, refetch },
  failed,
  heights,
  children,
}: {
  title: string;
  lead: string;
  actions?: ReactNode;
  /** Stands there whatever was read, as filters do. */
  before?: ReactNode;
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  failed: string;
  heights: number[];
  children: (data: Data) => ReactNode;
}) {
  const back = (
    <Anchor component={Link} to="/licenses" size="sm">
      {text.licenses.back}
    </Anchor>
  );
  return (
    <Page title={title} lead={lead} above={back} {...(actions === undefined ? {} : { actions })}>
      {before}
      {data !== undefined ? (
        children(data)
      ) : error ? (
        <ProblemPanel error={error} what={failed} onRetry={refetch} />
      ) : (
        <Loading heights={heights} />
      )}
    </Page>
  );
}
