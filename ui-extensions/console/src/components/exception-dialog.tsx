import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createException, deleteException } from '../api/client.ts';
import { useDecision } from '../api/use-decision.tsx';
import { text } from '../text.ts';
import { day } from './day.ts';
import { Dialog } from './dialog.tsx';
import { ProblemPanel } from './problem-panel.tsx';

/** Leaves these license holders alone until a day, with why. One after the other: whoever is left when one is refused stays as they were. */
export function ExceptionDialog({
  licenseIds,
  opened,
  onClose,
  onSaved,
}: {
  licenseIds: readonly string[];
  opened: boolean;
  onClose: () => void;
  onSaved?: () => void;
}) {
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(day(90));
  const decide = useDecision(
    async ({ reason, until }: { reason: string; until: string }) => {
      const made: string[] = [];
      for (const licenseId of licenseIds) made.push((await createException({ licenseId, reason, until })).id);
      return made;
    },
    text.person.exceptionsSaved(licenseIds.length),
    async (_, made) => {
      for (const id of made) await deleteException(id);
    },
  );
  return (
    <Dialog opened={opened} onClose={onClose} title={text.person.exceptOf(licenseIds.length)}>
      <Stack
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate(
            { reason: reason.trim(), until },
            {
              onSuccess: () => {
                onClose();
                onSaved?.();
              },
            },
          );
        }}
      >
        <Text size="sm" c="dimmed">
          {text.person.exceptBody(licenseIds.length)}
        </Text>
        <Textarea
          label={text.person.exceptReason}
          placeholder={text.person.exceptReasonHint}
          required
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          type="date"
          label={text.person.exceptUntil}
          required
          min={day(1)}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        {decide.error && <ProblemPanel error={decide.error} what={text.error.action} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={decide.isPending}>
            {text.person.exceptSave}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
