import { Button, Stack, Text } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { Person } from '../../../../../server/api.ts';
import { createPlan } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { RematchTimeline } from '../plans/rematch-timeline.tsx';

/** Whom LinkedIn's whole procedure may help, when somebody chooses it for them. */
const fullHelps: readonly string[] = ['linkedin-disagrees', 'emails-agree', 'email-differs', 'repair-failed'];

/** The repairs of one person with what happened in each, and the way to a full rematch. */
export function Repairs({ person }: { person: Person }) {
  const { finding, present } = person;
  const { data } = useQuery(queries.rematches({ key: finding.key }));
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: (licenseId: string) => createPlan({ licenseIds: [licenseId], mode: 'full' }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['plans'] });
      return navigate(`/plans/${id}`);
    },
  });
  const rows = data?.rows ?? [];
  const license = finding.license;
  const canPlan = present && license !== null && fullHelps.includes(finding.reason) && rows.every(({ ended }) => ended !== null);
  if (rows.length === 0 && !canPlan) return null;
  return (
    <Section title={text.job.repairs}>
      <Stack gap="md">
        {rows.toReversed().map((row) => (
          <details key={row.id} open={row.ended === null}>
            <summary>
              {row.label}{' '}
              <Text span size="sm" c="dimmed">
                {row.sentence}
              </Text>
            </summary>
            <Stack gap="sm" mt="sm">
              <Link to={`/plans/${row.planId}/job`}>{text.plans.toJob}</Link>
              <RematchTimeline id={row.id} />
            </Stack>
          </details>
        ))}
        {start.error && <ProblemPanel error={start.error} what={text.plans.startFailed} />}
        {canPlan && (
          <div>
            <Button
              variant="default"
              leftSection={<IconTool size={16} aria-hidden />}
              loading={start.isPending}
              onClick={() => start.mutate(license.id)}
            >
              {text.plans.startFull}
            </Button>
            <Text size="sm" c="dimmed" mt={6}>
              {text.plans.modes.full.price}
            </Text>
          </div>
        )}
      </Stack>
    </Section>
  );
}
