import '../settings/settings.css';

import { Checkbox, Group, NumberInput, Radio, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Licenses, Settings } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { Form } from '../settings/settings-form.tsx';

type Facts = Settings['contractFacts'];
type Answer = 'yes' | 'no' | 'unknown';

const answerOf = (value: boolean | null): Answer => (value === null ? 'unknown' : value ? 'yes' : 'no');
const meantBy = (answer: string): boolean | null => (answer === 'unknown' ? null : answer === 'yes');

/** What only a person can say of the contract; asked once, and shown with what follows from it. */
export function ContractFacts({ licenses }: { licenses: Licenses }) {
  const { data: settings, error, refetch } = useQuery(queries.settings);
  if (error && !settings) return <ProblemPanel error={error} what={text.error.settings} onRetry={refetch} />;
  return settings ? <FactsForm settings={settings} facts={licenses.facts} /> : <Loading heights={[240]} />;
}

function FactsForm({ settings, facts }: { settings: Settings; facts: Licenses['facts'] }) {
  const [draft, setDraft] = useState<Facts>(settings.contractFacts);
  const change = (part: Partial<Facts>): void => setDraft({ ...draft, ...part });
  return (
    <Form
      settings={settings}
      names={['contractFacts']}
      title={text.licenses.facts}
      lead={text.licenses.factsLead}
      draft={draft}
      // Whoever saves without choosing one says that there is none.
      toChange={(saved) => ({ contractFacts: { ...saved, sharedProducts: saved.sharedProducts ?? [] } })}
      affects={false}
    >
      {facts.questions.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {text.licenses.asked}
          </Text>
          <ul className="evidence">
            {facts.questions.map((question) => (
              <li key={question}>{question}</li>
            ))}
          </ul>
        </div>
      )}
      {facts.sentences.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {text.licenses.known}
          </Text>
          <ul className="evidence">
            {facts.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="two-fields">
        {(['advancedPlus', 'advanced', 'teamLinkExtend'] as const).map((kind) => (
          <NumberInput
            key={kind}
            label={text.licenses.purchased[kind]}
            value={draft.purchased[kind] ?? ''}
            min={0}
            allowDecimal={false}
            allowNegative={false}
            onChange={(value) => change({ purchased: { ...draft.purchased, [kind]: typeof value === 'number' ? value : null } })}
          />
        ))}
      </div>
      <Radio.Group
        label={text.licenses.way}
        value={draft.bought ?? 'unknown'}
        onChange={(way) => change({ bought: way === 'unknown' ? null : (way as Facts['bought']) })}
      >
        <Stack gap="xs" mt="xs">
          {(['online', 'representative'] as const).map((way) => (
            <Radio key={way} value={way} label={text.licenses.ways[way]} />
          ))}
          <Radio value="unknown" label={text.licenses.dontKnow} />
        </Stack>
      </Radio.Group>
      <YesNo label={text.licenses.sso} value={draft.sso} onChange={(sso) => change({ sso })} />
      <YesNo label={text.licenses.scim} value={draft.scim} onChange={(scim) => change({ scim })} />
      {draft.scim === true && (
        <TextInput
          label={text.licenses.scimOwner}
          maxLength={200}
          value={draft.scimOwner}
          onChange={({ currentTarget }) => change({ scimOwner: currentTarget.value })}
        />
      )}
      <Checkbox.Group
        label={text.licenses.products}
        description={text.licenses.productsHint}
        value={[...(draft.sharedProducts ?? [])]}
        onChange={(products) => change({ sharedProducts: products as NonNullable<Facts['sharedProducts']> })}
      >
        <Group gap="md" mt="xs">
          {facts.products.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </Group>
      </Checkbox.Group>
      <TagsInput
        label={text.licenses.uploaders}
        description={text.licenses.uploadersHint}
        value={[...draft.uploaders]}
        onChange={(uploaders) => change({ uploaders: uploaders.map((name) => name.trim()) })}
        acceptValueOnBlur
        clearable
      />
    </Form>
  );
}

function YesNo({ label, value, onChange }: { label: string; value: boolean | null; onChange: (value: boolean | null) => void }) {
  return (
    <Radio.Group label={label} value={answerOf(value)} onChange={(answer) => onChange(meantBy(answer))}>
      <Group gap="md" mt="xs">
        <Radio value="yes" label={text.licenses.yesNo.yes} />
        <Radio value="no" label={text.licenses.yesNo.no} />
        <Radio value="unknown" label={text.licenses.dontKnow} />
      </Group>
    </Radio.Group>
  );
}
