import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Person, ProfileAnswer } from '../../../../../server/api.ts';
import { answerProfile, supportPacketHref } from '../../api/client.ts';
import { useDecision } from '../../api/use-decision.tsx';
import { OpenOnDesktop } from '../../components/open-on-desktop.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

/** What helps somebody into Sales Navigator, or makes it complete once they are in; and what LinkedIn support asks for. */
export function Onboarding({ person: { finding, onboarding } }: { person: Person }) {
  if (!finding.license) return null;
  return (
    <>
      {onboarding && (
        <Section title={text.onboarding.titles[onboarding.state]} lead={onboarding.sentence}>
          <Stack gap="md">
            <OpenOnDesktop />
            {onboarding.question && (
              <div className="decision">
                <Text size="sm" fw={600}>
                  {onboarding.question.sentence}
                </Text>
                <ProfileButtons licenseId={finding.license.id} name={finding.license.name} />
              </div>
            )}
            {onboarding.parts.map(({ id, title, steps }) => (
              <div key={id}>
                <Title order={3} mb={6}>
                  {title}
                </Title>
                <ol className="plan-steps">
                  {steps.map(({ sentence, href }) => (
                    <li key={sentence}>
                      {href ? (
                        <a href={href} target="_blank" rel="noreferrer">
                          {sentence}
                        </a>
                      ) : (
                        sentence
                      )}
                    </li>
                  ))}
                </ol>
              </div>
            ))}
          </Stack>
        </Section>
      )}
      <Section title={text.onboarding.support} lead={text.onboarding.supportLead}>
        <Button
          component="a"
          href={supportPacketHref(finding.key)}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {text.onboarding.packet}
        </Button>
      </Section>
    </>
  );
}

/** Do they see their usual connections? */
export function ProfileButtons({ licenseId, name }: { licenseId: string; name: string }) {
  const answer = useDecision(answerProfile, text.onboarding.answered);
  return (
    <>
      <Group gap="xs">
        {(['usual', 'second'] as const satisfies readonly ProfileAnswer['answer'][]).map((given) => (
          <Button
            key={given}
            size="xs"
            variant="default"
            loading={answer.isPending && answer.variables.answer === given}
            onClick={() => answer.mutate({ licenseId, answer: given })}
          >
            {text.onboarding.answers[given]}
            <span className="visually-hidden">: {name}</span>
          </Button>
        ))}
      </Group>
      {answer.error && <ProblemPanel error={answer.error} what={text.error.action} />}
    </>
  );
}
