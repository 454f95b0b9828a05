import './settings.css';

import { ActionIcon, Button, NativeSelect, NumberInput, Radio, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconArrowRight, IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { Limits, Settings } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';
import { AdminCenter } from './admin-center.tsx';
import { AlarmsAndMail } from './alarms-and-mail.tsx';
import { ChatForm } from './chat-form.tsx';
import { Contracts } from './contracts.tsx';
import { DeliveryForm } from './delivery-form.tsx';
import { InvitationsForm } from './invitations-form.tsx';
import { PanelUsers } from './panel-users.tsx';
import { RemovalsForm } from './removals-form.tsx';
import { Form } from './settings-form.tsx';

export function SettingsPage() {
  const { data, error, refetch } = useQuery(queries.settings);
  // A contract's CRM is said in two places: each shows what was said in the other.
  const [said, say] = useState(0);
  const partsOf = (data: Settings): readonly Part[] => [
    { id: 'contracts', title: text.contracts.title, part: <Contracts onSaved={() => say(said + 1)} /> },
    { id: 'crm', title: text.settings.crm, part: <Crm key={said} settings={data} /> },
    { id: 'domains', title: text.settings.domains, part: <Domains settings={data} /> },
    { id: 'domain-aliases', title: text.settings.aliases, part: <Aliases settings={data} /> },
    { id: 'email-aliases', title: text.settings.emailAliases, part: <EmailAliases settings={data} /> },
    { id: 'scope', title: text.settings.scope, part: <Scope settings={data} /> },
    { id: 'identity', title: text.settings.identity, part: <Identity settings={data} /> },
    { id: 'alarms', title: text.settings.alarms, part: <AlarmsAndMail settings={data} /> },
    { id: 'invitations', title: text.settings.invitations, part: <InvitationsForm settings={data} /> },
    { id: 'chat', title: text.settings.chat, part: <ChatForm /> },
    { id: 'admin-center', title: text.settings.center, part: <AdminCenter settings={data} /> },
    { id: 'panel-users', title: text.settings.panelUsers, part: <PanelUsers settings={data} /> },
    { id: 'delivery', title: text.delivery.title, part: <DeliveryForm settings={data} /> },
    // What was seen over one connection is forgotten with it.
    { id: 'removals', title: text.settings.removals, part: <RemovalsForm key={JSON.stringify(data.delivery)} settings={data} /> },
    { id: 'limits', title: text.settings.limitsTitle, part: <LimitsForm settings={data} /> },
  ];
  return (
    <Page title={text.nav.settings} lead={text.settings.lead}>
      {error && !data ? (
        <ProblemPanel error={error} what={text.error.settings} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[220, 220, 220]} maw={760} />
      ) : (
        <Parts parts={partsOf(data)} />
      )}
    </Page>
  );
}

interface Part {
  /** What links from elsewhere point at. */
  readonly id: string;
  readonly title: string;
  readonly part: ReactNode;
}

/** All forms under each other, and beside them, where there is room, a list to jump by. */
function Parts({ parts }: { parts: readonly Part[] }) {
  const { hash } = useLocation();
  // The address may point at a part, and it is drawn only once the settings have come.
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <div className="settings-columns">
      <Stack gap="lg" miw={0}>
        {parts.map(({ id, part }) => (
          <div key={id} id={id} className="settings-part">
            {part}
          </div>
        ))}
      </Stack>
      <nav aria-label={text.settings.onThisPage} className="settings-jump">
        <span className="eyebrow">{text.settings.onThisPage}</span>
        <ul className="plain-list">
          {parts.map(({ id, title }) => (
            <li key={id}>
              <Link to={`#${id}`} className="quiet-link" preventScrollReset>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function Crm({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState({ crm: settings.crm, crmName: settings.crmName });
  const known = Object.keys(text.settings.crms);
  return (
    <Form
      settings={settings}
      names={['crm', 'crmName']}
      title={text.settings.crm}
      lead={text.settings.crmLead}
      draft={draft}
      toChange={(change) => change}
    >
      <div className="two-fields">
        <Select
          label={text.settings.crmKind}
          description={text.settings.crmKindHint}
          data={[...new Set([...known, draft.crm])].map((value) => ({ value, label: text.settings.crms[value] ?? value }))}
          value={draft.crm}
          allowDeselect={false}
          onChange={(crm) => crm && setDraft({ crm, crmName: crm === settings.crm ? settings.crmName : (text.settings.crms[crm] ?? crm) })}
        />
        <TextInput
          label={text.settings.crmName}
          description={text.settings.crmNameHint}
          value={draft.crmName}
          required
          maxLength={60}
          onChange={(event) => setDraft({ ...draft, crmName: event.currentTarget.value })}
        />
      </div>
    </Form>
  );
}

function Domains({ settings }: { settings: Settings }) {
  const [companyDomains, setDomains] = useState(settings.companyDomains);
  return (
    <Form
      settings={settings}
      names={['companyDomains']}
      title={text.settings.domains}
      lead={text.settings.domainsLead}
      draft={companyDomains}
      toChange={(change) => ({ companyDomains: change })}
    >
      <TagsInput
        label={text.settings.domainsLabel}
        description={text.settings.domainsHint}
        placeholder={companyDomains.length === 0 ? 'example.com' : ''}
        value={companyDomains}
        onChange={(value) => setDomains(value.map((domain) => domain.trim().toLowerCase()))}
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
        clearable
      />
    </Form>
  );
}

function Aliases({ settings }: { settings: Settings }) {
  const [aliases, setAliases] = useState(settings.domainAliases.map((alias, index) => ({ ...alias, id: index })));
  const set = (id: number, change: { old?: string; current?: string }): void =>
    setAliases(aliases.map((alias) => (alias.id === id ? { ...alias, ...change } : alias)));
  const draft = aliases.map(({ old, current }) => ({ old: old.trim().toLowerCase(), current: current.trim().toLowerCase() }));
  return (
    <Form
      settings={settings}
      names={['domainAliases']}
      title={text.settings.aliases}
      lead={text.settings.aliasesLead}
      draft={draft}
      toChange={(change) => ({ domainAliases: change.filter(({ old, current }) => old !== '' || current !== '') })}
    >
      <Stack gap="xs" component="ul" className="plain-list">
        {aliases.map((alias, index) => (
          <li key={alias.id} className="alias">
            <TextInput
              aria-label={text.settings.aliasOld(index + 1)}
              placeholder="old.example"
              value={alias.old}
              onChange={(event) => set(alias.id, { old: event.currentTarget.value })}
            />
            <IconArrowRight size={16} aria-hidden />
            <TextInput
              aria-label={text.settings.aliasCurrent(index + 1)}
              placeholder="example.com"
              value={alias.current}
              onChange={(event) => set(alias.id, { current: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={text.settings.aliasRemove(alias.old || String(index + 1))}
              onClick={() => setAliases(aliases.filter((other) => other.id !== alias.id))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </Stack>
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => setAliases([...aliases, { old: '', current: '', id: Math.max(-1, ...aliases.map((alias) => alias.id)) + 1 }])}
      >
        {text.settings.aliasAdd}
      </Button>
    </Form>
  );
}

/** One line of two addresses, however they were pasted: comma, semicolon, tab or blank between them. */
const toPair = (line: string): string[] =>
  line
    .split(/[\s,;]+/u)
    .map((part) => part.replace(/^"|"$/gu, ''))
    .filter((part) => part !== '');

function EmailAliases({ settings }: { settings: Settings }) {
  const [lines, setLines] = useState(() => settings.emailAliases.map((pair) => pair.join(', ')).join('\n'));
  const pairs = lines.split('\n').map((line, index) => ({ number: index + 1, pair: toPair(line) }));
  const wrong = pairs.filter(({ pair }) => pair.length !== 0 && (pair.length !== 2 || !pair.every((address) => address.includes('@'))));
  return (
    <Form
      settings={settings}
      names={['emailAliases']}
      title={text.settings.emailAliases}
      lead={text.settings.emailAliasesLead}
      draft={lines.trim()}
      invalid={wrong.length > 0}
      toChange={() => ({
        emailAliases: pairs.flatMap(({ pair: [second, main] }) => (second && main ? [[second, main] as [string, string]] : [])),
      })}
    >
      <Textarea
        label={text.settings.emailAliasesLabel}
        description={text.settings.emailAliasesHint}
        placeholder="a.berg@old.example, anna.berg@example.com"
        value={lines}
        rows={4}
        spellCheck={false}
        classNames={{ input: 'pairs' }}
        error={
          wrong.length > 0 &&
          text.settings.emailAliasesWrong(
            wrong
              .slice(0, 3)
              .map(({ number }) => text.settings.line(number))
              .join(', '),
          )
        }
        onChange={(event) => setLines(event.currentTarget.value)}
      />
    </Form>
  );
}

function Scope({ settings }: { settings: Settings }) {
  const given = settings.seatScope;
  const [draft, setDraft] = useState(
    typeof given === 'string'
      ? { kind: given as string, field: 'department' as string, values: [] as string[] }
      : { kind: 'field', field: given.field as string, values: [...given.values] },
  );
  return (
    <Form
      settings={settings}
      names={['seatScope']}
      title={text.settings.scope}
      lead={text.settings.scopeLead}
      draft={draft}
      toChange={({ kind, field, values }) => ({
        seatScope: kind === 'none' || kind === 'all' ? kind : { field: field as 'department' | 'title' | 'role' | 'profile', values },
      })}
    >
      <Radio.Group value={draft.kind} onChange={(kind) => setDraft({ ...draft, kind })} label={text.settings.scopeLabel}>
        <Stack gap="xs" mt="xs">
          <Radio value="none" label={text.settings.scopeNone} />
          <Radio value="all" label={text.settings.scopeAll} />
          <Radio value="field" label={text.settings.scopeField} />
        </Stack>
      </Radio.Group>
      {draft.kind === 'field' && (
        <div className="two-fields">
          <NativeSelect
            label={text.settings.scopeBy}
            description={text.settings.scopeByHint}
            data={Object.entries(text.settings.scopeFields).map(([value, label]) => ({ value, label }))}
            value={draft.field}
            onChange={(event) => setDraft({ ...draft, field: event.currentTarget.value })}
          />
          <TagsInput
            label={text.settings.scopeValues}
            description={text.settings.scopeValuesHint}
            value={draft.values}
            onChange={(values) => setDraft({ ...draft, values })}
            acceptValueOnBlur
          />
        </div>
      )}
    </Form>
  );
}

function Identity({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState({ idpName: settings.idpName, managedByDefault: settings.managedByDefault });
  return (
    <Form
      settings={settings}
      names={['idpName', 'managedByDefault']}
      title={text.settings.identity}
      lead={text.settings.identityLead}
      draft={draft}
      toChange={(change) => change}
    >
      <TextInput
        label={text.settings.idpName}
        description={text.settings.idpHint}
        value={draft.idpName}
        required
        maxLength={80}
        onChange={(event) => setDraft({ ...draft, idpName: event.currentTarget.value })}
      />
      <Radio.Group
        label={text.settings.managedBy}
        value={draft.managedByDefault}
        onChange={(value) => setDraft({ ...draft, managedByDefault: value as Settings['managedByDefault'] })}
      >
        <Stack gap="xs" mt="xs">
          {(['idp', 'linkedin', 'unknown'] as const).map((manager) => (
            <Radio key={manager} value={manager} label={text.settings.managers[manager]} />
          ))}
        </Stack>
      </Radio.Group>
    </Form>
  );
}

const limitNames = Object.keys(text.settings.limits) as (keyof Limits)[];

function LimitsForm({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState(settings.limits);
  return (
    <Form
      settings={settings}
      names={['limits']}
      title={text.settings.limitsTitle}
      lead={text.settings.limitsLead}
      draft={draft}
      toChange={(change) => ({ limits: change })}
      affects={false}
    >
      <div className="limit-fields">
        {limitNames.map((name) => (
          <NumberInput
            key={name}
            label={text.settings.limits[name].label}
            description={text.settings.limits[name].hint}
            suffix={text.settings.limits[name].unit}
            value={draft[name]}
            min={name.endsWith('Percent') ? 0 : 1}
            allowNegative={false}
            allowDecimal={name.endsWith('Percent')}
            thousandSeparator=","
            onChange={(value) => typeof value === 'number' && setDraft({ ...draft, [name]: value })}
          />
        ))}
      </div>
    </Form>
  );
}
