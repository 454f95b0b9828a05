import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Plan } from '../../../../../server/api.ts';
import { changePlan } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { usePlanAction } from './use-plan-action.ts';

const modes = ['email-first', 'full'] as const satisfies readonly Plan['mode'][];
/** How a draft repairs, and who carries it out. Each choice makes the draft anew: what is approved is what stands here. */
export function PlanChoices({ plan }: { plan: Plan }) {
  const action = usePlanAction(plan.id);
  const route = plan.files.find((file) => file.route !== 'guided')?.route ?? (plan.files.length > 0 ? 'guided' : plan.routes[0]);
  // What it goes by now stays on the list, wherever it came from.
  const routes = [...new Set([...plan.routes, ...(route ? [route] : [])])];
  const [who, setWho] = useState({ assignee: plan.assignee ?? '', backup: plan.backup ?? '' });
  const changed = who.assignee.trim() !== (plan.assignee ?? '') || who.backup.trim() !== (plan.backup ?? '');
  const [wanted, setWanted] = useState<{ mode?: Plan['mode']; route?: Plan['routes'][number] }>({});
  const change = (change: Parameters<typeof changePlan>[1]) => {
    // What was chosen is shown at once, and what is so when the draft is made.
    setWanted({ ...(change.mode && { mode: change.mode }), ...(change.route && { route: change.route }) });
    action.mutate(() => changePlan(plan.id, change), { onSettled: () => setWanted({}) });
  };
  return (
    <Section title={text.plans.how} lead={text.plans.howLead}>
      <Stack gap="lg">
        {action.error && <ProblemPanel error={action.error} what={text.plans.changeFailed} />}
        <Radio.Group label={text.plans.mode} value={wanted.mode ?? plan.mode} onChange={(mode) => change({ mode: mode as Plan['mode'] })}>
          <Stack gap="sm" mt="xs">
            {modes.map((mode) => (
              <Radio
                key={mode}
                value={mode}
                disabled={action.isPending}
                label={text.plans.modes[mode].label}
                description={text.plans.modes[mode].price}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Radio.Group
          label={text.plans.route}
          value={wanted.route ?? route ?? null}
          onChange={(one) => change({ route: one as Plan['routes'][number], guided: [] })}
        >
          <Stack gap="sm" mt="xs">
            {routes.map((one) => (
              <Radio
                key={one}
                value={one}
                disabled={action.isPending}
                label={text.plans.routes[one].label}
                description={text.plans.routes[one].what}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group
          component="form"
          align="flex-end"
          gap="sm"
          onSubmit={(event) => {
            event.preventDefault();
            change({ assignee: who.assignee.trim() || null, backup: who.backup.trim() || null });
          }}
        >
          <TextInput
            label={text.plans.assignee}
            flex="1 1 200px"
            maxLength={200}
            value={who.assignee}
            onChange={({ currentTarget }) => setWho({ ...who, assignee: currentTarget.value })}
          />
          <TextInput
            label={text.plans.backup}
            flex="1 1 200px"
            maxLength={200}
            value={who.backup}
            onChange={({ currentTarget }) => setWho({ ...who, backup: currentTarget.value })}
          />
          <Button type="submit" variant="default" disabled={!changed} loading={action.isPending}>
            {text.common.save}
            <span className="visually-hidden">: {text.plans.assignee}</span>
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
