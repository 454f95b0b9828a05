import { Anchor, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CrmInvitations } from '../../../../../server/api.ts';
import { sayReinvited } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** Users who have not accepted a CRM's own invitation; nothing where there are none. */
export function CrmInvitationList() {
  const { data } = useQuery(queries.crmInvitations);
  return data?.crms.map((crm) => <Crm key={crm.crmName} crm={crm} />);
}

function Crm({ crm: { crmName, rows, steps } }: { crm: CrmInvitations['crms'][number] }) {
  const words = text.invitations;
  const client = useQueryClient();
  const say = useMutation({
    mutationFn: (ids: readonly string[]) => sayReinvited(crmName, ids),
    onSuccess: (after) => {
      client.setQueryData(queries.crmInvitations.queryKey, after);
      notifications.show({ message: words.crmSaid, color: 'teal' });
    },
  });
  return (
    <Section title={words.crm(crmName)} lead={words.crmLead(crmName)}>
      <Stack gap="md">
        <ul className="plain-list divided">
          {rows.map((row) => (
            <li key={row.crmUserId}>
              <Group justify="space-between" gap="sm" py="xs">
                <div>
                  <Text fw={600}>
                    <bdi>{row.name}</bdi>{' '}
                    {!row.active && (
                      <Badge component="span" data-tone="gray" className="status-badge">
                        {words.deactivated}
                      </Badge>
                    )}
                  </Text>
                  <Text size="sm" c="dimmed" className="wrap">
                    {row.email}
                  </Text>
                  <Text size="sm">
                    {row.sentence} {row.nextStep}
                  </Text>
                </div>
                <Button size="xs" variant="default" loading={say.isPending} onClick={() => say.mutate([row.crmUserId])}>
                  {words.crmSay}
                  <span className="visually-hidden">: {row.name}</span>
                </Button>
              </Group>
            </li>
          ))}
        </ul>
        {say.error && <ProblemPanel error={say.error} what={text.error.action} />}
        {steps.map((part) => (
          <div key={part.title}>
            <Title order={3} size="h5" mb={4}>
              {part.title}
            </Title>
            <List type="ordered" size="sm">
              {part.steps.map((step) => (
                <List.Item key={step.sentence}>
                  {step.sentence}{' '}
                  {step.href && (
                    <Anchor href={step.href} target="_blank" rel="noreferrer" size="sm" underline="always">
                      {words.help}
                    </Anchor>
                  )}
                </List.Item>
              ))}
            </List>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
