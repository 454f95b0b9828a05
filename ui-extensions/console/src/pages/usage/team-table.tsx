import { SegmentedControl } from '@mantine/core';
import { Link } from 'react-router';
import type { Usage, UsageView } from '../../../../../server/api.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { useUsageQuery } from './usage-query.ts';
import { UseBar } from './use-bar.tsx';

/** Use and match by team, or by manager; every number leads to its people. */
export function TeamTable({ usage, state }: { usage: Usage; state: ReturnType<typeof useUsageQuery> }) {
  const words = text.usage;
  const by = state.query.get('by') === 'manager' ? 'manager' : 'team';
  const groups = by === 'team' ? usage.teams : usage.managers;
  const numberOf = (name: string, view: UsageView, n: number) =>
    n === 0 ? (
      '0'
    ) : (
      <Link to={`?${state.changed({ [by]: name, view })}#people`} className="person-link" preventScrollReset>
        {formatNumber(n)}
      </Link>
    );
  return (
    <Section
      title={words.byTeam}
      lead={words.byTeamLead}
      flush
      action={
        <SegmentedControl
          size="xs"
          value={by}
          onChange={(value) => state.change({ by: value === 'team' ? null : value }, true)}
          data={[
            { value: 'team', label: words.team },
            { value: 'manager', label: words.manager },
          ]}
          aria-label={words.groupBy}
        />
      }
    >
      <DataTable
        caption={words.byTeam}
        rows={groups}
        rowKey={({ name }) => name}
        columns={[
          {
            heading: words[by],
            cell: ({ name }) => (
              <Link to={`?${state.changed({ [by]: name })}#people`} className="person-link" preventScrollReset>
                <bdi>{name || words.none[by]}</bdi>
              </Link>
            ),
          },
          { heading: words.use, cell: ({ byUse }) => <UseBar counts={byUse} /> },
          { heading: words.holders, isNumber: true, cell: ({ people }) => formatNumber(people) },
          {
            heading: words.notMatchedActive,
            isNumber: true,
            cell: ({ name, notMatchedActive }) => numberOf(name, 'not-matched-active', notMatchedActive),
          },
          {
            heading: words.matchedInactive,
            isNumber: true,
            cell: ({ name, matchedInactive }) => numberOf(name, 'matched-inactive', matchedInactive),
          },
          {
            heading: words.daysActive,
            isNumber: true,
            cell: ({ daysActive }) =>
              daysActive === null ? <span className="not-known">{words.notKnown}</span> : formatNumber(daysActive),
          },
        ]}
      />
    </Section>
  );
}
