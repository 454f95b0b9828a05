import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Plan, PlanApproval } from '../../../../../server/api.ts';
import { approvePlan } from '../../api/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { usePlanAction } from './use-plan-action.ts';

type Override = NonNullable<PlanApproval['override']>;

/** Whether a person may approve it at all: as it is, or by lifting what stops it. */
export const canBeApproved = ({ trips, people }: Plan): boolean => people > 0 && trips.every((trip) => trip.canOverride);

/** The price in one sentence, and the button that says the same. What stops the plan is lifted here, with a reason and an end. */
export function ApproveDialog({ plan, opened, onClose }: { plan: Plan; opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const action = usePlanAction(plan.id);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  const isLifting = plan.trips.length > 0;
  const override: Override = { codes: plan.trips.map(({ code }) => code as Override['codes'][number]), reason: reason.trim(), until };
  return (
    <Dialog opened={opened} onClose={onClose} title={text.plans.approveTitle}>
      {action.error && <ProblemPanel error={action.error} what={text.plans.approveFailed} />}
      <Text>{plan.approval.sentence}</Text>
      {isLifting && (
        <Stack gap="sm" mt="md">
          <Alert
            data-tone="orange"
            className="banner"
            radius="lg"
            icon={<IconAlertTriangle aria-hidden />}
            title={text.plans.overrideTitle}
          >
            {plan.trips.map((trip) => (
              <Text size="sm" key={trip.code + trip.sentence}>
                {trip.sentence}
              </Text>
            ))}
          </Alert>
          <Textarea
            label={text.plans.overrideReason}
            description={text.plans.overrideHint}
            required
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <TextInput
            type="date"
            label={text.plans.overrideUntil}
            required
            value={until}
            onChange={({ currentTarget }) => setUntil(currentTarget.value)}
          />
        </Stack>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button
          loading={action.isPending}
          disabled={isLifting && (override.reason === '' || until === '')}
          onClick={() =>
            action.mutate(() => approvePlan(plan.id, plan.seal, isLifting ? override : undefined), {
              onSuccess: () => navigate(`/plans/${plan.id}/job`),
            })
          }
        >
          {plan.approval.button}
        </Button>
      </Group>
    </Dialog>
  );
}
