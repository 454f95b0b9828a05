import { Alert, AutoGrid, Flex, Heading, LoadingButton, NumberInput, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { AskServer } from './ask-server.ts';
import { Loading } from './loading.tsx';
import { Sources } from './overview.tsx';
import type { Limits, Settings, Words } from './panel-types.ts';
import { ProblemAlert, ProblemState } from './problem-state.tsx';
import { Section } from './section.tsx';
import { useAction } from './use-action.ts';
import { useAnswer } from './use-answer.ts';

interface SettingsPageProps {
  readonly ask: Pick<AskServer, 'panel' | 'schedules' | 'settings' | 'saveLimits'>;
}

/** Connection, schedule and limits. Only limits can be changed here, and only by whoever may act. */
export function SettingsPage({ ask }: SettingsPageProps) {
  const panel = useAnswer('panel', ask.panel);
  const schedules = useAnswer('schedules', ask.schedules);
  const settings = useAnswer('settings', ask.settings);
  if (!panel.value) {
    return panel.problem ? <ProblemState problem={panel.problem} words={null} onRetry={panel.reload} /> : <Loading words={null} />;
  }
  const { words, viewer, title } = panel.value;
  return (
    <Flex direction="column" gap="md">
      <Heading>{title}</Heading>
      {viewer.sentence && <Alert title={viewer.sentence} variant="info" />}
      <Sources panel={panel.value} />
      {schedules.problem ? (
        <ProblemState problem={schedules.problem} words={words} onRetry={schedules.reload} />
      ) : (
        schedules.value?.rows.map(({ id, name, words: when }) => (
          <Flex key={id} direction="column" gap="flush">
            <Text format={{ fontWeight: 'bold' }}>{name}</Text>
            <Text>{when}</Text>
          </Flex>
        ))
      )}
      {settings.value ? (
        <LimitsForm stored={settings.value} mayChange={viewer.canAct} words={words} ask={ask} />
      ) : settings.problem ? (
        <ProblemState problem={settings.problem} words={words} onRetry={settings.reload} />
      ) : (
        <Loading words={words} />
      )}
    </Flex>
  );
}

interface LimitsFormProps {
  readonly stored: Settings;
  readonly mayChange: boolean;
  readonly words: Words;
  readonly ask: Pick<AskServer, 'saveLimits'>;
}

function LimitsForm({ stored, mayChange, words, ask }: LimitsFormProps) {
  const [limits, setLimits] = useState(stored.limits);
  const [saved, setSaved] = useState(stored.limits);
  const action = useAction();
  const [isSaved, setIsSaved] = useState(false);
  // In the order of the server's words.
  const names = Object.keys(words).flatMap((word) =>
    word.endsWith('_hint') ? word.slice('limit_'.length, -'_hint'.length) : [],
  ) as (keyof Limits)[];
  const isChanged = names.some((name) => limits[name] !== saved[name]);
  return (
    <Section title={words.limits}>
      <Text>{words.limitsLead}</Text>
      <AutoGrid columnWidth={280} flexible gap="md">
        {names.map((name) => (
          <NumberInput
            key={name}
            label={words[`limit_${name}`] ?? name}
            description={words[`limit_${name}_hint`]}
            name={name}
            value={limits[name]}
            readOnly={!mayChange}
            onChange={(value) => setLimits((last) => ({ ...last, [name]: value }))}
          />
        ))}
      </AutoGrid>
      <ProblemAlert problem={action.problem} words={words} />
      {mayChange && (
        <Flex align="center" gap="sm">
          <LoadingButton
            variant="primary"
            loading={action.busy !== null}
            disabled={!isChanged || action.busy !== null}
            onClick={() =>
              action.run(`limits ${JSON.stringify(limits)}`, async (key) => {
                const now = await ask.saveLimits(limits, key);
                setLimits(now.limits);
                setSaved(now.limits);
                setIsSaved(true);
              })
            }
          >
            {words.save}
          </LoadingButton>
          {isSaved && !isChanged && action.busy === null && <Text>{words.limitsSaved}</Text>}
        </Flex>
      )}
    </Section>
  );
}
