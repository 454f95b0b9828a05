import { Anchor, Breadcrumbs, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link } from 'react-router';
import { cancelPlan } from '../../api/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { usePlanAction } from './use-plan-action.ts';

export function PlanCrumbs({ id, number, job = false }: { id: string; number: number | undefined; job?: boolean }) {
  const name = number === undefined ? '…' : text.plans.number(number);
  return (
    <Breadcrumbs component="nav" aria-label={text.plans.breadcrumb}>
      <Anchor component={Link} to="/plans" size="sm">
        {text.nav.plans}
      </Anchor>
      {job ? (
        <Anchor component={Link} to={`/plans/${id}`} size="sm">
          {name}
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          {name}
        </Text>
      )}
      {job && (
        <Text size="sm" c="dimmed">
          {text.job.title}
        </Text>
      )}
    </Breadcrumbs>
  );
}

export function CancelDialog({ id, opened, onClose }: { id: string; opened: boolean; onClose: () => void }) {
  const action = usePlanAction(id);
  const cancel = async () => {
    const { sentence } = await cancelPlan(id);
    notifications.show({ message: sentence ?? text.plans.cancelled, color: 'teal' });
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={text.plans.cancelTitle}>
      {action.error && <ProblemPanel error={action.error} what={text.plans.cancelFailed} />}
      <Text>{text.plans.cancelBody}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {text.plans.keep}
        </Button>
        <Button color="red" loading={action.isPending} onClick={() => action.mutate(cancel, { onSuccess: onClose })}>
          {text.plans.cancelPlan}
        </Button>
      </Group>
    </Dialog>
  );
}
