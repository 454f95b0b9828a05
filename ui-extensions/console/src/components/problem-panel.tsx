import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { Problem } from '../api/problem.ts';
import { text } from '../text.ts';

/** What failed, what to do, and the server's whole answer for whoever has to look deeper. */
export function ProblemPanel({ error, what, onRetry }: { error: unknown; what: string; onRetry?: () => unknown }) {
  const problem = error instanceof Problem ? error : null;
  return (
    <Alert data-tone="red" className="banner" radius="lg" icon={<IconAlertTriangle aria-hidden />} title={what} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problem ? (problem.detail ?? problem.title) : text.error.unexpected}</Text>
        {onRetry && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => onRetry()}>
            {text.error.retry}
          </Button>
        )}
        <details className="problem-details">
          <summary>{text.error.details}</summary>
          <Code block>{problem ? JSON.stringify(problem.body, null, 2) : String(error)}</Code>
        </details>
      </Stack>
    </Alert>
  );
}
