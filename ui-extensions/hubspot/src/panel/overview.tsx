import {
  AutoGrid,
  Box,
  EmptyState,
  Flex,
  LineChart,
  LoadingSpinner,
  ProgressBar,
  Statistics,
  StatisticsItem,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableRow,
  Tag,
  Text,
  Tile,
} from '@hubspot/ui-extensions';
import { Banners } from './banners.tsx';
import { type Go, GoButton } from './go-button.tsx';
import type { Panel } from './panel-types.ts';
import { type Planning, RepairButton } from './repair-button.tsx';
import { Section } from './section.tsx';
import { Shortened } from './shortened.tsx';
import { barOf, tagOf } from './tones.ts';

interface OverviewProps {
  readonly panel: Panel;
  readonly go: Go;
  /** Null: this person may only look. */
  readonly planning: Planning | null;
}

/** How the contract stands, and what to do about it. */
export function Overview({ panel, go, planning }: OverviewProps) {
  const { words } = panel;
  if (panel.state !== 'ready') {
    return (
      <>
        <Banners panel={panel} go={go} />
        <EmptyState title={panel.message?.heading ?? ''} layout="vertical" imageName="multipleObjects">
          <Text>{panel.message?.sentence}</Text>
          {panel.state === 'working' && <LoadingSpinner label={words.loading ?? ''} />}
        </EmptyState>
        <Sources panel={panel} />
      </>
    );
  }
  return (
    <>
      <Banners panel={panel} go={go} />
      <Headline panel={panel} />
      <Numbers panel={panel} go={go} />
      <FileTasks panel={panel} go={go} />
      <Section title={words.toDo}>{panel.toDo.length === 0 ? <Text>{words.nothingToDo}</Text> : <ToDo panel={panel} go={go} />}</Section>
      <Causes panel={panel} go={go} planning={planning} />
      <Reasons panel={panel} go={go} />
      <Plans panel={panel} go={go} />
      <Trend panel={panel} />
      <Sources panel={panel} />
    </>
  );
}

function Headline({ panel: { headline } }: { panel: Panel }) {
  if (!headline) return null;
  return (
    <Tile>
      <Flex direction="column" gap="sm">
        <Statistics>
          <StatisticsItem label={headline.label} number={`${headline.value} / ${headline.of}`}>
            <Text>{headline.sentence}</Text>
          </StatisticsItem>
        </Statistics>
        <ProgressBar aria-label={headline.label} value={headline.percent} maxValue={100} showPercentage />
      </Flex>
    </Tile>
  );
}

function Numbers({ panel: { numbers }, go }: { panel: Panel; go: Go }) {
  return (
    <AutoGrid columnWidth={140} flexible gap="sm">
      {numbers.map(({ id, label, value, tone, target }) => (
        <Tile key={id} compact>
          <Flex direction="column" align="start" gap="xs">
            {target ? <GoButton target={target} label={label} go={go} /> : <Text>{label}</Text>}
            <StatusTag variant={tagOf[tone]}>{value}</StatusTag>
          </Flex>
        </Tile>
      ))}
    </AutoGrid>
  );
}

/** Open files with their bar: red where people have no license meanwhile. */
function FileTasks({ panel: { fileTasks, words }, go }: { panel: Panel; go: Go }) {
  if (fileTasks.length === 0) return null;
  return (
    <Section title={words.fileTasks}>
      {fileTasks.map(({ id, title, sentence, tone, progress, target }) => (
        <Flex key={id} direction="column" gap="xs">
          <Flex justify="between" align="center" wrap gap="xs">
            <Text format={{ fontWeight: 'bold' }}>{title}</Text>
            <GoButton target={target} label={words.plan ?? title} go={go} />
          </Flex>
          <ProgressBar aria-label={title} value={progress.value} maxValue={progress.of} valueDescription={sentence} {...barOf(tone)} />
        </Flex>
      ))}
    </Section>
  );
}

function ToDo({ panel: { toDo, words }, go }: { panel: Panel; go: Go }) {
  return (
    <Flex direction="column" gap="sm">
      <Shortened
        words={words}
        rows={toDo.map(({ id, actor, sentence, count, target }) => (
          <Flex key={id} justify="between" align="center" wrap gap="xs">
            <Box flex={1}>
              <Flex align="center" gap="xs" wrap>
                <Tag variant="default">{actor}</Tag>
                <Text>{sentence}</Text>
              </Flex>
            </Box>
            <GoButton target={target} label={labelOf(target?.view, words, count)} go={go} />
          </Flex>
        ))}
      />
    </Flex>
  );
}

/** What a target is called, with how many it is about. */
const labelOf = (view: 'people' | 'person' | 'plan' | undefined, words: Panel['words'], count: number): string =>
  view === 'people' ? `${words.people}: ${count}` : ((view && words[view]) ?? '');

function Causes({ panel: { causes, words }, go, planning }: OverviewProps) {
  if (causes.length === 0) return null;
  return (
    <Section title={words.causes}>
      <Shortened
        words={words}
        rows={causes.map(({ id, sentence, count, repair, target }) => (
          <Flex key={id} justify="between" align="center" wrap gap="xs">
            <Text>{sentence}</Text>
            <Flex gap="xs" align="center">
              <GoButton target={target} label={labelOf(target?.view, words, count)} go={go} />
              <RepairButton repair={repair} planning={planning} />
            </Flex>
          </Flex>
        ))}
      />
    </Section>
  );
}

/** The bars are relative to the commonest reason. */
function Reasons({ panel: { reasons, words }, go }: { panel: Panel; go: Go }) {
  if (reasons.length === 0) return null;
  const most = Math.max(...reasons.map(({ count }) => count));
  return (
    <Section title={words.reasons}>
      {reasons.map(({ id, label, count, tone, target }) => (
        <Flex key={id} direction="column" gap="flush">
          <Flex justify="between" gap="sm">
            {target ? <GoButton target={target} label={label} go={go} /> : <Text>{label}</Text>}
            <Text>{count}</Text>
          </Flex>
          <ProgressBar aria-label={label} value={count} maxValue={most} {...barOf(tone)} />
        </Flex>
      ))}
    </Section>
  );
}

function Plans({ panel: { plans, words }, go }: { panel: Panel; go: Go }) {
  if (plans.length === 0) return null;
  return (
    <Section title={words.plans}>
      {plans.map(({ id, title, state, tone, sentence, target }) => (
        <Flex key={id} direction="column" align="start" gap="flush">
          <Flex align="center" gap="xs" wrap>
            {target ? <GoButton target={target} label={title} go={go} /> : <Text format={{ fontWeight: 'bold' }}>{title}</Text>}
            <StatusTag variant={tagOf[tone]}>{state}</StatusTag>
          </Flex>
          <Text variant="microcopy">{sentence}</Text>
        </Flex>
      ))}
    </Section>
  );
}

/** A line, and the same numbers for whoever does not see it. */
function Trend({ panel: { trend, trendSentence, words } }: { panel: Panel }) {
  if (trend.length < 2) return null;
  return (
    <Section title={words.trend}>
      {trendSentence && <Text>{trendSentence}</Text>}
      <LineChart
        data={trend.map(({ label, value }) => ({ label, value }))}
        axes={{
          x: { field: 'label', fieldType: 'category', label: ' ' },
          y: { field: 'value', fieldType: 'linear', label: words.seatsThatSync ?? '' },
        }}
        options={{ showTooltips: true }}
      />
    </Section>
  );
}

/** Runs, the age of both lists, and the connections with their budgets. */
export function Sources({ panel }: { panel: Panel }) {
  const { words } = panel;
  const lines = [...panel.runs.map(({ label, sentence, tone }) => ({ label, sentence, tone })), ...panel.freshness];
  return (
    <>
      {lines.length > 0 && (
        <Section title={words.runs}>
          <Table flush>
            <TableBody>
              {panel.runs.map(({ label, sentence, tone }) => (
                <TableRow key={label}>
                  <TableCell width="min">
                    <Text format={{ fontWeight: 'demibold' }}>{label}</Text>
                  </TableCell>
                  <TableCell>
                    <Toned sentence={sentence} tone={tone} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
          {panel.freshness.length > 0 && <Text format={{ fontWeight: 'demibold' }}>{words.freshness}</Text>}
          {panel.freshness.map(({ sentence, tone }) => (
            <Toned key={sentence} sentence={sentence} tone={tone} />
          ))}
        </Section>
      )}
      <Connections panel={panel} />
    </>
  );
}

/** A sentence; where it is more than news, in a tag. */
function Toned({ sentence, tone }: { sentence: string; tone: Panel['runs'][number]['tone'] }) {
  return tone === 'warning' || tone === 'bad' ? <StatusTag variant={tagOf[tone]}>{sentence}</StatusTag> : <Text>{sentence}</Text>;
}

function Connections({ panel: { connections, words } }: { panel: Panel }) {
  if (connections.length === 0) return null;
  return (
    <Section title={words.connections}>
      {connections.map(({ id, name, sentence, tone, budget }) => (
        <Flex key={id} direction="column" gap="xs">
          <Flex align="center" gap="xs" wrap>
            <Text format={{ fontWeight: 'bold' }}>{name}</Text>
            <Toned sentence={sentence} tone={tone} />
          </Flex>
          {budget && <ProgressBar aria-label={name} value={budget.value} maxValue={budget.of} valueDescription={budget.sentence} />}
        </Flex>
      ))}
    </Section>
  );
}
