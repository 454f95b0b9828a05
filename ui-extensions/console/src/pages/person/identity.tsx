import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { IdentityAnswer, Person } from '../../../../../server/api.ts';
import { createIdentityAnswer, deleteIdentityAnswer } from '../../api/client.ts';
import { useDecision } from '../../api/use-decision.tsx';
import { day } from '../../components/day.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { ChosenUser } from './crm-user-search.tsx';
import { LinkDialog, WhyAndWhen } from './link-dialog.tsx';
import { SuggestedPerson } from './suggested-person.tsx';

/** Whether the ids, links or history of a license point to somebody else than its email. */
export const isConflict = ({ finding }: Person): boolean =>
  finding.reason === 'identity-conflict' || finding.also.includes('identity-conflict');

/** The four answers to "who uses this license?". Each is kept with why and by whom; none changes anything in LinkedIn or the CRM. */
export function Identity({ person, runId }: { person: Person; runId: string | null }) {
  const { finding, link, identityAnswer } = person;
  const [chosen, setChosen] = useState<ChosenUser | 'search' | null>(null);
  const [other, setOther] = useState<IdentityAnswer['answer'] | null>(null);
  const takeBack = useDecision(deleteIdentityAnswer, text.identity.takenBack, () => {
    const { licenseId: of, answer, reason, reviewOn } = identityAnswer!;
    return createIdentityAnswer({ licenseId: of, answer, reason, ...(reviewOn && { reviewOn }) });
  });
  const licenseId = finding.license?.id;
  if (!licenseId || (!isConflict(person) && !identityAnswer)) return null;
  return (
    <Section title={text.identity.title} lead={text.identity.lead}>
      <Stack gap="md">
        {identityAnswer && (
          <div className="decision">
            <Text size="sm" fw={600}>
              {text.identity.answered[identityAnswer.answer]}
            </Text>
            <Text size="sm">
              {text.identity.by(identityAnswer.author, formatDate(identityAnswer.at))} <bdi>{identityAnswer.reason}</bdi>
            </Text>
            {identityAnswer.reviewOn && <Text size="sm">{text.identity.again(formatDate(identityAnswer.reviewOn))}</Text>}
            {identityAnswer.answer === 'nobody' && <Text size="sm">{text.identity.howToTakeBack}</Text>}
            {identityAnswer.answer === 'nobody' && <ReclaimButton licenseId={licenseId} label={text.identity.plan} />}
            <Button size="xs" variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate(identityAnswer.id)}>
              {text.identity.takeBack}
            </Button>
            {takeBack.error && <ProblemPanel error={takeBack.error} what={text.error.action} />}
          </div>
        )}
        {finding.suggestions.length > 0 && (
          <ul className="plain-list divided">
            {finding.suggestions.map((suggestion) => (
              <li key={suggestion.crmUserId} className="suggestion">
                <SuggestedPerson suggestion={suggestion} detail={person.suggestionDetails[suggestion.crmUserId]}>
                  {link?.crmUserId !== suggestion.crmUserId && (
                    <Button size="xs" variant="default" onClick={() => setChosen(suggestion)}>
                      {text.identity.itIs(suggestion.name || suggestion.email)}
                    </Button>
                  )}
                </SuggestedPerson>
              </li>
            ))}
          </ul>
        )}
        <Group gap="xs">
          <Button variant="default" onClick={() => setChosen('search')}>
            {text.identity.somebodyElse}
          </Button>
          {(['nobody', 'later'] as const)
            .filter((answer) => answer !== identityAnswer?.answer)
            .map((answer) => (
              <Button key={answer} variant="default" onClick={() => setOther(answer)}>
                {text.identity.answers[answer]}
              </Button>
            ))}
        </Group>
      </Stack>
      <LinkDialog
        licenseId={licenseId}
        holder={finding.license?.name || text.common.noName}
        chosen={chosen}
        runId={runId}
        onClose={() => setChosen(null)}
      />
      <Dialog opened={other !== null} onClose={() => setOther(null)} title={other ? text.identity.answers[other] : ''}>
        {other && <Answer licenseId={licenseId} answer={other} onClose={() => setOther(null)} />}
      </Dialog>
    </Section>
  );
}

function Answer({ licenseId, answer, onClose }: { licenseId: string; answer: IdentityAnswer['answer']; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [reviewOn, setReviewOn] = useState(answer === 'later' ? day(7) : '');
  const decide = useDecision(createIdentityAnswer, text.identity.saved);
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate({ licenseId, answer, reason: reason.trim(), ...(reviewOn && { reviewOn }) }, { onSuccess: onClose });
      }}
    >
      <Text size="sm">{text.identity.means[answer]}</Text>
      <WhyAndWhen reason={reason} onReason={setReason} day={reviewOn} onDay={setReviewOn} isReasonNeeded isDayNeeded={answer === 'later'} />
      {decide.error && <ProblemPanel error={decide.error} what={text.error.action} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" loading={decide.isPending}>
          {text.identity.save}
        </Button>
      </Group>
    </Stack>
  );
}
