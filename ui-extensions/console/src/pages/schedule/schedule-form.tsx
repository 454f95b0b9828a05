import {
  Button,
  Collapse,
  Group,
  NativeSelect,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { NewSchedule, Schedule } from '../../../../../server/api.ts';
import { changeSchedule, createSchedule } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { firstTimes, formatInZone, type Times, toCron, toTimes } from './times.ts';

interface Draft {
  readonly name: string;
  readonly times: Times;
  readonly timeZone: string;
  readonly kind: Schedule['sources']['kind'];
  readonly licenses: string;
  readonly crm: string;
  /** Of the CRM; '' while none is chosen. */
  readonly connection: string;
  /** A connection's id, or where files come from. */
  readonly licensesFrom: string;
  readonly maxAgeDays: number;
  readonly catchUpHours: number;
  readonly graceHours: number;
  readonly autoRepair: boolean;
}

function firstDraft(schedule: Schedule | null): Draft {
  const sources = schedule?.sources;
  const folders = sources?.kind === 'folders' ? sources : { licenses: 'linkedin', crm: 'crm' };
  const live = sources?.kind === 'connection' ? sources : null;
  return {
    name: schedule?.name ?? text.schedule.firstName,
    times: schedule ? toTimes(schedule.cron) : firstTimes,
    timeZone: schedule?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    kind: sources?.kind ?? 'folders',
    licenses: live?.licenses.kind === 'folder' ? live.licenses.folder : folders.licenses,
    crm: folders.crm,
    connection: live?.crm ?? '',
    licensesFrom: live?.licenses.kind === 'connection' ? live.licenses.id : (live?.licenses.kind ?? 'uploads'),
    maxAgeDays: schedule?.maxAgeDays ?? 7,
    catchUpHours: schedule?.catchUpHours ?? 24,
    graceHours: schedule?.graceHours ?? 2,
    autoRepair: schedule?.autoRepair ?? false,
  };
}

function toSources({ kind, licenses, crm, connection, licensesFrom }: Draft): Schedule['sources'] {
  switch (kind) {
    case 'uploads':
      return { kind };
    case 'folders':
      return { kind, licenses: licenses.trim(), crm: crm.trim() };
    case 'connection':
      return {
        kind,
        crm: connection,
        licenses:
          licensesFrom === 'uploads'
            ? { kind: 'uploads' }
            : licensesFrom === 'folder'
              ? { kind: 'folder', folder: licenses.trim() }
              : { kind: 'connection', id: licensesFrom },
      };
  }
}

const toSchedule = (draft: Draft) => {
  const { name, times, timeZone, kind: _, licenses: __, crm: ___, connection: ____, licensesFrom: _____, ...limits } = draft;
  return {
    name: name.trim(),
    cron: toCron(times),
    timeZone,
    sources: toSources(draft),
    ...limits,
  } satisfies NewSchedule;
};

/** Makes a schedule, or changes the one that is given. */
export function ScheduleDialog({
  schedule,
  watchDir,
  opened,
  onClose,
}: {
  schedule: Schedule | null;
  watchDir: string;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="lg"
      title={schedule ? text.schedule.edit(schedule.name) : text.schedule.make}
      className="schedule-dialog"
    >
      <ScheduleForm schedule={schedule} watchDir={watchDir} onClose={onClose} />
    </Dialog>
  );
}

function ScheduleForm({ schedule, watchDir, onClose }: { schedule: Schedule | null; watchDir: string; onClose: () => void }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => firstDraft(schedule));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: (made: ReturnType<typeof toSchedule>) => (schedule ? changeSchedule(schedule.id, made) : createSchedule(made)),
    onSuccess: async (saved) => {
      notifications.show({ message: text.schedule.saved(saved.name), color: 'teal' });
      await client.invalidateQueries({ queryKey: ['schedules'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(toSchedule(draft));
  };
  return (
    <Stack component="form" onSubmit={submit} gap="lg">
      <TextInput
        label={text.schedule.name}
        value={draft.name}
        required
        maxLength={80}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <When draft={draft} set={set} />
      <Sources draft={draft} set={set} watchDir={watchDir} />
      <Switch
        label={text.schedule.autoRepair}
        description={text.schedule.autoRepairHint}
        checked={draft.autoRepair}
        onChange={(event) => set({ autoRepair: event.currentTarget.checked })}
      />
      <Limits draft={draft} set={set} />
      {save.error && <ProblemPanel error={save.error} what={text.error.action} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {schedule ? text.common.save : text.schedule.make}
        </Button>
      </Group>
    </Stack>
  );
}

interface Part {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
}

function When({ draft, set }: Part) {
  const { times, timeZone } = draft;
  const label = useId();
  const setTimes = (change: Partial<Times>): void => set({ times: { ...times, ...change } });
  return (
    <Stack gap="sm" role="group" aria-labelledby={label}>
      <Text id={label} fw={600} size="sm">
        {text.schedule.when}
      </Text>
      <SegmentedControl
        aria-label={text.schedule.when}
        value={times.kind}
        // Whoever goes on to an expression of their own begins with what was chosen.
        onChange={(kind) => setTimes({ kind: kind as Times['kind'], ...(kind === 'cron' ? { cron: toCron(times) } : {}) })}
        data={Object.entries(text.schedule.kinds).map(([value, name]) => ({ value, label: name }))}
        withItemsBorders={false}
        className="schedule-kinds"
      />
      <div className="two-fields">
        {times.kind === 'cron' ? (
          <TextInput
            label={text.schedule.cron}
            description={text.schedule.cronHint}
            value={times.cron}
            required
            maxLength={100}
            spellCheck={false}
            classNames={{ input: 'cron-input' }}
            onChange={(event) => setTimes({ cron: event.currentTarget.value })}
          />
        ) : (
          <Group gap="sm" grow align="flex-end">
            {times.kind === 'weekly' && (
              <NativeSelect
                label={text.schedule.day}
                value={times.day}
                onChange={(event) => setTimes({ day: event.currentTarget.value })}
                data={text.schedule.days.map((name, k) => ({ value: String((k + 1) % 7), label: name }))}
              />
            )}
            <TextInput
              type="time"
              label={text.schedule.time}
              required
              value={times.time}
              onChange={(event) => setTimes({ time: event.currentTarget.value })}
            />
          </Group>
        )}
        <Select
          label={text.schedule.zone}
          description={times.kind === 'cron' ? text.schedule.zoneHint : undefined}
          data={zones(timeZone)}
          value={timeZone}
          searchable
          allowDeselect={false}
          limit={60}
          nothingFoundMessage={text.schedule.noZone}
          onChange={(zone) => zone && set({ timeZone: zone })}
        />
      </div>
      <Preview cron={toCron(times)} timeZone={timeZone} />
    </Stack>
  );
}

const zones = (present: string): string[] => [...new Set([present, 'UTC', ...Intl.supportedValuesOf('timeZone')])];

/** What the server makes of it: the next runs, or what is wrong. */
function Preview({ cron, timeZone }: { cron: string; timeZone: string }) {
  const [asked] = useDebouncedValue({ cron, timeZone }, 250);
  const { data, error } = useQuery(queries.schedulePreview(asked.cron, asked.timeZone));
  if (error)
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        {error instanceof Problem ? (error.detail ?? error.title) : text.error.unexpected}
      </Text>
    );
  return (
    <div className="schedule-preview" role="status">
      <IconCalendarTime size={18} aria-hidden />
      <div>
        <Text size="sm" fw={600}>
          {data?.words ?? '…'}
        </Text>
        <Text size="sm" c="dimmed">
          {data ? text.schedule.nextRuns(data.next.slice(0, 3).map((iso) => formatInZone(iso, asked.timeZone))) : '…'}
        </Text>
        <Text size="xs" c="dimmed" mt={4}>
          {text.schedule.clockRule}
        </Text>
      </div>
    </div>
  );
}

function Sources({ draft, set, watchDir }: Part & { watchDir: string }) {
  const rows = useQuery(queries.connections).data?.rows ?? [];
  const crms = rows.filter(({ side, id, origin }) => side === 'crm' && (origin !== null || id === draft.connection));
  const choose = (kind: Draft['kind']): void => set({ kind, ...(draft.connection === '' ? { connection: crms[0]?.id ?? '' } : {}) });
  return (
    <div>
      <Radio.Group label={text.schedule.from} value={draft.kind} onChange={(kind) => choose(kind as Draft['kind'])}>
        <Stack gap="xs" mt="xs">
          <Radio value="folders" label={text.schedule.folders} description={text.schedule.foldersHint} />
          {crms.length > 0 && <Radio value="connection" label={text.schedule.connection} description={text.schedule.connectionHint} />}
          <Radio value="uploads" label={text.schedule.uploads} description={text.schedule.uploadsHint} />
        </Stack>
      </Radio.Group>
      {draft.kind === 'connection' && (
        <div className="schedule-folders">
          <div className="two-fields">
            <NativeSelect
              label={text.schedule.crmConnection}
              value={draft.connection}
              onChange={(event) => set({ connection: event.currentTarget.value })}
              data={crms.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <NativeSelect
              label={text.schedule.licensesFrom}
              value={draft.licensesFrom}
              onChange={(event) => set({ licensesFrom: event.currentTarget.value })}
              data={[
                ...rows.filter(({ side, lists }) => side === 'licenses' && lists).map(({ id, name }) => ({ value: id, label: name })),
                { value: 'uploads', label: text.schedule.licensesUploadChoice },
                { value: 'folder', label: text.schedule.licensesFolderChoice },
              ]}
            />
          </div>
          {draft.licensesFrom === 'folder' && (
            <>
              <TextInput
                label={text.schedule.licensesFolder}
                value={draft.licenses}
                required
                maxLength={200}
                spellCheck={false}
                onChange={(event) => set({ licenses: event.currentTarget.value })}
              />
              <Text size="xs" c="dimmed" className="wrap">
                {text.schedule.below} <bdi className="schedule-path">{watchDir}</bdi>
              </Text>
            </>
          )}
        </div>
      )}
      {draft.kind === 'folders' && (
        <div className="schedule-folders">
          <div className="two-fields">
            <TextInput
              label={text.schedule.licensesFolder}
              value={draft.licenses}
              required
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set({ licenses: event.currentTarget.value })}
            />
            <TextInput
              label={text.schedule.crmFolder}
              value={draft.crm}
              required
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set({ crm: event.currentTarget.value })}
            />
          </div>
          <Text size="xs" c="dimmed" className="wrap">
            {text.schedule.below} <bdi className="schedule-path">{watchDir}</bdi>
          </Text>
        </div>
      )}
    </div>
  );
}

const limits = ['maxAgeDays', 'catchUpHours', 'graceHours'] as const;

function Limits({ draft, set }: Part) {
  const [opened, { toggle }] = useDisclosure();
  const id = useId();
  return (
    <div>
      <UnstyledButton type="button" onClick={toggle} aria-expanded={opened} aria-controls={id} className="more-toggle">
        <IconChevronDown size={16} aria-hidden data-open={opened || undefined} />
        {text.schedule.more}
      </UnstyledButton>
      <Collapse expanded={opened} id={id}>
        <div className="schedule-limits">
          {limits.map((name) => (
            <NumberInput
              key={name}
              label={text.schedule.limits[name].label}
              description={text.schedule.limits[name].hint}
              suffix={text.schedule.limits[name].unit}
              value={draft[name]}
              min={1}
              max={name === 'maxAgeDays' ? 90 : 168}
              allowDecimal={false}
              allowNegative={false}
              onChange={(value) => typeof value === 'number' && set({ [name]: value })}
            />
          ))}
        </div>
      </Collapse>
    </div>
  );
}
