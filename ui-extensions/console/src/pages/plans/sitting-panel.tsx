import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCircle, IconCircleCheck, IconCircleDot } from '@tabler/icons-react';
import { useState } from 'react';
import type { Job } from '../../../../../server/api.ts';
import { planSitting } from '../../api/client.ts';
import { Elapsed } from '../../components/elapsed.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { usePlanAction } from './use-plan-action.ts';

type Action = ReturnType<typeof usePlanAction>;

const icons = { done: IconCircleCheck, now: IconCircleDot, later: IconCircle } as const;
const tones = { done: 'teal', now: 'petrol', later: 'gray' } as const;

/** Licenses off and on in one go: what must be known before, the seven steps, and both clocks. */
export function SittingPanel({ job, action }: { job: Job; action: Action }) {
  const { sitting, sittingSteps, clocks } = job;
  if (!sitting && sittingSteps.length === 0) return null;
  return (
    <Section title={job.tasks.some(({ kind }) => kind === 'license-on') ? text.job.sitting : text.job.sittingOff}>
      <Stack gap="md">
        {sitting && <Text maw="72ch">{sitting.gate}</Text>}
        {clocks.length > 0 && <Clocks job={job} />}
        {sittingSteps.length > 0 && (
          <ol className="sitting-steps">
            {sittingSteps.map(({ sentence, state }, index) => {
              const Icon = icons[state];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: both proofs may have the same words; the place is what tells them apart
                <li key={index} data-state={state} data-tone={tones[state]} aria-current={state === 'now' ? 'step' : undefined}>
                  <Icon size={20} aria-hidden />
                  <span>
                    <span className="visually-hidden">{text.job.stepStates[state]}: </span>
                    {sentence}
                  </span>
                </li>
              );
            })}
          </ol>
        )}
        {sitting && !sitting.startedAt && <Begin job={job} sitting={sitting} action={action} />}
      </Stack>
    </Section>
  );
}

function Clocks({ job }: { job: Job }) {
  return (
    <dl className="sitting-clocks">
      {job.clocks.map(({ label, since, until, people }) => (
        <div key={label} data-running={until === null || undefined}>
          <dt>{label}</dt>
          <dd>
            <strong className="number">
              <Elapsed since={since} until={until} serverNow={job.now} />
            </strong>
            <span>{until === null ? text.job.runs(people) : text.job.ended(people)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Begin({ job, sitting, action }: { job: Job; sitting: NonNullable<Job['sitting']>; action: Action }) {
  const [at, setAt] = useState('');
  const [choosing, setChoosing] = useState(false);
  const missing = sitting.needs.filter(({ met }) => !met);
  return (
    <Stack gap="sm" align="flex-start">
      {missing.length > 0 && (
        <ul className="plain-list">
          {missing.map(({ sentence }) => (
            <li key={sentence} className="verdict-line small" data-tone="orange">
              <IconCircle size={16} aria-hidden />
              <span>
                <span className="visually-hidden">{text.job.open}</span>
                {sentence}
              </span>
            </li>
          ))}
        </ul>
      )}
      {sitting.plannedFor && (
        <Text size="sm">
          {text.job.plannedFor} <Time iso={sitting.plannedFor} precise />
        </Text>
      )}
      <Text fw={600}>{text.job.ready}</Text>
      <Group gap="sm" align="flex-end">
        <Button disabled={!sitting.canStart} loading={action.isPending} onClick={() => action.mutate(() => planSitting(job.planId, null))}>
          {text.job.start}
        </Button>
        {choosing ? (
          <Group
            component="form"
            gap="sm"
            align="flex-end"
            onSubmit={(event) => {
              event.preventDefault();
              action.mutate(() => planSitting(job.planId, new Date(at).toISOString()), { onSuccess: () => setChoosing(false) });
            }}
          >
            <TextInput
              type="datetime-local"
              required
              label={text.job.planFor}
              value={at}
              onChange={({ currentTarget }) => setAt(currentTarget.value)}
            />
            <Button type="submit" variant="default" disabled={at === ''} loading={action.isPending}>
              {text.job.plan}
            </Button>
          </Group>
        ) : (
          <Button variant="default" onClick={() => setChoosing(true)}>
            {text.job.planFor} …
          </Button>
        )}
      </Group>
    </Stack>
  );
}
