import { Button, Group, Stack, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { Person, Suggestion } from '../../../../../server/api.ts';
import { createLink } from '../../api/client.ts';
import { useCompareAgain, useDecision } from '../../api/use-decision.ts';
import { Dialog } from '../../components/dialog.tsx';
import { markHidden } from '../../components/mark-differences.ts';
import { MarkedEmail } from '../../components/marked-email.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** Possible owners, best first. Nothing is decided until a person links one. */
export function Suggestions({ person, runId }: { person: Person; runId: string | null }) {
  const { finding, link } = person;
  const [chosen, setChosen] = useState<Suggestion | null>(null);
  const decide = useDecision(createLink, text.person.linked);
  const again = useCompareAgain(runId);
  if (finding.suggestions.length === 0) return null;
  const licenseId = finding.license?.id;
  return (
    <Section title={text.person.suggestions} lead={text.person.suggestionsLead} flush>
      <ol className="plain-list divided">
        {finding.suggestions.map((suggestion) => (
          <li key={suggestion.crmUserId} className="suggestion">
            <div className="score" title={text.person.score}>
              <span className="score-bar" aria-hidden>
                <span style={{ height: `${suggestion.score * 100}%` }} />
              </span>
              <span className="number">
                <span className="visually-hidden">{text.person.score} </span>
                {suggestion.score.toFixed(2)}
              </span>
            </div>
            <div className="suggestion-body">
              <Text fw={600}>
                <bdi>{suggestion.name || text.common.noName}</bdi>
              </Text>
              <MarkedEmail runs={markHidden(suggestion.email)} />
              <Text size="sm" c="dimmed" mt={2}>
                {suggestion.evidence.join(' · ')}
              </Text>
            </div>
            {licenseId && link?.crmUserId !== suggestion.crmUserId && (
              <Button size="xs" variant="default" leftSection={<IconLink size={14} aria-hidden />} onClick={() => setChosen(suggestion)}>
                {text.person.link}
                <span className="visually-hidden">: {suggestion.name}</span>
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Dialog opened={chosen !== null} onClose={() => setChosen(null)} title={text.person.linkTitle}>
        {chosen && licenseId && (
          <Stack>
            <Text size="sm">{text.person.linkBody(finding.license?.name || text.common.noName, chosen.name || chosen.email)}</Text>
            {decide.error && <ProblemPanel error={decide.error} what={text.error.action} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setChosen(null)}>
                {text.common.cancel}
              </Button>
              <Button
                variant="default"
                loading={decide.isPending}
                onClick={() => decide.mutate({ licenseId, crmUserId: chosen.crmUserId }, { onSuccess: () => setChosen(null) })}
              >
                {text.person.linkOnly}
              </Button>
              {runId && (
                <Button
                  loading={decide.isPending || again.isPending}
                  onClick={() => decide.mutate({ licenseId, crmUserId: chosen.crmUserId }, { onSuccess: () => again.mutate() })}
                >
                  {text.person.linkAndCompare}
                </Button>
              )}
            </Group>
          </Stack>
        )}
      </Dialog>
    </Section>
  );
}
