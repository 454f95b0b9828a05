import '../../components/data-table.css';

import { Button, Group, Menu, Radio, Stack, Table, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDotsVertical } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Job, Rematch } from '../../../../../server/api.ts';
import { answerRematch, cancelRematch, observeRematch, pauseRematch, resumeRematch } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { RematchTimeline } from './rematch-timeline.tsx';
import { usePlanAction } from './use-plan-action.ts';

type Asking = { readonly what: 'answer' | 'timeline'; readonly person: Rematch } | null;

/** Everybody of the plan: where they are, both clocks, and what can be done about one of them. */
export function JobPeople({ job }: { job: Job }) {
  const { data, error, refetch } = useQuery(queries.rematches({ planId: job.planId }));
  const action = usePlanAction(job.planId);
  const [asking, setAsking] = useState<Asking>(null);
  const isFull = job.mode === 'full';
  return (
    <Section title={text.job.people} flush>
      {action.error && <ProblemPanel error={action.error} what={text.job.actionFailed} />}
      {error && !data ? (
        <ProblemPanel error={error} what={text.job.peopleFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[160]} />
      ) : (
        <div className="scroll-x">
          <Table className="data-table job-people">
            <caption className="visually-hidden">{text.job.people}</caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{text.plans.name}</Table.Th>
                <Table.Th scope="col">{text.job.where}</Table.Th>
                {isFull && <Table.Th scope="col">{text.job.answer}</Table.Th>}
                {isFull && <Table.Th scope="col">{text.job.withoutLicense}</Table.Th>}
                {isFull && <Table.Th scope="col">{text.job.withoutAccess}</Table.Th>}
                <Table.Th scope="col">
                  <span className="visually-hidden">{text.job.actions}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.rows
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map((person) => (
                  <Table.Tr key={person.id}>
                    <Table.Th scope="row" fw={400}>
                      <Link to={personHref(person.key)} className="person-link">
                        <bdi>{person.name || text.common.noName}</bdi>
                      </Link>
                    </Table.Th>
                    <Table.Td>
                      <Text size="sm" fw={600}>
                        {person.label}
                      </Text>
                      {person.sentence !== `${person.label}.` && <Text size="sm">{person.sentence}</Text>}
                    </Table.Td>
                    {isFull && <Table.Td data-label={text.job.answer}>{answerWords(person)}</Table.Td>}
                    {isFull && (
                      <Table.Td className="number" data-label={text.job.withoutLicense}>
                        {minutes(person.minutesWithoutLicense)}
                      </Table.Td>
                    )}
                    {isFull && (
                      <Table.Td className="number" data-label={text.job.withoutAccess}>
                        {minutes(person.minutesWithoutAccess)}
                      </Table.Td>
                    )}
                    <Table.Td>
                      <Actions person={person} action={action} onAsk={setAsking} />
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {asking?.what === 'answer' && <AnswerDialog planId={job.planId} person={asking.person} onClose={() => setAsking(null)} />}
      {asking?.what === 'timeline' && (
        <Dialog opened onClose={() => setAsking(null)} title={text.job.timelineOf(asking.person.name || text.common.noName)} size="lg">
          <RematchTimeline id={asking.person.id} />
        </Dialog>
      )}
    </Section>
  );
}

const minutes = (count: number | null): string => (count === null ? '–' : text.job.minutes(count));

const answerWords = ({ question }: Rematch): string =>
  question === null ? '–' : question.answer === null ? text.job.asked : text.job.answers[question.answer];

function Actions({
  person,
  action,
  onAsk,
}: {
  person: Rematch;
  action: ReturnType<typeof usePlanAction>;
  onAsk: (asking: NonNullable<Asking>) => void;
}) {
  const isOver = person.ended !== null;
  const isSeen = person.step === 'wait' || person.step === 'enable-crm-sync';
  const cancel = async () => {
    const { sentence } = await cancelRematch(person.id);
    notifications.show({ message: sentence ?? text.job.cancelledOne, color: 'teal' });
  };
  const observe = (verdict: 'matched' | 'not-matched') => action.mutate(() => observeRematch(person.id, verdict, new Date().toISOString()));
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" px="xs" aria-label={text.job.actionsOf(person.name || text.common.noName)}>
          <IconDotsVertical size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk({ what: 'timeline', person })}>{text.job.timeline}</Menu.Item>
        {!isOver && person.step === 'ask-person' && (
          <Menu.Item onClick={() => onAsk({ what: 'answer', person })}>{text.job.answerFor}</Menu.Item>
        )}
        {!isOver && isSeen && (
          <>
            <Menu.Item onClick={() => observe('matched')}>{text.job.sawMatched}</Menu.Item>
            <Menu.Item onClick={() => observe('not-matched')}>{text.job.sawNotMatched}</Menu.Item>
          </>
        )}
        {!isOver && (
          <>
            {person.paused ? (
              <Menu.Item onClick={() => action.mutate(() => resumeRematch(person.id))}>{text.job.resume}</Menu.Item>
            ) : (
              <Menu.Item onClick={() => action.mutate(() => pauseRematch(person.id))}>{text.job.pause}</Menu.Item>
            )}
            <Menu.Item color="red" onClick={() => action.mutate(cancel)}>
              {text.job.cancelOne}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const answers = ['confirmed', 'not-now', 'wrong-person'] as const;

function AnswerDialog({ planId, person, onClose }: { planId: string; person: Rematch; onClose: () => void }) {
  const action = usePlanAction(planId);
  const [answer, setAnswer] = useState<(typeof answers)[number]>('confirmed');
  const [reason, setReason] = useState('');
  return (
    <Dialog opened onClose={onClose} title={text.job.answerTitle(person.name || text.common.noName)}>
      <Stack
        component="form"
        gap="md"
        onSubmit={(event) => {
          event.preventDefault();
          action.mutate(() => answerRematch(person.id, answer, reason.trim()), { onSuccess: onClose });
        }}
      >
        {action.error && <ProblemPanel error={action.error} what={text.job.actionFailed} />}
        <Radio.Group value={answer} onChange={(value) => setAnswer(value as typeof answer)} label={text.job.theySaid}>
          <Stack gap="xs" mt="xs">
            {answers.map((one) => (
              <Radio key={one} value={one} label={text.job.answerChoices[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label={text.job.reason}
          description={text.job.reasonHint}
          required
          maxLength={500}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" disabled={reason.trim() === ''} loading={action.isPending}>
            {text.job.answerFor}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
