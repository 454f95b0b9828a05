import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClockPause, IconRefresh, IconUnlink } from '@tabler/icons-react';
import type { Person } from '../../../../../server/api.ts';
import { createException, createLink, createObservedAnswer, deleteException, deleteLink } from '../../api/client.ts';
import { useCompareAgain, useDecision } from '../../api/use-decision.tsx';
import { day } from '../../components/day.ts';
import { ExceptionDialog } from '../../components/exception-dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { HandOver } from './hand-over.tsx';

/** Who may have left: only their license is taken for good. */
const leavers: ReadonlySet<Person['finding']['reason']> = new Set(['crm-user-inactive', 'no-crm-user']);

/** What people decided about this person, with the way back, and what they can decide now. */
export function Decisions({ person, runId }: { person: Person; runId: string | null }) {
  const { finding, link, exception, observedAnswers } = person;
  const licenseId = finding.license?.id;
  const [opened, { open, close }] = useDisclosure();
  const unlink = useDecision(deleteLink, text.person.unlinked, () => {
    const { crmUserId, note, reviewOn } = link!;
    const isAhead = reviewOn !== null && reviewOn > day(0);
    return createLink({ licenseId: licenseId!, crmUserId, ...(note && { note }), ...(isAhead && { reviewOn }) });
  });
  const endException = useDecision(deleteException, text.person.exceptionEnded, () => {
    const { reason, until } = exception!;
    return createException({ licenseId: licenseId!, reason, until });
  });
  const answer = useDecision(createObservedAnswer, text.person.answerSaved);
  const again = useCompareAgain(runId);
  if (!licenseId) return null;
  const answered = observedAnswers[0];
  const pending =
    (link && finding.rule !== 'link') || (!link && finding.rule === 'link') || (exception !== null) !== (finding.status === 'excepted');
  const failed = unlink.error ?? endException.error ?? answer.error;

  return (
    <Section title={text.person.decisions}>
      <Stack gap="md">
        {link && (
          <div className="decision">
            <Text size="sm">
              {text.person.linkedBy(link.author, formatDate(link.at))} <bdi className="marked-email">{link.crmUserId}</bdi>
            </Text>
            {link.note && (
              <Text size="sm" className="wrap">
                <bdi>{link.note}</bdi>
              </Text>
            )}
            {link.reviewOn && <Text size="sm">{text.identity.again(formatDate(link.reviewOn))}</Text>}
            {finding.also.includes('email-moved-since-link') && (
              <Text size="sm" fw={600}>
                {text.also['email-moved-since-link']}
              </Text>
            )}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconUnlink size={14} aria-hidden />}
              loading={unlink.isPending}
              onClick={() => unlink.mutate(link.id)}
            >
              {text.person.unlink}
            </Button>
          </div>
        )}
        {exception ? (
          <div className="decision">
            <Text size="sm">{text.person.exceptedBy(formatDate(exception.until), exception.author, exception.reason)}</Text>
            <Button size="xs" variant="default" loading={endException.isPending} onClick={() => endException.mutate(exception.id)}>
              {text.person.endException}
            </Button>
          </div>
        ) : (
          <Button variant="default" leftSection={<IconClockPause size={16} aria-hidden />} onClick={open}>
            {text.person.except}
          </Button>
        )}
        {finding.license && leavers.has(finding.reason) && (
          <ReclaimButton licenseId={finding.license.id} label={text.licenses.reclaimOne} />
        )}
        {finding.license && <HandOver licenseId={licenseId} name={finding.license.name || text.common.noName} />}
        <div className="decision">
          <Text size="sm" fw={600}>
            {text.person.question}
          </Text>
          <Text size="sm" c="dimmed">
            {answered
              ? text.person.answered(text.verdicts[answered.verdict], formatDate(answered.on), answered.author)
              : text.person.questionHint}
          </Text>
          <Group gap="xs">
            {(['matched', 'not-matched'] as const).map((verdict) => (
              <Button
                key={verdict}
                size="xs"
                variant="default"
                loading={answer.isPending && answer.variables.verdict === verdict}
                onClick={() => answer.mutate({ licenseId, verdict, on: day(0) })}
              >
                {text.verdicts[verdict]}
              </Button>
            ))}
          </Group>
        </div>
        {failed && <ProblemPanel error={failed} what={text.error.action} />}
        {(pending || answer.isSuccess) && runId && (
          <div className="decision pending">
            <Text size="sm">{text.person.countsNext}</Text>
            <Button size="xs" leftSection={<IconRefresh size={14} aria-hidden />} loading={again.isPending} onClick={() => again.mutate()}>
              {text.person.compareNow}
            </Button>
          </div>
        )}
      </Stack>
      <ExceptionDialog licenseIds={[licenseId]} opened={opened} onClose={close} />
    </Section>
  );
}
