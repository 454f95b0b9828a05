import { Alert, Button, ErrorState, Flex, Text } from '@hubspot/ui-extensions';
import type { PanelProblem } from './panel-problem.ts';
import type { Words } from './panel-types.ts';

/** The server's word; where it never answered there is none but the panel's own. */
export const retryOf = (words: Words | null): string => words?.retry ?? 'Try again';

/** In the place of what could not be read: what failed, what to do, and once more. Where rights are missing, asking again helps nobody. */
export function ProblemState({ problem, words, onRetry }: { problem: PanelProblem; words: Words | null; onRetry: () => void }) {
  const isLocked = problem.kind === 'no-rights' || problem.kind === 'not-connected';
  return (
    <ErrorState title={problem.title} type={isLocked ? 'lock' : 'error'}>
      {problem.detail && <Text>{problem.detail}</Text>}
      {problem.kind !== 'no-rights' && <Button onClick={onRetry}>{retryOf(words)}</Button>}
    </ErrorState>
  );
}

/** Above what is still shown: the newest try to read it, or to change it, failed. */
export function ProblemAlert({ problem, words, onRetry }: { problem: PanelProblem | null; words: Words; onRetry?: () => void }) {
  if (!problem) return null;
  return (
    <Alert title={problem.title} variant={problem.kind === 'refused' ? 'warning' : 'danger'}>
      <Flex direction="column" align="start" gap="xs">
        {problem.detail && <Text>{problem.detail}</Text>}
        {onRetry && (
          <Button size="xs" onClick={onRetry}>
            {retryOf(words)}
          </Button>
        )}
      </Flex>
    </Alert>
  );
}
