import { Alert, Flex, Text } from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import type { AskServer } from './ask-server.ts';
import { Loading } from './loading.tsx';
import { PanelProblem } from './panel-problem.ts';
import { PersonSummary } from './person-detail.tsx';
import { ProblemState } from './problem-state.tsx';
import { useAnswer } from './use-answer.ts';

interface OwnerCardProps {
  readonly ask: Pick<AskServer, 'record'>;
  /** HubSpot's number of the record's owner; null: the record has none. */
  readonly readOwner: () => Promise<string | null>;
  /** Calls back when somebody gives the record to another owner while it is open. */
  readonly onOwnerChange: (changed: (ownerId: string | null) => void) => void;
}

/** The panel's own words once more: no server was asked. */
const unreadable = (cause: unknown): never => {
  throw new PanelProblem('unavailable', 'HubSpot does not say who owns this record.', 'Reload the page.', { cause });
};

/** On a contact, a company or a deal: whether its owner's Sales Navigator syncs, why not, and what to do. */
export function OwnerCard({ ask, readOwner, onOwnerChange }: OwnerCardProps) {
  const [changedTo, setChangedTo] = useState<{ ownerId: string | null } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: HubSpot is told once; it has no way to take it back
  useEffect(() => onOwnerChange((ownerId) => setChangedTo({ ownerId })), []);
  const record = useAnswer(JSON.stringify(changedTo), async () => {
    const ownerId = changedTo ? changedTo.ownerId : await readOwner().catch(unreadable);
    return ask.record(ownerId);
  });
  if (!record.value) {
    return record.problem ? <ProblemState problem={record.problem} words={null} onRetry={record.reload} /> : <Loading words={null} />;
  }
  const { heading, sentence, person, warning, words } = record.value;
  return (
    <Flex direction="column" gap="sm">
      <Text format={{ fontWeight: 'bold' }}>{person?.name ?? heading}</Text>
      {warning && <Alert title={warning} variant="warning" />}
      {person ? <PersonSummary person={person} words={words} /> : <Text>{sentence}</Text>}
    </Flex>
  );
}
