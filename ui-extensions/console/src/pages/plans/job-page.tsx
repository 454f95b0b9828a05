import './plans.css';

import { Alert, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconDotsVertical, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import type { FileTask, Job } from '../../../../../server/api.ts';
import { giveBack, makeFile, pausePlan, planFileHref, resumePlan, sayOfFile, undoFile } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { OpenOnDesktop } from '../../components/open-on-desktop.tsx';
import { Page } from '../../components/page.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RowsPreview } from '../../components/rows-preview.tsx';
import { Section } from '../../components/section.tsx';
import { formatNumber, Time } from '../../components/time.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { text } from '../../text.ts';
import { OtherSideHint } from '../other-side/other-side-hint.tsx';
import { BringProof } from './bring-proof.tsx';
import { HandOverLink } from './hand-over-link.tsx';
import { JobPeople } from './job-people.tsx';
import { CancelDialog, PlanCrumbs } from './plan-frame.tsx';
import { PlanBadge } from './plans-page.tsx';
import { SittingPanel } from './sitting-panel.tsx';
import { usePlanAction } from './use-plan-action.ts';

type Action = ReturnType<typeof usePlanAction>;

export function JobPage() {
  const { id = '' } = useParams();
  const { data: job, error, refetch } = useQuery(queries.job(id));
  const action = usePlanAction(id);
  const [cancelling, cancel] = useDisclosure(false);
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  const going = job?.state === 'running' || job?.state === 'paused';
  return (
    <Page
      above={<PlanCrumbs id={id} number={job?.number} job />}
      title={job ? job.title : text.job.title}
      lead={job?.head}
      actions={
        job && (
          <>
            <PlanBadge state={job.state} />
            <Button component={Link} to={`/plans/${id}`} variant="default">
              {text.plans.toPlan}
            </Button>
            {going && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" rightSection={<IconDotsVertical size={16} aria-hidden />} loading={action.isPending}>
                    {text.job.menu}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {job.state === 'paused' ? (
                    <Menu.Item onClick={() => action.mutate(() => resumePlan(id))}>{text.job.resume}</Menu.Item>
                  ) : (
                    <Menu.Item onClick={() => action.mutate(() => pausePlan(id))}>{text.job.pause}</Menu.Item>
                  )}
                  <Menu.Item color="red" onClick={cancel.open}>
                    {text.plans.cancelPlan}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        )
      }
    >
      {error && !job ? (
        <ProblemPanel error={error} what={text.job.failed} onRetry={refetch} />
      ) : !job ? (
        <Loading heights={[320]} />
      ) : (
        <>
          <Tasks job={job} action={action} onDownload={() => setTimeout(() => void refetch(), 1000)} />
          <CancelDialog id={id} opened={cancelling} onClose={cancel.close} />
        </>
      )}
    </Page>
  );
}

/**
 * Whoever comes by the red bar stands at the button that it names, also when they were on this page before.
 * @param isThere what was read before may not have the button yet
 */
function useGiveBackFocus(isThere: boolean) {
  const { hash, key } = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is another one for each press of the same link
  useEffect(() => {
    if (hash !== '#give-back' || !isThere) return;
    button.current?.scrollIntoView({ block: 'center' });
    button.current?.focus();
  }, [hash, key, isThere]);
  return button;
}

/** Takes the reader to the one task that is open. */
const toOpenTask = (): void => document.querySelector<HTMLElement>('.job-task[data-open]')?.scrollIntoView({ block: 'center' });

function Tasks({ job, action, onDownload }: { job: Job; action: Action; onDownload: () => void }) {
  const giveBackButton = useGiveBackFocus(job.giveBack !== null);
  // The seven steps of a sitting count by themselves.
  const inSitting = job.sittingSteps.length > 0 && !job.tasks.some(({ isOpen, kind }) => isOpen && kind.endsWith('-change'));
  return (
    <Stack gap="lg">
      {job.giveBack && (
        <Alert
          data-tone="red"
          className="banner"
          radius="lg"
          icon={<IconAlertTriangle aria-hidden />}
          title={text.job.giveBackTitle}
          role="alert"
        >
          <Stack gap="sm" align="flex-start">
            <Text size="sm">{job.giveBack.sentence}</Text>
            <Button
              color="#b3261e"
              ref={giveBackButton}
              loading={action.isPending}
              onClick={() => action.mutate(() => giveBack(job.planId), { onSuccess: toOpenTask })}
            >
              {text.job.giveBack}
            </Button>
          </Stack>
        </Alert>
      )}
      {job.state === 'running' && <OpenOnDesktop />}
      {job.state === 'paused' && (
        <Alert data-tone="yellow" className="banner" radius="lg" icon={<IconAlertTriangle aria-hidden />}>
          <Text size="sm">{text.job.paused}</Text>
        </Alert>
      )}
      {action.error && <ProblemPanel error={action.error} what={text.job.actionFailed} />}
      <Text>
        {!inSitting && (
          <>
            <strong className="number">{text.job.step(job.step.n, job.step.m)}</strong> {job.step.sentence}
          </>
        )}
        {job.assignee && (
          <Text span c="dimmed" size="sm">
            {' '}
            {text.job.assignee(job.assignee)}
            {job.backup && ` · ${text.job.backup(job.backup)}`}
          </Text>
        )}
      </Text>
      <SittingPanel job={job} action={action} />
      {(job.state === 'running' || job.state === 'paused') && <OtherSideHint />}
      <Section title={text.job.tasks} action={job.state === 'running' && <HandOverLink planId={job.planId} title={job.title} />}>
        {job.tasks.length === 0 ? (
          <Text>{text.job.noTasks}</Text>
        ) : (
          <ol className="job-tasks">
            {job.tasks.map((task) => (
              <Task key={task.name} planId={job.planId} notYou={job.notYou} task={task} action={action} onDownload={onDownload} />
            ))}
          </ol>
        )}
      </Section>
      {job.heldBack.length > 0 && (
        <Section title={text.job.heldBack(job.heldBack.length)}>
          <ul className="plain-list divided">
            {job.heldBack.map((held) => (
              <li key={held.licenseId}>
                <Link to={personHref(held.key)} className="person-link">
                  <bdi>{held.name || text.common.noName}</bdi>
                </Link>
                <Text size="sm">
                  {held.sentence} {held.code && <code>{held.code}</code>}
                </Text>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {job.end && (
        <Section title={text.job.end}>
          <Text>{job.end}</Text>
        </Section>
      )}
      {(job.state === 'running' || job.state === 'paused') && <BringProof planId={job.planId} />}
      <JobPeople job={job} />
      {job.counts.length > 1 && (
        <Section title={text.job.counts}>
          <dl className="facts">
            {job.counts.map(({ label, count }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd className="number">{formatNumber(count)}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      {job.proofs.length > 0 && (
        <Section title={text.job.history}>
          <ul className="plain-list divided">
            {job.proofs.map((proof) => (
              <li key={proof.at + proof.name} className="plan-list">
                <div>
                  <Text fw={600} className="wrap">
                    <bdi>{proof.name}</bdi>
                  </Text>
                  <Text size="sm" c="dimmed">
                    {text.job.kinds[proof.kind]} · <Time iso={proof.at} precise /> · <bdi>{proof.by}</bdi>
                  </Text>
                  {proof.sentences.map((sentence) => (
                    <Text size="sm" key={sentence}>
                      {sentence}
                    </Text>
                  ))}
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Stack>
  );
}

function Task({
  planId,
  task,
  notYou,
  action,
  onDownload,
}: {
  planId: string;
  task: FileTask;
  notYou: string;
  action: Action;
  onDownload: () => void;
}) {
  const { can } = task;
  const navigate = useNavigate();
  const guided = task.route === 'guided';
  const isLicense = task.kind === 'license-off' || task.kind === 'license-on';
  const isBefore = task.state === 'made' || task.state === 'downloaded';
  const named = <span className="visually-hidden">: {task.name}</span>;
  return (
    <li className="job-task" data-open={task.isOpen || undefined} aria-current={task.isOpen ? 'step' : undefined}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <h3>{task.title}</h3>
          <Badge
            data-tone={task.isOpen ? 'blue' : task.state === 'closed' || task.state === 'seen' ? 'teal' : 'gray'}
            className="status-badge"
          >
            {task.state ? text.job.states[task.state] : task.isReady ? text.job.isReady : text.job.notMade}
          </Badge>
        </Group>
        <Text size="sm" className="wrap marked-email">
          {task.name}
        </Text>
        <Text size="sm" c="dimmed" className="number">
          {text.common.rows(task.rows)} · {text.job.seen(task.seen.n, task.seen.of)}
        </Text>
        {task.waitingFor && <Text size="sm">{task.waitingFor}</Text>}
        {task.until && task.isOpen && (
          <Text size="sm">
            {text.job.until} <Time iso={task.until} precise />
          </Text>
        )}
        {!guided && can.download && isBefore && <Text size="sm">{text.job.noExcel}</Text>}
        {!guided && can.sayUploaded && (
          <Text size="sm">
            {text.job.upload} {notYou}
          </Text>
        )}
        {isLicense && task.route !== 'scim' && task.isOpen && task.state !== null && !isBefore && (
          <Text size="sm">{text.job.licenseProof(task.rows)}</Text>
        )}
        <Group gap="xs">
          {can.make && (
            <Button size="xs" loading={action.isPending} onClick={() => action.mutate(() => makeFile(planId))}>
              {guided ? text.job.makeGuided : text.job.make}
              {named}
            </Button>
          )}
          {can.download && (
            <Button
              component="a"
              href={planFileHref(planId, task.name)}
              download={task.name}
              size="xs"
              variant={task.state === 'made' ? 'filled' : 'default'}
              leftSection={<IconDownload size={14} aria-hidden />}
              onClick={onDownload}
            >
              {text.job.download}
              {named}
            </Button>
          )}
          {can.sayUploaded && (
            <Button
              size="xs"
              variant={task.state === 'made' && !guided ? 'light' : 'filled'}
              loading={action.isPending}
              onClick={() => action.mutate(() => sayOfFile(planId, task.name, 'uploaded'))}
            >
              {guided ? text.job.didIt : text.job.uploaded}
              {named}
            </Button>
          )}
          {can.discard && (
            <Button
              size="xs"
              variant="default"
              loading={action.isPending}
              onClick={() => action.mutate(() => sayOfFile(planId, task.name, 'discarded'))}
            >
              {text.job.discard}
              {named}
            </Button>
          )}
          {can.reverse && (
            <Button
              size="xs"
              variant="default"
              loading={action.isPending}
              onClick={() =>
                action.mutate(async () => {
                  const { id } = await undoFile(planId, task.name);
                  await navigate(`/plans/${id}`);
                })
              }
            >
              {text.job.undo}
              {named}
            </Button>
          )}
        </Group>
        {can.reverse && (
          <Text size="sm" c="dimmed">
            {text.job.undoHint}
          </Text>
        )}
        {task.checklist.length > 0 && (
          <details open={task.isOpen}>
            <summary>{text.job.checklist}</summary>
            <Text size="sm" my={6}>
              {text.job.eachPerson(task.people.map(({ name, before }) => name || before).join(', '))}
            </Text>
            <ol className="plan-steps">
              {task.checklist.map(({ sentence, href }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two people may have the same step; its place is what tells them apart
                <li key={index}>
                  {href ? (
                    <a href={href} target="_blank" rel="noreferrer">
                      {sentence}
                    </a>
                  ) : (
                    sentence
                  )}
                </li>
              ))}
            </ol>
          </details>
        )}
        {task.people.length > 0 && (
          <details>
            <summary>{text.job.rows(task.people.length)}</summary>
            <RowsPreview
              label={task.name}
              columns={[text.job.person, text.plans.before, text.plans.after, text.job.outcome]}
              rows={task.people.map((person) => [person.name || text.common.noName, person.before, person.after, person.sentence])}
              tall
            />
          </details>
        )}
      </Stack>
    </li>
  );
}
