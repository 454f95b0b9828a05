import { TagsInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import { Form } from './settings-form.tsx';

const isUser = (value: string): boolean => /^(?:\d{1,20}|[^\s@]+@[^\s@]+)$/u.test(value);

/** Who may use the panel in HubSpot beside super admins. In Salesforce its permissions say it. */
export function PanelUsers({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState({ mayAct: [...settings.panelUsers.mayAct], mayRead: [...settings.panelUsers.mayRead] });
  const wrong = [...draft.mayAct, ...draft.mayRead].filter((one) => !isUser(one));
  const list = (name: keyof typeof draft, label: string, hint: string) => (
    <TagsInput
      label={label}
      description={hint}
      placeholder={draft[name].length === 0 ? 'ann@example.com' : ''}
      value={draft[name]}
      onChange={(value) => setDraft({ ...draft, [name]: value.map((one) => one.trim().toLowerCase()) })}
      error={draft[name].some((one) => wrong.includes(one)) && text.settings.notUsers(wrong.join(', '))}
      splitChars={[',', ' ', ';']}
      acceptValueOnBlur
      clearable
      maxTags={1000}
    />
  );
  return (
    <Form
      settings={settings}
      names={['panelUsers']}
      title={text.settings.panelUsers}
      lead={text.settings.panelUsersLead}
      draft={draft}
      toChange={(panelUsers) => ({ panelUsers })}
      affects={false}
      invalid={wrong.length > 0}
    >
      {list('mayAct', text.settings.mayAct, text.settings.mayActHint)}
      {list('mayRead', text.settings.mayRead, text.settings.mayReadHint)}
    </Form>
  );
}
