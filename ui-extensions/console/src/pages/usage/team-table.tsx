import { SegmentedControl, Table } from '@mantine/core';
import { Link } from 'react-router';
import type { Usage, UsageView } from '../../../../../server/api.ts';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="scroll-x" tabIndex={0} aria-label={text.licenses.table(words.byTeam)}>
        <Table className="plans-table usage-table">
          <Table.Thead>
            <Table.Tr>
              {[
                by === 'team' ? words.team : words.manager,
                words.use,
                words.holders,
                words.notMatchedActive,
                words.matchedInactive,
                words.daysActive,
              ].map((heading) => (
                <Table.Th scope="col" key={heading}>
                  {heading}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groups.map((group) => (
              <Table.Tr key={group.name}>
                <Table.Th scope="row" fw={400}>
                  <Link to={`?${state.changed({ [by]: group.name })}#people`} className="person-link" preventScrollReset>
                    <bdi>{group.name || words.none[by]}</bdi>
                  </Link>
                </Table.Th>
                <Table.Td>
                  <UseBar counts={group.byUse} />
                </Table.Td>
                <Table.Td className="number">{formatNumber(group.people)}</Table.Td>
                <Table.Td className="number">{numberOf(group.name, 'not-matched-active', group.notMatchedActive)}</Table.Td>
                <Table.Td className="number">{numberOf(group.name, 'matched-inactive', group.matchedInactive)}</Table.Td>
                <Table.Td>
                  {group.daysActive === null ? <span className="not-known">{words.notKnown}</span> : formatNumber(group.daysActive)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Section>
  );
}
