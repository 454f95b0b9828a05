import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { text } from '../text.ts';
import { repeatReconciliation } from './client.ts';

/** Time enough to notice a slip. */
const undoMs = 12_000;

/**
 * Stores a decision, says so, and reads the person again.
 * @param undo the opposite decision, offered beside what is said; absent where nothing takes it back
 */
export function useDecision<Input, Answer>(
  decide: (input: Input) => Promise<Answer>,
  said: string | ((input: Input) => string),
  undo?: (input: Input, answer: Answer) => Promise<unknown>,
) {
  const client = useQueryClient();
  const readAgain = () => Promise.all(['person', 'people', 'decisions'].map((first) => client.invalidateQueries({ queryKey: [first] })));
  return useMutation({
    mutationFn: decide,
    onSuccess: async (answer, input) => {
      const sentence = typeof said === 'string' ? said : said(input);
      if (!undo) notifications.show({ message: sentence, color: 'teal' });
      else {
        const takeBack = async (): Promise<void> => {
          notifications.hide(id);
          try {
            await undo(input, answer);
            notifications.show({ message: text.undo.done, color: 'teal' });
          } catch (error) {
            notifications.show({ title: text.undo.failed, message: error instanceof Error ? error.message : '', color: 'red' });
          }
          await readAgain();
        };
        const id = notifications.show({
          message: (
            <Group justify="space-between" gap="sm" wrap="nowrap">
              <span>{sentence}</span>
              <Button size="compact-sm" variant="default" onClick={takeBack}>
                {text.undo.action}
              </Button>
            </Group>
          ),
          color: 'teal',
          autoClose: undoMs,
        });
      }
      await readAgain();
    },
  });
}

/** Decisions count from the next comparison: this starts it with the same two files. */
export function useCompareAgain(runId: string | null) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => repeatReconciliation(runId!),
    onSuccess: (run) => navigate(`/compare?run=${run.id}`),
    onError: (error) => notifications.show({ title: text.error.compare, message: error.message, color: 'red' }),
  });
}
