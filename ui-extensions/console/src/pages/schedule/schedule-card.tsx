import { Badge, Button, Group, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCalendarTime, IconFolder, IconPencil, IconPlayerPlay, IconTool, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Schedule, ScheduleRun } from '../../../../../server/api.ts';
import { changeSchedule, deleteSchedule, runSchedule } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Section } from '../../components/section.tsx';
import { formatAgo } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { stateTones } from '../runs/runs-page.tsx';
import { ScheduleDialog } from './schedule-form.tsx';
import { formatInZone } from './times.ts';

const shownRuns = 5;

/** One schedule: when it comes, what it compares, and what became of its last runs. */
export function ScheduleCard({ schedule, watchDir }: { schedule: Schedule; watchDir: string }) {
  const client = useQueryClient();
  const [editing, edit] = useDisclosure();
  const [deleting, ask] = useDisclosure();
  const change = <Input,>(mutationFn: (input: Input) => Promise<unknown>, said: string) => ({
    mutationFn,
    onSuccess: async () => {
      notifications.show({ message: said, color: 'teal' });
      await client.invalidateQueries({ queryKey: ['schedules'] });
    },
    onError: (error: Error) => {
      notifications.show({ title: text.error.action, message: error.message, color: 'red' });
    },
  });
  const run = useMutation(change(() => runSchedule(schedule.id), text.schedule.asked));
  const turn = useMutation(change((enabled: boolean) => changeSchedule(schedule.id, { enabled }), text.schedule.saved(schedule.name)));
  const remove = useMutation(change(() => deleteSchedule(schedule.id), text.schedule.deleted(schedule.name)));
  return (
    <Section
      title={<bdi>{schedule.name}</bdi>}
      lead={text.schedule.timesIn(schedule.words, schedule.timeZone)}
      action={
        <Switch
          label={text.schedule.on}
          aria-label={text.schedule.onOf(schedule.name)}
          labelPosition="left"
          checked={turn.isPending ? turn.variables : schedule.enabled}
          onChange={(event) => turn.mutate(event.currentTarget.checked)}
        />
      }
    >
      <dl className="schedule-facts">
        <div>
          <dt>
            <IconCalendarTime size={16} aria-hidden /> {text.schedule.next}
          </dt>
          <dd>
            {schedule.next ? (
              <>
                <time dateTime={schedule.next} className="schedule-next">
                  {formatInZone(schedule.next, schedule.timeZone)}
                </time>{' '}
                <Text span size="sm" c="dimmed">
                  {formatAgo(schedule.next, Date.now())}
                </Text>
              </>
            ) : (
              <Text span c="dimmed">
                {text.schedule.off}
              </Text>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <IconFolder size={16} aria-hidden /> {text.schedule.compares}
          </dt>
          <dd>
            <Compared sources={schedule.sources} />
          </dd>
        </div>
        {schedule.autoRepair && (
          <div>
            <dt>
              <IconTool size={16} aria-hidden /> {text.schedule.autoRepairOn}
            </dt>
            <dd>{text.schedule.autoRepairWho}</dd>
          </div>
        )}
      </dl>
      <Runs runs={schedule.runs.slice(0, shownRuns)} timeZone={schedule.timeZone} name={schedule.name} />
      <Group gap="xs" mt="md">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          loading={run.isPending || schedule.runs[0]?.outcome === 'sent'}
          onClick={() => run.mutate()}
        >
          {text.schedule.runNow}
          <span className="visually-hidden">: {schedule.name}</span>
        </Button>
        <Button size="xs" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={edit.open}>
          {text.schedule.change}
          <span className="visually-hidden">: {schedule.name}</span>
        </Button>
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconTrash size={14} aria-hidden />} onClick={ask.open}>
          {text.schedule.delete}
          <span className="visually-hidden">: {schedule.name}</span>
        </Button>
      </Group>
      <ScheduleDialog schedule={schedule} watchDir={watchDir} opened={editing} onClose={edit.close} />
      <Dialog opened={deleting} onClose={ask.close} title={text.schedule.deleteTitle(schedule.name)}>
        <Text size="sm">{text.schedule.deleteBody}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={ask.close} data-autofocus>
            {text.common.cancel}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: ask.close })}>
            {text.schedule.delete}
          </Button>
        </Group>
      </Dialog>
    </Section>
  );
}

function Compared({ sources }: { sources: Schedule['sources'] }) {
  const { data } = useQuery({ ...queries.connections, enabled: sources.kind === 'connection' });
  const nameOf = (id: string) => (
    <bdi>{data ? (data.rows.find((row) => row.id === id)?.name ?? text.schedule.deletedConnection) : '…'}</bdi>
  );
  switch (sources.kind) {
    case 'uploads':
      return text.schedule.lastTwo;
    case 'folders':
      return (
        <>
          {text.schedule.newestIn} <bdi className="schedule-path">{sources.licenses}</bdi> {text.schedule.and}{' '}
          <bdi className="schedule-path">{sources.crm}</bdi>
        </>
      );
    case 'connection':
      return (
        <>
          {nameOf(sources.crm)} {text.schedule.and}{' '}
          {sources.licenses.kind === 'connection' ? (
            nameOf(sources.licenses.id)
          ) : sources.licenses.kind === 'folder' ? (
            <>
              {text.schedule.newestOf} <bdi className="schedule-path">{sources.licenses.folder}</bdi>
            </>
          ) : (
            text.schedule.lastExport
          )}
        </>
      );
  }
}

const outcomeTones = { sent: 'blue', started: 'teal', unchanged: 'gray', refused: 'red', missed: 'orange' } as const satisfies Record<
  ScheduleRun['outcome'],
  string
>;

function Runs({ runs, timeZone, name }: { runs: readonly ScheduleRun[]; timeZone: string; name: string }) {
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {text.schedule.noRuns}
      </Text>
    );
  }
  return (
    <ul className="plain-list schedule-runs" aria-label={text.schedule.runsOf(name)}>
      {runs.map(({ dueAt, askedBy, outcome, sentence, passed, run }) => (
        <li key={dueAt}>
          <div className="schedule-run-when">
            <time dateTime={dueAt}>{formatInZone(dueAt, timeZone)}</time>
            {askedBy && (
              <Text size="xs" c="dimmed">
                {text.schedule.askedBy(askedBy)}
              </Text>
            )}
          </div>
          <Badge data-tone={run ? stateTones[run.state] : outcomeTones[outcome]} className="status-badge">
            {run ? text.runs.states[run.state] : text.schedule.outcomes[outcome]}
          </Badge>
          <Text size="sm" className="wrap">
            {run && (
              <>
                <Link to={`/runs/${run.id}`}>{text.runs.number(run.number)}</Link>
                {': '}
              </>
            )}
            {run?.refusal ?? sentence ?? text.schedule.finding}
            {passed > 0 && ` ${text.schedule.passed(passed)}`}
          </Text>
        </li>
      ))}
    </ul>
  );
}
