import { Badge, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { FirstInvitations } from '../../../../../server/api.ts';
import { answerFirst, askFirst } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { MessageDialog } from './message-dialog.tsx';

type Row = FirstInvitations['rows'][number];
const shown = new URLSearchParams({ limit: '100' });

/** CRM users who should have a license and have none; nothing where there are none. */
export function FirstInvitationList() {
  const words = text.invitations;
  const client = useQueryClient();
  const { data } = useQuery(queries.firstInvitations(shown));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const answer = useMutation({
    mutationFn: (crmUserId: string) => answerFirst(crmUserId, 'added'),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  if (!data || data.rows.length === 0) return null;
  const unanswered = data.rows.filter((row) => row.answer === null);
  const keys = unanswered.filter(({ key }) => chosen.has(key)).map(({ key }) => key);
  const toAsk = keys.length > 0 ? keys : unanswered.filter(({ asked }) => asked === null).map(({ key }) => key);
  const toggle = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  return (
    <Section
      title={words.first}
      lead={words.firstLead}
      action={
        <Button disabled={toAsk.length === 0} onClick={() => setAsking(toAsk)}>
          {words.askFirst(toAsk.length)}
        </Button>
      }
    >
      <Stack gap="sm">
        <ul className="plain-list divided">
          {data.rows.map((row) => (
            <li key={row.key}>
              <Group gap="sm" py="xs" align="flex-start" wrap="nowrap">
                <Checkbox
                  aria-label={text.choose.one(row.name)}
                  checked={chosen.has(row.key)}
                  disabled={row.answer !== null}
                  onChange={() => toggle(row.key)}
                />
                <div>
                  <Link to={personHref(row.key)} className="person-link">
                    <bdi>{row.name}</bdi>
                  </Link>{' '}
                  <StateBadge row={row} />
                  <Text size="sm" c="dimmed" className="wrap">
                    {row.email}
                  </Text>
                  <Text size="sm">{row.sentence}</Text>
                  {row.asked && row.answer === null && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      mt={4}
                      loading={answer.isPending}
                      onClick={() => answer.mutate(row.crmUserId)}
                    >
                      {words.answerFor}
                      <span className="visually-hidden">: {row.name}</span>
                    </Button>
                  )}
                </div>
              </Group>
            </li>
          ))}
        </ul>
        {answer.error && <ProblemPanel error={answer.error} what={text.error.action} />}
        {data.total > data.rows.length && (
          <Text size="sm" c="dimmed">
            {words.moreFirst(data.rows.length, data.total)}
          </Text>
        )}
      </Stack>
      {asking && (
        <MessageDialog
          kind="address"
          ids={[]}
          title={words.askTitle(asking.length)}
          lead={words.askLead}
          send={() => askFirst(asking)}
          said={words.sent}
          onClose={() => setAsking(null)}
        />
      )}
    </Section>
  );
}

function StateBadge({ row }: { row: Row }) {
  const words = text.invitations;
  const [tone, label] = row.ready
    ? (['teal', words.ready] as const)
    : row.answer !== null
      ? (['red', words.wrongPerson] as const)
      : row.asked
        ? (['blue', words.asked] as const)
        : (['gray', words.notAsked] as const);
  return (
    <Badge data-tone={tone} className="status-badge">
      {label}
    </Badge>
  );
}
