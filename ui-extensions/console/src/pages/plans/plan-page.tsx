import './plans.css';
import '../../components/data-table.css';

import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Plan } from '../../../../../server/api.ts';
import { changePlan, planListHref } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { Loading } from '../../components/loading.tsx';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { Page } from '../../components/page.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { text } from '../../text.ts';
import { ApproveDialog, canBeApproved } from './approve-dialog.tsx';
import { PlanChoices } from './plan-choices.tsx';
import { CancelDialog, PlanCrumbs } from './plan-frame.tsx';
import { PlanBadge } from './plans-page.tsx';
import { usePlanAction } from './use-plan-action.ts';

export function PlanPage() {
  const { id = '' } = useParams();
  const { data: plan, error, refetch } = useQuery(queries.plan(id));
  const [asking, ask] = useDisclosure(false);
  const [cancelling, cancel] = useDisclosure(false);
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  return (
    <Page
      above={<PlanCrumbs id={id} number={plan?.number} />}
      title={plan ? plan.title : text.plans.plan}
      lead={plan?.price}
      actions={
        plan && (
          <>
            <PlanBadge state={plan.state} />
            {plan.state === 'draft' ? (
              <>
                <Button variant="default" onClick={cancel.open}>
                  {text.plans.cancelPlan}
                </Button>
                <Button onClick={ask.open} disabled={!canBeApproved(plan)}>
                  {text.plans.approve}
                </Button>
              </>
            ) : (
              plan.approvedAt && (
                <Button component={Link} to={`/plans/${id}/job`}>
                  {text.plans.toJob}
                </Button>
              )
            )}
          </>
        )
      }
    >
      {error && !plan ? (
        <ProblemPanel error={error} what={text.plans.planFailed} onRetry={refetch} />
      ) : !plan ? (
        <Loading heights={[320]} />
      ) : (
        <>
          <Review plan={plan} />
          <ApproveDialog plan={plan} opened={asking} onClose={ask.close} />
          <CancelDialog id={id} opened={cancelling} onClose={cancel.close} />
        </>
      )}
    </Page>
  );
}

function Review({ plan }: { plan: Plan }) {
  return (
    <Stack gap="lg">
      {plan.trips.length > 0 && (
        <Alert data-tone="orange" className="banner" radius="lg" icon={<IconAlertTriangle aria-hidden />} title={text.plans.stops}>
          <Stack gap="xs">
            {plan.trips.map((trip) => (
              <Text size="sm" key={trip.code + trip.sentence}>
                {trip.sentence} <strong>{trip.nextStep}</strong>
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      {plan.notes.length > 0 && (
        <Alert data-tone="blue" className="banner" radius="lg" icon={<IconInfoCircle aria-hidden />} title={text.plans.readFirst}>
          {plan.notes.map((note) => (
            <Text size="sm" key={note}>
              {note}
            </Text>
          ))}
        </Alert>
      )}
      {plan.state === 'draft' && plan.choosable && <PlanChoices key={`${plan.assignee} ${plan.backup}`} plan={plan} />}
      <Section title={text.plans.willHappen}>
        <ol className="plan-steps">
          {plan.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Section>
      <Section title={text.plans.price}>
        <dl className="facts plan-facts">
          {plan.facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {plan.state === 'draft' && (
            <div>
              <dt>{text.plans.expires}</dt>
              <dd>
                <Time iso={plan.expiresAt} precise />
              </dd>
            </div>
          )}
        </dl>
      </Section>
      <People plan={plan} />
      {plan.lists.length > 0 && (
        <Section title={text.plans.lists} lead={text.plans.listsLead}>
          <ul className="plain-list divided">
            {plan.lists.map((list) => (
              <li key={list.name} className="plan-list">
                <div>
                  <Text fw={600} className="wrap marked-email">
                    {list.name}
                  </Text>
                  <Text size="sm">{list.sentence}</Text>
                  <Group gap="md">
                    <Text size="sm" c="dimmed" className="number">
                      {text.common.rows(list.rows)}
                    </Text>
                    <ActorMark actor={list.actor} />
                  </Group>
                </div>
                <Button
                  component="a"
                  href={planListHref(plan.id, list.name)}
                  download={list.name}
                  size="xs"
                  variant="default"
                  leftSection={<IconDownload size={14} aria-hidden />}
                >
                  {text.plans.download}
                  <span className="visually-hidden"> {list.name}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Stack>
  );
}

function People({ plan }: { plan: Plan }) {
  const [cursor, setCursor] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(queries.planPeople(plan.id, cursor));
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const action = usePlanAction(plan.id);
  const draft = plan.state === 'draft';
  const leftByAdmin = plan.leftOut.filter((person) => person.byAdmin).map((person) => person.licenseId);
  const leaveOut = (licenseIds: readonly string[]) =>
    action.mutate(() => changePlan(plan.id, { leaveOut: [...new Set(licenseIds)] }), {
      onSuccess: () => {
        setTicked(new Set());
        setCursor(null);
      },
    });
  const routable = draft && plan.choosable;
  const tick = (licenseId: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(licenseId);
    else next.delete(licenseId);
    setTicked(next);
  };
  return (
    <Section
      title={text.plans.whoIsIn}
      lead={draft ? text.plans.whoIsInLead : undefined}
      action={
        ticked.size > 0 && (
          <Button size="xs" loading={action.isPending} onClick={() => leaveOut([...leftByAdmin, ...ticked])}>
            {text.plans.leaveOutTicked(ticked.size)}
          </Button>
        )
      }
    >
      {action.error && <ProblemPanel error={action.error} what={text.plans.changeFailed} />}
      {error && !data ? (
        <ProblemPanel error={error} what={text.plans.peopleFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[200]} />
      ) : data.rows.length === 0 ? (
        <Text>{text.plans.nobody}</Text>
      ) : (
        <div className="scroll-x">
          <Table className="data-table">
            <caption className="visually-hidden">{text.plans.whoIsIn}</caption>
            <Table.Thead>
              <Table.Tr>
                {draft && <Table.Th scope="col">{text.plans.leaveOutColumn}</Table.Th>}
                <Table.Th scope="col">{text.plans.name}</Table.Th>
                <Table.Th scope="col">{text.plans.before}</Table.Th>
                <Table.Th scope="col">{text.plans.after}</Table.Th>
                {routable && <Table.Th scope="col">{text.plans.routeColumn}</Table.Th>}
                <Table.Th scope="col">{text.plans.cost}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.rows.map((person) => {
                const name = person.name || text.common.noName;
                return (
                  <Table.Tr key={person.licenseId}>
                    {draft && (
                      <Table.Td data-label={text.plans.leaveOutColumn}>
                        <Checkbox
                          aria-label={text.plans.leaveOut(name)}
                          checked={ticked.has(person.licenseId)}
                          onChange={({ currentTarget }) => tick(person.licenseId, currentTarget.checked)}
                        />
                      </Table.Td>
                    )}
                    <Table.Th scope="row" fw={400}>
                      <Link to={personHref(person.key)} className="person-link">
                        <bdi>{name}</bdi>
                      </Link>
                    </Table.Th>
                    <Table.Td data-label={text.plans.before}>
                      <MarkedEmail runs={person.before} />
                    </Table.Td>
                    <Table.Td data-label={text.plans.after}>
                      <MarkedEmail runs={person.after} />
                    </Table.Td>
                    {routable && (
                      <Table.Td data-label={text.plans.routeColumn}>
                        <RouteOf
                          planId={plan.id}
                          routes={routesOfOne(plan)}
                          licenseId={person.licenseId}
                          name={name}
                          route={person.route}
                          action={action}
                        />
                      </Table.Td>
                    )}
                    <Table.Td data-label={text.plans.cost}>{person.price}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <Group justify="flex-end" mt="sm">
        {cursor && (
          <Button size="xs" variant="default" onClick={() => setCursor(null)}>
            {text.plans.previousPage}
          </Button>
        )}
        {data?.next && (
          <Button size="xs" variant="default" onClick={() => setCursor(data.next)}>
            {text.plans.nextPage}
          </Button>
        )}
      </Group>
      {plan.leftOut.length > 0 && (
        <details className="problem-details">
          <summary>{text.plans.leftOut(plan.leftOut.length)}</summary>
          <ul className="plain-list divided">
            {plan.leftOut.map((person) => (
              <li key={person.key} className="plan-list">
                <div>
                  <Link to={personHref(person.key)} className="person-link">
                    <bdi>{person.name || text.common.noName}</bdi>
                  </Link>
                  <Text size="sm">
                    {person.sentence} {person.nextStep}
                  </Text>
                </div>
                {draft && person.byAdmin && (
                  <Button
                    size="xs"
                    variant="default"
                    loading={action.isPending}
                    onClick={() => leaveOut(leftByAdmin.filter((licenseId) => licenseId !== person.licenseId))}
                  >
                    {text.plans.takeIn}
                    <span className="visually-hidden">: {person.name}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** Whoever does not go by hand goes the way of the others. */
function routesOfOne({ files, routes }: Plan): Plan['routes'] {
  const together = files.find(({ route }) => route !== 'guided')?.route ?? routes[0];
  return [...(together ? [together] : []), 'guided'];
}

/** One person may go by hand while the others go together. */
function RouteOf({
  planId,
  routes,
  licenseId,
  name,
  route,
  action,
}: {
  planId: string;
  routes: Plan['routes'];
  licenseId: string;
  name: string;
  route: Plan['routes'][number];
  action: ReturnType<typeof usePlanAction>;
}) {
  const [wanted, setWanted] = useState<Plan['routes'][number] | null>(null);
  const choose = (chosen: Plan['routes'][number]) => {
    setWanted(chosen);
    action.mutate(() => changePlan(planId, { routes: { [licenseId]: chosen } }), { onSettled: () => setWanted(null) });
  };
  return (
    <NativeSelect
      size="xs"
      miw={160}
      aria-label={text.plans.routeOf(name)}
      value={wanted ?? route}
      disabled={action.isPending}
      onChange={({ currentTarget }) => choose(currentTarget.value as Plan['routes'][number])}
      data={routes.map((one) => ({ value: one, label: text.plans.routes[one].label }))}
    />
  );
}
