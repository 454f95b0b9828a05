import { Alert, Anchor, Badge, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Connection, Contract, ContractChange } from '../../../../../server/api.ts';
import { changeContract, createContract } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';

const kinds = Object.keys(text.settings.crms).filter((kind) => kind !== 'crm');
const nameOf = (kind: string) => text.settings.crms[kind] ?? kind;

/** All license contracts of the workspace, and one more. */
export function Contracts({ onSaved }: { onSaved: () => void }) {
  const { data } = useQuery(queries.contracts);
  const overview = useQuery(queries.overview);
  const connections = useQuery(queries.connections);
  const current = overview.data?.contract.id;
  if (!data) return null;
  return (
    <Section title={text.contracts.title} lead={text.contracts.lead}>
      <Stack gap="lg">
        <Stack component="ul" gap="lg" className="plain-list">
          {data.rows.map((contract) => (
            <li key={contract.id}>
              <ContractForm
                contract={contract}
                isCurrent={contract.id === current}
                // Those of another contract stand on its own pages.
                connections={contract.id === current ? (connections.data?.rows ?? []) : []}
                isOnly={data.rows.length === 1}
                onSaved={onSaved}
              />
            </li>
          ))}
        </Stack>
        <NewContract />
      </Stack>
    </Section>
  );
}

function useChange<Input>(change: (input: Input) => Promise<Contract>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async ({ name }) => {
      notifications.show({ message: text.contracts.saved(name), color: 'teal' });
      await Promise.all(['contracts', 'overview', 'settings'].map((first) => client.invalidateQueries({ queryKey: [first] })));
    },
  });
}

function ContractForm({
  contract,
  isCurrent,
  isOnly,
  connections,
  onSaved,
}: {
  contract: Contract;
  isCurrent: boolean;
  isOnly: boolean;
  connections: readonly Connection[];
  onSaved: () => void;
}) {
  const crmNow = contract.crm ? (contract.crm.connection ?? contract.crm.kind) : '';
  // Null: as it is stored, also when that changes meanwhile.
  const [typed, setName] = useState<string | null>(null);
  const [saidCrm, setCrm] = useState<string | null>(null);
  const [saidLicenses, setLicenses] = useState<string | null>(null);
  const [name, crm, licenses] = [typed ?? contract.name, saidCrm ?? crmNow, saidLicenses ?? contract.licenses ?? ''];
  const save = useChange((change: ContractChange) => changeContract(contract.id, change));
  const isArchived = contract.archivedAt !== null;
  const ofSide = (side: Connection['side']) =>
    connections.filter((connection) => connection.side === side).map(({ id, name }) => ({ value: id, label: name }));
  const change: ContractChange = {
    ...(name.trim() === contract.name ? {} : { name: name.trim() }),
    ...(crm === crmNow || crm === ''
      ? {}
      : { crm: connections.some(({ id }) => id === crm) ? { connection: crm } : { kind: crm, name: nameOf(crm) } }),
    ...(licenses === (contract.licenses ?? '') ? {} : { licenses: licenses === '' ? null : licenses }),
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(change, {
      onSuccess: () => {
        setName(null);
        setCrm(null);
        setLicenses(null);
        onSaved();
      },
    });
  };
  return (
    <Stack component="form" onSubmit={submit} gap="sm" aria-label={contract.name}>
      <Group gap="sm">
        {isCurrent ? (
          <Text fw={600}>
            <bdi>{contract.name}</bdi>
          </Text>
        ) : (
          <Anchor href={contract.href} fw={600}>
            <bdi>{contract.name}</bdi>
          </Anchor>
        )}
        {isCurrent && !isOnly && <Badge className="status-badge">{text.contracts.current}</Badge>}
        {isArchived && (
          <Badge className="status-badge" data-tone="gray">
            {text.contracts.archived}
          </Badge>
        )}
      </Group>
      {contract.crm === null && !isOnly && (
        <Alert data-tone="orange" variant="light" py={8} className="banner">
          <Text size="sm">{text.contracts.crmUnknown}</Text>
        </Alert>
      )}
      <div className="two-fields">
        <TextInput
          label={text.contracts.name}
          value={name}
          required
          maxLength={80}
          disabled={isArchived}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={text.contracts.crm}
          disabled={isArchived}
          data={[
            ...(crmNow === '' ? [{ value: '', label: text.contracts.unknown }] : []),
            { group: text.contracts.ofKind, items: withOwn(contract).map((kind) => ({ value: kind, label: labelOf(contract, kind) })) },
            ...(ofSide('crm').length > 0 ? [{ group: text.contracts.byConnection, items: ofSide('crm') }] : []),
            ...(contract.crm?.connection && !isCurrent ? [{ value: contract.crm.connection, label: contract.crm.name }] : []),
          ]}
          value={crm}
          allowDeselect={false}
          onChange={(value) => value !== null && setCrm(value)}
        />
        {isCurrent && ofSide('licenses').length > 0 && (
          <Select
            label={text.contracts.licenses}
            disabled={isArchived}
            data={[{ value: '', label: text.contracts.fromFiles }, ...ofSide('licenses')]}
            value={licenses}
            allowDeselect={false}
            onChange={(value) => value !== null && setLicenses(value)}
          />
        )}
      </div>
      {save.error && <ProblemPanel error={save.error} what={text.error.action} />}
      <Group gap="sm">
        <Button type="submit" loading={save.isPending} disabled={Object.keys(change).length === 0 || name.trim() === ''}>
          {text.common.save}
          <span className="visually-hidden">: {contract.name}</span>
        </Button>
        {!contract.isDefault && (
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate({ archived: !isArchived })}>
            {isArchived ? text.contracts.bringBack : text.contracts.archive}
            <span className="visually-hidden">: {contract.name}</span>
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** Every kind there is, and one that somebody named. */
const withOwn = ({ crm }: Contract): string[] => [...new Set([...kinds, ...(crm && crm.kind !== 'crm' ? [crm.kind] : [])])];
const labelOf = ({ crm }: Contract, kind: string): string => (crm?.kind === kind && crm.connection === null ? crm.name : nameOf(kind));

function NewContract() {
  const [name, setName] = useState('');
  const [crm, setCrm] = useState('');
  const make = useChange(() => createContract({ name: name.trim(), ...(crm === '' ? {} : { crm: { kind: crm, name: nameOf(crm) } }) }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate(undefined, {
      onSuccess: () => {
        setName('');
        setCrm('');
      },
    });
  };
  return (
    <Stack component="form" onSubmit={submit} gap="sm" aria-label={text.contracts.add}>
      <Text fw={600}>{text.contracts.add}</Text>
      <div className="two-fields">
        <TextInput
          label={text.contracts.newName}
          value={name}
          required
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={text.contracts.newCrm}
          data={[{ value: '', label: text.contracts.unknown }, ...kinds.map((kind) => ({ value: kind, label: nameOf(kind) }))]}
          value={crm}
          allowDeselect={false}
          onChange={(value) => value !== null && setCrm(value)}
        />
      </div>
      {make.error && <ProblemPanel error={make.error} what={text.error.action} />}
      <Button type="submit" variant="default" w="fit-content" loading={make.isPending} disabled={name.trim() === ''}>
        {text.contracts.add}
      </Button>
    </Stack>
  );
}
