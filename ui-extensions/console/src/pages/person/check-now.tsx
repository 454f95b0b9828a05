import { Button, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Person } from '../../../../../server/api.ts';
import { checkPerson } from '../../api/client.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { RunProgress } from '../../components/run-progress.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** Compares the newest files of both sides now, and says here what they mean for this person. */
export function CheckNow({ person }: { person: Person }) {
  const client = useQueryClient();
  const { finding } = person;
  const [before, setBefore] = useState('');
  const [done, setDone] = useState(false);
  const check = useMutation({
    mutationFn: () => checkPerson(finding.key),
    onMutate: () => {
      setBefore(finding.label);
      setDone(false);
    },
  });
  const ended = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['person', finding.key] });
    setDone(true);
  };
  return (
    <Section title={text.person.check} lead={text.person.checkLead}>
      <Stack gap="md" align="stretch">
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {text.person.checkAction}
        </Button>
        {check.error && <ProblemPanel error={check.error} what={text.error.compare} />}
        {check.data && !done && <RunProgress key={check.data.id} id={check.data.id} onDone={ended} />}
        {check.data && done && (
          <div role="status" className="decision">
            <Text size="sm" fw={600}>
              {before === finding.label ? (
                text.person.checkSame(finding.label)
              ) : (
                <>
                  {before} <IconArrowRight size={13} aria-label={text.person.checkNow} className="inline-icon" /> {finding.label}
                </>
              )}
            </Text>
            <Text size="sm" c="dimmed" className="wrap">
              {check.data.sentence}
            </Text>
            <Text size="sm">
              <Link to={`/runs/${check.data.id}`}>{text.person.checkRun}</Link>
            </Text>
          </div>
        )}
      </Stack>
    </Section>
  );
}
