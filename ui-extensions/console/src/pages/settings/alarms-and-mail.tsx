import { Anchor, Button, Group, Select, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { Settings } from '../../../../../server/api.ts';
import { sendTestMail } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { CapturedNotice } from '../outbox/captured-notice.tsx';
import { Form } from './settings-form.tsx';
import { hereZone, isAddress, zones } from './zones.ts';

export function AlarmsAndMail({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState({ alarmRecipients: [...settings.alarmRecipients], quietHours: settings.quietHours });
  const wrong = draft.alarmRecipients.filter((address) => !isAddress(address));
  const { quietHours: quiet } = draft;
  return (
    <>
      <Form
        settings={settings}
        names={['alarmRecipients', 'quietHours']}
        title={text.settings.alarms}
        lead={text.settings.alarmsLead}
        draft={draft}
        toChange={(change) => change}
        affects={false}
        invalid={wrong.length > 0}
      >
        <TagsInput
          label={text.settings.alarmRecipients}
          description={text.settings.alarmRecipientsHint}
          placeholder={draft.alarmRecipients.length === 0 ? 'ops@example.com' : ''}
          value={draft.alarmRecipients}
          onChange={(value) => setDraft({ ...draft, alarmRecipients: value.map((address) => address.trim()) })}
          error={wrong.length > 0 && text.settings.notAddresses(wrong.join(', '))}
          splitChars={[',', ' ', ';']}
          acceptValueOnBlur
          clearable
          maxTags={50}
        />
        <Switch
          label={text.settings.quiet}
          description={text.settings.quietHint}
          checked={quiet !== null}
          onChange={(event) =>
            setDraft({ ...draft, quietHours: event.currentTarget.checked ? { from: '20:00', to: '07:00', timeZone: hereZone } : null })
          }
        />
        {quiet && (
          <div className="two-fields">
            <Group grow>
              <TextInput
                type="time"
                required
                label={text.settings.quietFrom}
                value={quiet.from}
                onChange={(event) => setDraft({ ...draft, quietHours: { ...quiet, from: event.currentTarget.value } })}
              />
              <TextInput
                type="time"
                required
                label={text.settings.quietTo}
                value={quiet.to}
                onChange={(event) => setDraft({ ...draft, quietHours: { ...quiet, to: event.currentTarget.value } })}
              />
            </Group>
            <Select
              label={text.settings.quietZone}
              searchable
              data={[...new Set([quiet.timeZone, ...zones])]}
              value={quiet.timeZone}
              allowDeselect={false}
              limit={100}
              onChange={(timeZone) => timeZone && setDraft({ ...draft, quietHours: { ...quiet, timeZone } })}
            />
          </div>
        )}
      </Form>
      <Delivery />
    </>
  );
}

/** Whether mail leaves this machine, and a way to see that it arrives. The mail server itself is set where the server is started. */
function Delivery() {
  const mails = useQuery(queries.mails(null));
  const [to, setTo] = useState('');
  const send = useMutation({
    mutationFn: () => sendTestMail(to.trim()),
    onSuccess: () => notifications.show({ message: text.settings.tested, color: 'teal' }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Section
      title={text.settings.delivery}
      action={
        <Anchor component={Link} to="/outbox" size="sm">
          {text.settings.openOutbox}
        </Anchor>
      }
    >
      <Stack gap="md">
        {mails.data ? <CapturedNotice mails={mails.data} /> : <Text size="sm">…</Text>}
        <Group component="form" onSubmit={submit} align="flex-end" gap="sm">
          <TextInput
            type="email"
            required
            label={text.settings.testTo}
            value={to}
            flex="1 1 220px"
            maxLength={320}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={send.isPending} disabled={!isAddress(to.trim())}>
            {text.settings.test}
          </Button>
        </Group>
        {send.error && <ProblemPanel error={send.error} what={text.error.action} />}
      </Stack>
    </Section>
  );
}
