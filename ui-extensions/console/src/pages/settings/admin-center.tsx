import { Anchor, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import { Form } from './settings-form.tsx';

type Center = Settings['adminCenter'];
type Page = Center['links'][number]['page'];

/** Which of LinkedIn's admin pages an admin sees, and their addresses where they differ from the known ones. */
export function AdminCenter({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState<Center>(settings.adminCenter);
  const own = (page: Page): string => draft.links.find((link) => link.generation === draft.generation && link.page === page)?.href ?? '';
  const write = (page: Page, href: string): void => {
    const others = draft.links.filter((link) => link.generation !== draft.generation || link.page !== page);
    setDraft({ ...draft, links: href.trim() === '' ? others : [...others, { generation: draft.generation, page, href: href.trim() }] });
  };
  return (
    <Form
      settings={settings}
      names={['adminCenter']}
      title={text.settings.center}
      lead={text.settings.centerLead}
      draft={draft}
      toChange={(adminCenter) => ({ adminCenter })}
      affects={false}
    >
      <Radio.Group
        label={text.settings.centerSee}
        value={draft.generation}
        onChange={(generation) => setDraft({ ...draft, generation: generation as Center['generation'] })}
      >
        <Stack gap="xs" mt={6}>
          {(['admin-center', 'account-center', 'seat-management'] as const).map((generation) => (
            <Radio key={generation} value={generation} label={text.settings.generations[generation]} />
          ))}
        </Stack>
      </Radio.Group>
      {settings.adminCenterPages.map(({ page, known }) => (
        <Stack key={page} gap={4}>
          <TextInput
            type="url"
            label={text.settings.centerPages[page]}
            placeholder={known}
            value={own(page)}
            maxLength={500}
            onChange={(event) => write(page, event.currentTarget.value)}
          />
          <Text size="sm">
            <Anchor href={own(page) || known} target="_blank" rel="noreferrer" inherit>
              {text.settings.centerTry(text.settings.centerPages[page])}
            </Anchor>
          </Text>
        </Stack>
      ))}
    </Form>
  );
}
