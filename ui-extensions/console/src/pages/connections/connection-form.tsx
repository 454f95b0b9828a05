import { Button, Code, Collapse, Group, Loader, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconChevronLeft, IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Connection, ConnectionKind } from '../../../../../server/api.ts';
import { changeConnection, checkConnection, createConnection, signInConnection, testConnection } from '../../api/client.ts';
import { leaveContract } from '../../api/contract-address.ts';
import { Problem } from '../../api/problem.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { type SetUp, text } from '../../text.ts';
import { CheckLines } from './check-lines.tsx';
import { type Field, formOf, settingsOf, type Values, valuesOf } from './read-schema.ts';
import { SettingField } from './setting-field.tsx';

/** Makes a connection, after asking which system, or changes the one that is given. */
export function ConnectionDialog({
  connection,
  kinds,
  opened,
  onClose,
}: {
  connection: Connection | null;
  kinds: readonly ConnectionKind[];
  opened: boolean;
  onClose: () => void;
}) {
  const [type, setType] = useState<string | null>(null);
  const kind = kinds.find((one) => one.type === (connection?.type ?? type)) ?? null;
  const close = (): void => {
    setType(null);
    onClose();
  };
  const title = connection
    ? text.connections.edit(connection.name)
    : kind === null
      ? text.connections.whichSystem
      : text.connections.connect(kind.vendor);
  return (
    <Dialog opened={opened} onClose={close} size="lg" title={title} className="connection-dialog">
      {kind === null ? (
        <Systems kinds={kinds} onChoose={setType} />
      ) : (
        <ConnectionForm
          key={kind.type}
          kind={kind}
          connection={connection}
          onBack={connection ? null : () => setType(null)}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

function Systems({ kinds, onChoose }: { kinds: readonly ConnectionKind[]; onChoose: (type: string) => void }) {
  const first = useFirst<HTMLButtonElement>(true);
  return (
    <ul className="plain-list systems">
      {kinds
        .filter(({ storable }) => storable)
        .map(({ type, vendor, side }, place) => (
          <li key={type}>
            <UnstyledButton
              className="system"
              onClick={() => onChoose(type)}
              {...(place === 0 ? { 'data-autofocus': true, ref: first } : {})}
            >
              <Text span fw={600}>
                {vendor}
              </Text>
              <Text span size="xs" c="dimmed">
                {text.connections.kinds[side]}
              </Text>
              <Text span size="sm" c="dimmed" className="system-hint">
                {text.connections.vendorHints[type]}
              </Text>
            </UnstyledButton>
          </li>
        ))}
    </ul>
  );
}

/** What takes the focus when a step of the dialog comes: what had it is gone. */
function useFirst<Element extends HTMLElement>(isStep: boolean) {
  const first = useRef<Element>(null);
  useEffect(() => {
    if (isStep) first.current?.focus();
  }, [isStep]);
  return first;
}

/** Settings that a first set-up needs although they may be left out. */
const alsoFirst: readonly string[] = ['dataCenter', 'options.list', 'auth.endsAt'];
const refreshToken = 'auth.refreshToken';
/** What few need, secret or not. */
const notFirst: readonly string[] = ['sftp.passphrase'];
/** A refresh token comes by signing in; whoever has one finds its field below. */
const isFirst = ({ path, needed, kind }: Field): boolean =>
  path !== refreshToken && !notFirst.includes(path) && (needed || kind === 'secret' || alsoFirst.includes(path));

function ConnectionForm({
  kind,
  connection,
  onBack,
  onClose,
}: {
  kind: ConnectionKind;
  connection: Connection | null;
  onBack: (() => void) | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const form = useMemo(() => formOf(kind.schema), [kind]);
  const stored = connection?.secrets ?? [];
  const [name, setName] = useState(connection?.name ?? text.connections.firstNames[kind.type] ?? kind.type);
  const [values, setValues] = useState<Values>(() => firstValues(kind, connection));
  const [way, setWay] = useState(() => wayOf(form.variants, connection));
  const [more, { toggle, open }] = useDisclosure();
  const moreId = useId();
  const first = useFirst<HTMLInputElement>(connection === null);
  const variant = form.variants.find(({ id }) => id === way) ?? form.variants[0];
  const fields = [...form.fields, ...(variant?.fields ?? [])];
  const asked = () => ({ name: name.trim(), type: kind.type, settings: settingsOf(values, fields, variant?.fixed ?? {}) });
  const signsIn = variant?.fields.some(({ path }) => path === refreshToken) === true;
  const hasToken = typeof values[refreshToken] === 'string' && values[refreshToken] !== '';
  // A refresh token may be good once: it is tested where the one that comes in its place is kept.
  const isTestable = !signsIn || (hasToken && !kind.replacesTokens);
  // Nothing to save yet: what is missing comes from signing in.
  const isSaved = !signsIn || hasToken || stored.includes(refreshToken);

  const test = useMutation({ mutationFn: () => testConnection(asked(), connection?.id ?? null) });
  const save = useMutation({
    mutationFn: async () => {
      const { name: called, settings, type } = asked();
      const { id } = connection
        ? await changeConnection(connection.id, { name: called, settings })
        : await createConnection({ name: called, type, settings });
      return checkConnection(id);
    },
    onSuccess: async (saved) => {
      notifications.show({ message: text.connections.saved(saved.name), color: 'teal' });
      onClose();
      await client.invalidateQueries({ queryKey: ['connections'] });
    },
    // Stored it may be all the same.
    onError: () => client.invalidateQueries({ queryKey: ['connections'] }),
  });
  const signIn = useMutation({
    mutationFn: () => signInConnection(asked(), connection?.id ?? null),
    onSuccess: ({ url }) => {
      leaveContract();
      window.location.assign(url);
    },
  });
  const faults = faultsOf(save.error ?? signIn.error ?? test.error);
  const set = (path: string, value: Values[string] | undefined): void => {
    const { [path]: _, ...others } = values;
    setValues(value === undefined ? others : { ...others, [path]: value });
    test.reset();
  };
  const shown = (field: Field) => (
    <SettingField
      key={field.path}
      field={field}
      type={kind.type}
      value={values[field.path]}
      onValue={(value) => set(field.path, value)}
      // It is never needed here: signing in brings one.
      isStored={field.path === refreshToken || (field.kind === 'secret' && stored.includes(field.path))}
      fault={faults.get(field.path) ?? null}
    />
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isSaved) save.mutate();
    else signIn.mutate();
  };
  const rest = fields.filter((field) => !isFirst(field));
  const element = useRef<HTMLDivElement>(null);
  const marked = [...faults.keys()].join();
  const isHidden = rest.some(({ path }) => faults.has(path));
  // Whoever is told that something is wrong is brought to it.
  useEffect(() => {
    if (marked === '') return;
    if (isHidden) open();
    element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [marked, isHidden, open]);
  return (
    <Stack component="form" ref={element} onSubmit={submit} gap="lg">
      {onBack && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconChevronLeft size={14} aria-hidden />}
          onClick={onBack}
          className="to-systems"
        >
          {text.connections.back}
        </Button>
      )}
      {form.variants.length > 1 && (
        <div>
          <Text size="sm" fw={500} mb={4} id={`${moreId}-way`}>
            {text.connections.signIn}
          </Text>
          <SegmentedControl
            aria-labelledby={`${moreId}-way`}
            value={variant?.id ?? ''}
            onChange={(id) => {
              setWay(id);
              test.reset();
            }}
            data={form.variants.map(({ id }) => ({ value: id, label: text.connections.variants[id] ?? id }))}
            withItemsBorders={false}
            className="ways"
          />
        </div>
      )}
      <SetUpSteps
        setUp={text.connections.setUps[`${kind.type}/${variant?.id}`] ?? text.connections.setUps[kind.type]}
        isOpen={connection === null}
      />
      <TextInput
        label={text.connections.name}
        description={text.connections.nameHint}
        value={name}
        required
        maxLength={63}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        ref={first}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {form.fields.filter(isFirst).map(shown)}
      {variant?.fields.filter(isFirst).map(shown)}
      {signsIn && (
        <div>
          <TextInput
            label={text.connections.callback}
            description={text.connections.callbackHint}
            value={new URL('/connections/callback', window.location.origin).href}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
          />
          <Text size="sm" c="dimmed" mt="xs">
            {text.connections.signInHint(kind.vendor)}
          </Text>
        </div>
      )}
      {rest.length > 0 && (
        <div>
          <UnstyledButton type="button" onClick={toggle} aria-expanded={more} aria-controls={moreId} className="more-toggle">
            <IconChevronDown size={16} aria-hidden data-open={more || undefined} />
            {text.connections.more}
          </UnstyledButton>
          <Collapse expanded={more} id={moreId}>
            <Stack gap="md" pt="sm">
              {rest.map(shown)}
            </Stack>
          </Collapse>
        </div>
      )}
      <div role="status" className="test-result">
        {test.isPending ? (
          <Group gap="xs">
            <Loader size="xs" aria-hidden />
            <Text size="sm">{text.connections.testing}</Text>
          </Group>
        ) : test.data ? (
          <>
            <Text size="sm" fw={600} mb={4}>
              {test.data.lines.some(({ verdict }) => verdict === 'bad') ? text.connections.testedBad : text.connections.tested}
            </Text>
            <CheckLines lines={test.data.lines} label={text.connections.linesOf(name)} />
          </>
        ) : (
          signsIn &&
          hasToken &&
          kind.replacesTokens && (
            <Text size="sm" c="dimmed">
              {text.connections.testAfterSave}
            </Text>
          )
        )}
      </div>
      {save.error || signIn.error ? (
        <ProblemPanel error={save.error ?? signIn.error} what={text.error.action} />
      ) : (
        test.error && <ProblemPanel error={test.error} what={text.error.test} />
      )}
      <Group justify="flex-end" className="connection-buttons">
        <Button variant="default" onClick={onClose}>
          {text.common.cancel}
        </Button>
        {isTestable && (
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            loading={test.isPending}
            onClick={(event) => {
              // What is missing is said by the fields themselves, before anything is asked.
              if (event.currentTarget.form?.reportValidity()) test.mutate();
            }}
          >
            {text.connections.testSettings}
          </Button>
        )}
        {signsIn && isSaved && !hasToken && (
          <Button
            variant="default"
            loading={signIn.isPending || signIn.isSuccess}
            onClick={(event) => {
              if (event.currentTarget.form?.reportValidity()) signIn.mutate();
            }}
          >
            {text.connections.signInAgain}
          </Button>
        )}
        <Button type="submit" loading={save.isPending || (!isSaved && (signIn.isPending || signIn.isSuccess))}>
          {!isSaved ? text.connections.signInAt(kind.vendor) : isTestable ? text.common.save : text.connections.saveAndTest}
        </Button>
      </Group>
    </Stack>
  );
}

function SetUpSteps({ setUp, isOpen }: { setUp: SetUp | undefined; isOpen: boolean }) {
  if (!setUp) return null;
  return (
    <details open={isOpen} className="set-up">
      <summary>{text.connections.before}</summary>
      <ol>
        {setUp.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className="set-up-needs">
        {text.connections.needs}:{' '}
        {setUp.needs.map((need) => (
          <Code key={need}>{need}</Code>
        ))}
      </p>
    </details>
  );
}

function firstValues({ type }: ConnectionKind, connection: Connection | null): Values {
  if (connection) return valuesOf(connection.settings);
  // Without a list nothing is compared.
  return type === 'linkedin-scim' ? { 'options.list': true } : {};
}

/** The way to sign in of a stored connection; of a new one the first. */
function wayOf(variants: ReturnType<typeof formOf>['variants'], connection: Connection | null): string {
  const { grant } = (connection?.settings.auth ?? {}) as { readonly grant?: unknown };
  const secrets = connection?.secrets ?? [];
  const found = variants.find(({ id, fields }) =>
    grant === undefined
      ? secrets.length > 0 && fields.filter(({ kind }) => kind === 'secret').every(({ path }) => secrets.includes(path))
      : id === grant,
  );
  return (found ?? variants[0])?.id ?? '';
}

/** What the server refuses, beside the field it stands in. */
function faultsOf(error: unknown): ReadonlyMap<string, string> {
  const { faults } = (error instanceof Problem ? (error.body as { readonly faults?: unknown }) : {}) as { readonly faults?: unknown };
  const prefix = 'body.settings.';
  return new Map(
    (Array.isArray(faults) ? (faults as readonly { at: string; fault: string }[]) : []).flatMap(({ at, fault }) =>
      at.startsWith(prefix) ? [[at.slice(prefix.length), fault] as const] : [],
    ),
  );
}
