import {
  Button,
  EmptyState,
  Flex,
  Heading,
  SearchInput,
  Select,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import type { AskServer } from './ask-server.ts';
import type { Go } from './go-button.tsx';
import { Loading } from './loading.tsx';
import { NameCell, widths } from './name-cell.tsx';
import type { PanelPeople, Words } from './panel-types.ts';
import { ProblemAlert, ProblemState } from './problem-state.tsx';
import { type Planning, RepairButton } from './repair-button.tsx';
import { tagOf } from './tones.ts';
import { useAnswer } from './use-answer.ts';

/** While somebody types, the server is not asked for every letter. */
const pauseMs = 400;

/** Both addresses stand in one column, one above the other: so they are compared best, and both are whole. */
const columns = [
  { sort: 'name', words: ['name'] },
  { sort: 'email', words: ['licenseEmail', 'crmEmail'] },
  { sort: 'status', words: ['status'] },
] as const;

/** What stays as it was while somebody looks at one person and comes back. */
export interface PeopleView {
  readonly filter: Record<string, string>;
  readonly sort: { by: string; order: 'asc' | 'desc' } | null;
  /** Cursors of the pages before this one, this one's last; none: the first page. */
  readonly cursors: readonly string[];
}
/** Said as a filter of its own: without any, the server takes those who are Not Matched. */
export const everybody: Record<string, string> = { status: 'all' };
export const firstPage = (filter: Record<string, string>): PeopleView => ({ filter, sort: null, cursors: [] });

interface PeopleListProps {
  readonly look: number;
  readonly ask: Pick<AskServer, 'people'>;
  readonly words: Words;
  readonly view: PeopleView;
  readonly onView: (view: PeopleView) => void;
  readonly go: Go;
  readonly planning: Planning | null;
}

/** People by the server's pages, filters and order: the list may have ten thousand, and one page of them is here. */
export function PeopleList({ look, ask, words, view, onView, go, planning }: PeopleListProps) {
  const cursor = view.cursors.at(-1);
  const query = {
    ...view.filter,
    ...(view.sort && { sort: view.sort.by, order: view.sort.order }),
    ...(cursor !== undefined && { cursor }),
  };
  const people = useAnswer(JSON.stringify(query), () => ask.people(query), look);
  // The filters of the page before stay where they are while the next one comes.
  const [known, setKnown] = useState<PanelPeople | null>(null);
  useEffect(() => {
    if (people.value) setKnown(people.value);
  }, [people.value]);
  const shown = people.value ?? known;

  const narrow = (name: string, value: string): void => {
    const { [name]: _, ...rest } = view.filter;
    const filter = value === '' ? rest : { ...rest, [name]: value };
    onView({ ...view, filter: Object.keys(filter).length === 0 ? everybody : filter, cursors: [] });
  };
  const isNarrowed = Object.entries(view.filter).some(([name, value]) => everybody[name] !== value);

  return (
    <Flex direction="column" gap="md">
      <Heading>{words.people}</Heading>
      <Flex gap="sm" wrap align="end">
        <Search label={words.search ?? ''} value={view.filter.search ?? ''} onSearch={(value) => narrow('search', value)} />
        {shown?.filters.map(({ id, label, options }) => (
          <Select
            key={id}
            label={label}
            name={id}
            value={view.filter[id] ?? everybody[id] ?? ''}
            onChange={(value) => narrow(id, String(value))}
            options={[
              ...(everybody[id] === undefined ? [{ label: words.all ?? '', value: '' }] : []),
              ...options.map(({ value, label: name, count }) => ({ value, label: count === null ? name : `${name} (${count})` })),
            ]}
          />
        ))}
        {isNarrowed && (
          <Button variant="transparent" onClick={() => onView({ ...view, filter: everybody, cursors: [] })}>
            {words.clearFilter}
          </Button>
        )}
      </Flex>
      {people.problem && !people.value ? (
        <ProblemState problem={people.problem} words={words} onRetry={people.reload} />
      ) : people.value ? (
        <>
          <ProblemAlert problem={people.problem} words={words} onRetry={people.reload} />
          <Text variant="microcopy">{people.value.totalSentence}</Text>
          {people.value.rows.length === 0 ? (
            <NobodyFound words={words} />
          ) : (
            <PeopleTable people={people.value} words={words} view={view} onView={onView} go={go} planning={planning} />
          )}
          <Flex gap="sm">
            {view.cursors.length > 0 && (
              <Button size="sm" onClick={() => onView({ ...view, cursors: view.cursors.slice(0, -1) })}>
                {words.previous}
              </Button>
            )}
            {people.value.next !== null && (
              <Button size="sm" onClick={() => onView({ ...view, cursors: [...view.cursors, people.value?.next ?? ''] })}>
                {words.next}
              </Button>
            )}
          </Flex>
        </>
      ) : (
        <Loading words={words} />
      )}
    </Flex>
  );
}

function NobodyFound({ words }: { words: Words }) {
  return (
    <EmptyState title={words.noResults ?? ''} layout="vertical" imageName="contacts">
      <Text>{words.clearFilter}</Text>
    </EmptyState>
  );
}

function Search({ label, value, onSearch }: { label: string; value: string; onSearch: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed last counts, whoever is told of it
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onSearch(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  // A filter that was cleared elsewhere.
  useEffect(() => setTyped(value), [value]);
  return <SearchInput label={label} name="search" value={typed} onInput={setTyped} onChange={setTyped} clearable />;
}

function PeopleTable({ people, words, view, onView, go, planning }: Omit<PeopleListProps, 'look' | 'ask'> & { people: PanelPeople }) {
  const directionOf = (sort: string) => (view.sort?.by !== sort ? 'none' : view.sort.order === 'asc' ? 'ascending' : 'descending');
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          {columns.map(({ sort, words: names }) => (
            <TableHeader
              key={sort}
              sortDirection={directionOf(sort)}
              onSortChange={(direction) =>
                onView({
                  ...view,
                  sort: direction === 'none' ? null : { by: sort, order: direction === 'ascending' ? 'asc' : 'desc' },
                  cursors: [],
                })
              }
            >
              {names.map((name) => words[name]).join(' · ')}
            </TableHeader>
          ))}
          <TableHeader>{words.nextStep}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {people.rows.map((person) => (
          <TableRow key={person.key}>
            <NameCell person={person} go={go} />
            <TableCell>
              <Text truncate={{ maxWidth: 320 }}>{person.licenseEmail ?? '–'}</Text>
              <Text truncate={{ maxWidth: 320 }}>{person.crmEmail ?? '–'}</Text>
            </TableCell>
            <TableCell width={widths.status}>
              <Flex direction="column" align="start" gap="flush">
                <StatusTag variant={tagOf[person.tone]}>{person.status}</StatusTag>
                <Text variant="microcopy">{person.reason}</Text>
              </Flex>
            </TableCell>
            <TableCell width={widths.step}>
              <Flex direction="column" align="start" gap="xs">
                <Text variant="microcopy">{person.nextStep}</Text>
                <RepairButton repair={person.repair} planning={planning} />
              </Flex>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
