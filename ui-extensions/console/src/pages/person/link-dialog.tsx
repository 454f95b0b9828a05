import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createLink } from '../../api/client.ts';
import { useCompareAgain, useDecision } from '../../api/use-decision.tsx';
import { day } from '../../components/day.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { type ChosenUser, CrmUserSearch } from './crm-user-search.tsx';

/** Links a license to one CRM user, with why and when to look at it again; `search`: whom, is found in the dialog. */
export function LinkDialog({
  licenseId,
  holder,
  chosen,
  runId,
  onClose,
}: {
  licenseId: string;
  holder: string;
  chosen: ChosenUser | 'search' | null;
  runId: string | null;
  onClose: () => void;
}) {
  return (
    <Dialog opened={chosen !== null} onClose={onClose} title={text.person.linkTitle}>
      {chosen && <Fields licenseId={licenseId} holder={holder} chosen={chosen} runId={runId} onClose={onClose} />}
    </Dialog>
  );
}

function Fields({ licenseId, holder, chosen, runId, onClose }: Parameters<typeof LinkDialog>[0] & { chosen: ChosenUser | 'search' }) {
  const [user, setUser] = useState<ChosenUser | null>(chosen === 'search' ? null : chosen);
  const [reason, setReason] = useState('');
  const [reviewOn, setReviewOn] = useState('');
  const decide = useDecision(createLink, text.person.linked);
  const again = useCompareAgain(runId);
  const link = (onSuccess: () => void): void => {
    if (user === null) return;
    const note = reason.trim();
    decide.mutate({ licenseId, crmUserId: user.crmUserId, ...(note && { note }), ...(reviewOn && { reviewOn }) }, { onSuccess });
  };
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        link(onClose);
      }}
    >
      {chosen === 'search' && <CrmUserSearch chosen={user} onChoose={setUser} />}
      {user && <Text size="sm">{text.person.linkBody(holder, user.name || user.email)}</Text>}
      <WhyAndWhen reason={reason} onReason={setReason} day={reviewOn} onDay={setReviewOn} />
      {decide.error && <ProblemPanel error={decide.error} what={text.error.action} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        <Button type="submit" variant="default" disabled={user === null} loading={decide.isPending}>
          {text.person.linkOnly}
        </Button>
        {runId && (
          <Button disabled={user === null} loading={decide.isPending || again.isPending} onClick={() => link(() => again.mutate())}>
            {text.person.linkAndCompare}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** Why somebody decides so, and the day on which to look again. */
export function WhyAndWhen({
  reason,
  onReason,
  day: chosen,
  onDay,
  isReasonNeeded = false,
  isDayNeeded = false,
}: {
  reason: string;
  onReason: (reason: string) => void;
  day: string;
  onDay: (day: string) => void;
  isReasonNeeded?: boolean;
  isDayNeeded?: boolean;
}) {
  return (
    <>
      <Textarea
        label={text.person.reason}
        placeholder={text.person.whyHint}
        required={isReasonNeeded}
        maxLength={1000}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => onReason(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        type="date"
        label={text.person.reviewOn}
        description={isDayNeeded ? undefined : text.person.reviewOnHint}
        required={isDayNeeded}
        min={day(1)}
        value={chosen}
        onChange={(event) => onDay(event.currentTarget.value)}
      />
    </>
  );
}
