import {
  Accordion,
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  List,
  LoadingButton,
  ProgressBar,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
  Tile,
} from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { AskServer, Steering } from './ask-server.ts';
import { ConfirmButton } from './confirm-button.tsx';
import type { Go } from './go-button.tsx';
import { Loading } from './loading.tsx';
import { NameCell, widths } from './name-cell.tsx';
import type { PanelPlan, PanelPlanPeople, Words } from './panel-types.ts';
import { ProblemAlert, ProblemState } from './problem-state.tsx';
import { Section } from './section.tsx';
import { barOf, tagOf } from './tones.ts';
import { type Action, useAction } from './use-action.ts';
import { useAnswer } from './use-answer.ts';

interface PlanViewProps {
  readonly look: number;
  readonly id: string;
  readonly ask: Pick<AskServer, 'plan' | 'planPeople' | 'approve' | 'steer'>;
  readonly words: Words;
  readonly go: Go;
  readonly closeOverlay: (id: string) => void;
}

/** A plan from what it would do to how far it is. It is read again as often as the server says. */
export function PlanView({ id, look, ask, words, go, closeOverlay }: PlanViewProps) {
  const read = useAnswer(
    id,
    () => ask.plan(id),
    look,
    ({ poll }) => poll,
  );
  const action = useAction();
  const plan = read.value;
  if (!plan) {
    return read.problem ? <ProblemState problem={read.problem} words={words} onRetry={read.reload} /> : <Loading words={words} />;
  }

  /** The world may be another one now, whether it worked or not. */
  const change = (name: string, overlay: string, work: (key: string) => Promise<void>): void =>
    action.run(name, async (key) => {
      try {
        await work(key);
      } finally {
        closeOverlay(overlay);
        read.reload();
      }
    });
  const steer = (what: Steering): void => change(`${what} ${id}`, what, (key) => ask.steer(id, what, key));
  const { approval } = plan;
  const approving = `approve ${id} ${approval?.seal}`;

  return (
    <Flex direction="column" gap="md">
      <Flex align="center" gap="sm" wrap>
        <Heading>{plan.title}</Heading>
        <StatusTag variant={tagOf[plan.tone]}>{plan.stateWords}</StatusTag>
      </Flex>
      <ProblemAlert problem={action.problem} words={words} />
      <ProblemAlert problem={read.problem} words={words} onRetry={read.reload} />
      {plan.giveBack && (
        <Alert title={plan.giveBack.sentence} variant="danger">
          {plan.giveBack.people.join(', ')}
        </Alert>
      )}
      {plan.stops.length > 0 && (
        <Alert title={words.stops ?? ''} variant="warning">
          {plan.stops.map(({ sentence, nextStep }) => (
            <Text key={sentence}>{`${sentence} ${nextStep}`}</Text>
          ))}
        </Alert>
      )}
      {plan.state === 'draft' ? <WhatWillHappen plan={plan} words={words} /> : <Progress plan={plan} words={words} />}
      {plan.next && <Text>{plan.next}</Text>}
      {(approval || plan.actions.length > 0) && (
        <Flex gap="sm" wrap>
          {approval && (
            <ConfirmButton
              id="approve"
              label={words.approve ?? ''}
              heading={approval.heading}
              confirm={approval.button}
              words={words}
              isBusy={action.busy === approving}
              isDisabled={!approval.possible || action.busy !== null}
              variant="primary"
              onCancel={() => closeOverlay('approve')}
              onConfirm={() => change(approving, 'approve', (key) => ask.approve(id, approval.seal, key))}
            >
              <Text>{approval.sentence}</Text>
              <Steps plan={plan} />
            </ConfirmButton>
          )}
          {plan.actions.map((each) => (
            <PlanAction key={each.id} it={each} words={words} action={action} onSteer={steer} planId={id} closeOverlay={closeOverlay} />
          ))}
        </Flex>
      )}
      {plan.tasks.length > 0 && <Tasks plan={plan} words={words} />}
      <People key={id} plan={plan} ask={ask} words={words} go={go} />
      {plan.leftOut.length > 0 && (
        <Accordion title={`${words.leftOut} (${plan.leftOut.length})`}>
          <DescriptionList direction="column">
            {plan.leftOut.map(({ name, sentence }) => (
              <DescriptionListItem key={`${name} ${sentence}`} label={name}>
                <Text>{sentence}</Text>
              </DescriptionListItem>
            ))}
          </DescriptionList>
        </Accordion>
      )}
    </Flex>
  );
}

function Steps({ plan }: { plan: PanelPlan }) {
  if (plan.steps.length === 0) return null;
  return (
    <List variant="ordered">
      {plan.steps.map((step) => (
        <Text key={step}>{step}</Text>
      ))}
    </List>
  );
}

function WhatWillHappen({ plan, words }: { plan: PanelPlan; words: Words }) {
  return (
    <Section title={words.whatWillHappen}>
      <Steps plan={plan} />
      <DescriptionList direction="column">
        <DescriptionListItem label={words.price ?? ''}>
          <Text>{plan.price}</Text>
        </DescriptionListItem>
        {plan.facts.map(({ label, value }) => (
          <DescriptionListItem key={label} label={label}>
            <Text>{value}</Text>
          </DescriptionListItem>
        ))}
      </DescriptionList>
      {plan.notes.length > 0 && <Text format={{ fontWeight: 'demibold' }}>{words.readFirst}</Text>}
      {plan.notes.map((note) => (
        <Text key={note}>{note}</Text>
      ))}
    </Section>
  );
}

function Progress({ plan, words }: { plan: PanelPlan; words: Words }) {
  const { progress } = plan;
  return (
    <Section title={words.progress}>
      <ProgressBar
        aria-label={words.progress ?? ''}
        value={progress.value}
        maxValue={progress.of}
        valueDescription={progress.sentence}
        {...barOf(plan.tone)}
      />
      <Flex gap="sm" wrap>
        {progress.counts.map(({ label, count, tone }) => (
          <StatusTag key={label} variant={tagOf[tone]}>{`${label}: ${count}`}</StatusTag>
        ))}
      </Flex>
    </Section>
  );
}

interface PlanActionProps {
  readonly it: PanelPlan['actions'][number];
  readonly planId: string;
  readonly words: Words;
  readonly action: Action;
  readonly onSteer: (what: Steering) => void;
  readonly closeOverlay: (id: string) => void;
}

function PlanAction({ it: { id, label, confirm, href }, planId, words, action, onSteer, closeOverlay }: PlanActionProps) {
  if (id === 'open') {
    return href === null ? null : (
      <Button variant="primary" href={{ url: href, external: true }}>
        {label}
      </Button>
    );
  }
  const isBusy = action.busy === `${id} ${planId}`;
  const variant = id === 'cancel' ? 'destructive' : 'secondary';
  if (confirm === null) {
    return (
      <LoadingButton variant={variant} loading={isBusy} disabled={action.busy !== null} onClick={() => onSteer(id)}>
        {label}
      </LoadingButton>
    );
  }
  return (
    <ConfirmButton
      id={id}
      label={label}
      heading={label}
      confirm={label}
      words={words}
      isBusy={isBusy}
      isDisabled={action.busy !== null}
      variant="secondary"
      confirmVariant={variant}
      onConfirm={() => onSteer(id)}
      onCancel={() => closeOverlay(id)}
    >
      <Text>{confirm}</Text>
    </ConfirmButton>
  );
}

function Tasks({ plan, words }: { plan: PanelPlan; words: Words }) {
  return (
    <Section title={words.tasks}>
      {plan.tasks.map(({ id, title, sentence, state, tone, isOpen, log }) => (
        <Tile key={id} compact>
          <Flex direction="column" gap="xs">
            <Flex align="center" gap="xs" wrap>
              <Text format={{ fontWeight: isOpen ? 'bold' : 'regular' }}>{title}</Text>
              <StatusTag variant={tagOf[tone]}>{state}</StatusTag>
            </Flex>
            <Text>{sentence}</Text>
            {log.map((line) => (
              <Text key={line} variant="microcopy">
                {line}
              </Text>
            ))}
          </Flex>
        </Tile>
      ))}
    </Section>
  );
}

/** The first page comes with the plan, and is as new as it; further ones are asked for. */
function People({ plan, ask, words, go }: { plan: PanelPlan; ask: Pick<AskServer, 'planPeople'>; words: Words; go: Go }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  if (plan.people.total === 0) return null;
  return (
    <Section title={words.people}>
      {cursor === undefined ? (
        <PeopleRows people={plan.people} words={words} go={go} />
      ) : (
        <FurtherPeople id={plan.id} cursor={cursor} ask={ask} words={words} go={go} onNext={(next) => setCursors([...cursors, next])} />
      )}
      <Flex gap="sm">
        {cursors.length > 0 && (
          <Button size="sm" onClick={() => setCursors(cursors.slice(0, -1))}>
            {words.previous}
          </Button>
        )}
        {cursor === undefined && plan.people.next !== null && (
          <Button size="sm" onClick={() => setCursors([plan.people.next ?? ''])}>
            {words.next}
          </Button>
        )}
      </Flex>
    </Section>
  );
}

interface FurtherPeopleProps {
  readonly id: string;
  readonly cursor: string;
  readonly ask: Pick<AskServer, 'planPeople'>;
  readonly words: Words;
  readonly go: Go;
  readonly onNext: (cursor: string) => void;
}

function FurtherPeople({ id, cursor, ask, words, go, onNext }: FurtherPeopleProps) {
  const people = useAnswer(`${id} ${cursor}`, () => ask.planPeople(id, cursor));
  if (people.problem) return <ProblemState problem={people.problem} words={words} onRetry={people.reload} />;
  if (!people.value) return <Loading words={words} />;
  const { next } = people.value;
  return (
    <>
      <PeopleRows people={people.value} words={words} go={go} />
      {next !== null && (
        <Button size="sm" onClick={() => onNext(next)}>
          {words.next}
        </Button>
      )}
    </>
  );
}

function PeopleRows({ people, words, go }: { people: PanelPlanPeople; words: Words; go: Go }) {
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{words.name}</TableHeader>
          <TableHeader>{words.before}</TableHeader>
          <TableHeader>{words.after}</TableHeader>
          <TableHeader>{words.status}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {people.rows.map(({ key, name, before, after, state, tone, sentence }) => (
          <TableRow key={key}>
            <NameCell person={{ key, name }} go={go} />
            <TableCell>
              <Text truncate={{ maxWidth: 300 }}>{before}</Text>
            </TableCell>
            <TableCell>
              <Text truncate={{ maxWidth: 300 }}>{after}</Text>
            </TableCell>
            <TableCell width={widths.step}>
              <Flex direction="column" align="start" gap="flush">
                <StatusTag variant={tagOf[tone]}>{state}</StatusTag>
                {sentence.replace(/\.$/u, '') !== state && <Text variant="microcopy">{sentence}</Text>}
              </Flex>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
