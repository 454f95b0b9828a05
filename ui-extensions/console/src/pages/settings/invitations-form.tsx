import { Anchor, NumberInput, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import { Form } from './settings-form.tsx';

const isLinkedin = (value: string): boolean =>
  URL.canParse(value) && /^https:\/\/([^/@]+\.)?linkedin\.com(\/|$)/u.test(new URL(value).href);

const universalLinkHelp = 'https://www.linkedin.com/help/sales-navigator/answer/a456559';

type Rules = Settings['invitations'];
const numbers = [
  ['firstAfterDays', 60],
  ['cooldownDays', 60],
  ['mostReminders', 10],
  ['resendAfterDays', 60],
  ['targetPercent', 100],
] as const satisfies readonly (readonly [keyof Rules, number])[];

/** How open invitations are followed, and the link that activates them. */
export function InvitationsForm({ settings }: { settings: Settings }) {
  const words = text.settings;
  const [draft, setDraft] = useState({ invitations: settings.invitations, universalInviteLink: settings.universalInviteLink ?? '' });
  const { invitations: rules, universalInviteLink: link } = draft;
  const change = (part: Partial<Rules>) => setDraft({ ...draft, invitations: { ...rules, ...part } });
  const wrong = link.trim() !== '' && !isLinkedin(link.trim());
  return (
    <Form
      settings={settings}
      names={['invitations', 'universalInviteLink']}
      title={words.invitations}
      lead={words.invitationsLead}
      draft={draft}
      toChange={(change) => ({ ...change, universalInviteLink: change.universalInviteLink.trim() || null })}
      affects={false}
      invalid={wrong}
    >
      <Switch
        label={words.remind}
        description={words.remindHint}
        checked={rules.remind}
        onChange={(event) => change({ remind: event.currentTarget.checked })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {numbers.map(([name, max]) => (
          <NumberInput
            key={name}
            label={words[name]}
            value={rules[name]}
            min={1}
            max={max}
            allowDecimal={false}
            clampBehavior="strict"
            onChange={(value) => typeof value === 'number' && value >= 1 && change({ [name]: value })}
          />
        ))}
      </SimpleGrid>
      <TextInput
        label={words.universalLink}
        description={
          <>
            {words.universalLinkHint}{' '}
            <Anchor href={universalLinkHelp} target="_blank" rel="noreferrer" size="xs" underline="always">
              {words.universalLinkHelp}
            </Anchor>
          </>
        }
        value={link}
        maxLength={2000}
        error={wrong && words.notUniversal}
        onChange={(event) => setDraft({ ...draft, universalInviteLink: event.currentTarget.value })}
      />
    </Form>
  );
}
