import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleCheckFilled, IconMinus, IconQuestionMark, IconX } from '@tabler/icons-react';
import type { Explanation } from '../../../../../server/api.ts';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

type Outcome = Explanation['trace'][number]['outcome'];

const outcomeIcons = {
  decided: IconCircleCheckFilled,
  agrees: IconCheck,
  contradicts: IconAlertTriangle,
  'no-match': IconX,
  'not-applicable': IconMinus,
} as const satisfies Record<Outcome, typeof IconX>;
const answerIcons = { yes: IconCircleCheckFilled, no: IconX, unknown: IconQuestionMark } as const;

/** How the verdict came about: every rule in order with what it found, then every question up to the one that decided. */
export function ExplanationSection({ explanation }: { explanation: Explanation }) {
  const decided = explanation.ladder.findIndex((step) => step.answer === 'yes');
  return (
    <Section title={text.person.explanation} lead={text.person.explanationLead}>
      <div className="explanation">
        <div>
          <h3>{text.person.rulesTried}</h3>
          <ol className="steps">
            {explanation.trace.map((step) => {
              const Icon = outcomeIcons[step.outcome];
              return (
                <li key={step.rule} data-outcome={step.outcome}>
                  <span className="step-icon">
                    <Icon size={14} aria-hidden />
                  </span>
                  <div>
                    <Text size="sm" fw={600} component="div">
                      {text.rules[step.rule]} <span className="outcome">{text.outcomes[step.outcome]}</span>
                    </Text>
                    {step.detail && (
                      <Text size="sm" c="dimmed" className="wrap">
                        <bdi>{step.detail}</bdi>
                      </Text>
                    )}
                  </div>
                </li>
              );
            })}
          </ol>
        </div>
        <div>
          <h3>{text.person.ladder}</h3>
          <ol className="steps">
            {explanation.ladder.map((step, index) => {
              const Icon = answerIcons[step.answer];
              const outcome = index === decided ? 'decided' : step.answer === 'unknown' ? 'not-applicable' : 'no-match';
              return (
                <li key={step.question} data-outcome={outcome}>
                  <span className="step-icon">
                    <Icon size={14} aria-hidden />
                  </span>
                  <div>
                    <Text size="sm" fw={index === decided ? 600 : 500} component="div">
                      {step.question} <span className="outcome">{text.answers[step.answer]}</span>
                    </Text>
                    {step.detail && (
                      <Text size="sm" c="dimmed" className="wrap">
                        <bdi>{step.detail}</bdi>
                      </Text>
                    )}
                  </div>
                </li>
              );
            })}
          </ol>
        </div>
      </div>
    </Section>
  );
}
