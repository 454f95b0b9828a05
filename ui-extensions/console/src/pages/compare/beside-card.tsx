import { ActionIcon, Button, Card, FileButton, Group, Text, Title } from '@mantine/core';
import { IconAddressBook, IconFileSpreadsheet, IconFileUpload, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import type { Connection, NewReconciliation, Reconciliation } from '../../../../../server/api.ts';
import { createUpload, deleteDirectory, replaceDirectory } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { formatAgo } from '../../components/time.tsx';
import { text } from '../../text.ts';

export type OtherSource = Reconciliation['otherCrms'][number];

const keyOf = (source: OtherSource): string => ('connection' in source ? source.connection : source.upload);
/** As a comparison is asked for. */
export const askedOf = (source: OtherSource): NewReconciliation['crm'] => ('connection' in source ? source : source.upload);

/** What a comparison may look at beside the two lists: the company's directory, and CRMs that LinkedIn does not sync with. */
export function BesideCard({
  connections,
  others,
  onOthers,
  now,
}: {
  /** Connections of CRMs, but the one that is compared. */
  connections: readonly Connection[];
  others: readonly OtherSource[];
  onOthers: (others: readonly OtherSource[]) => void;
  /** The server's clock. */
  now: number;
}) {
  const heading = useId();
  const free = connections.filter(({ id, origin }) => origin !== null && !others.some((source) => keyOf(source) === id));
  const client = useQueryClient();
  const bring = useMutation({
    mutationFn: (file: File) => createUpload(file, 'crm'),
    onSuccess: (upload) => {
      client.setQueryData(queries.upload(upload.id).queryKey, upload);
      onOthers([...others, { upload: upload.id }]);
    },
  });
  return (
    <Card component="section" aria-labelledby={heading} className="beside">
      <Text size="sm" c="dimmed">
        {text.compare.beside.step}
      </Text>
      <Title order={2} id={heading} mb="sm">
        {text.compare.beside.title}
      </Title>
      <div className="beside-parts">
        <DirectoryPart now={now} />
        <div>
          <h3 className="recipe-title">{text.compare.beside.otherCrms}</h3>
          <Text size="sm" c="dimmed" mb="xs">
            {text.compare.beside.otherCrmsLead}
          </Text>
          <ul className="plain-list beside-list" aria-label={text.compare.beside.otherCrms}>
            {others.map((source) => (
              <li key={keyOf(source)}>
                <Other
                  source={source}
                  connection={connections.find(({ id }) => id === keyOf(source)) ?? null}
                  onRemove={() => onOthers(others.filter((other) => other !== source))}
                />
              </li>
            ))}
          </ul>
          <Group gap="xs" mt="xs">
            {free.map(({ id, name }) => (
              <Button
                key={id}
                size="xs"
                variant="default"
                leftSection={<IconPlugConnected size={14} aria-hidden />}
                onClick={() => onOthers([...others, { connection: id }])}
              >
                {text.compare.beside.add(name)}
              </Button>
            ))}
            <FileButton
              onChange={(file) => file && bring.mutate(file)}
              accept=".csv,text/csv"
              inputProps={{ 'aria-label': text.compare.beside.addFile }}
            >
              {(props) => (
                <Button
                  {...props}
                  size="xs"
                  variant="default"
                  loading={bring.isPending}
                  leftSection={<IconFileUpload size={14} aria-hidden />}
                >
                  {text.compare.beside.addFile}
                </Button>
              )}
            </FileButton>
          </Group>
          {bring.error && <ProblemPanel error={bring.error} what={text.compare.refused(bring.variables.name)} />}
        </div>
      </div>
    </Card>
  );
}

function Other({ source, connection, onRemove }: { source: OtherSource; connection: Connection | null; onRemove: () => void }) {
  const upload = useQuery({ ...queries.upload(keyOf(source)), enabled: 'upload' in source }).data;
  const name = connection?.name ?? upload?.name ?? text.compare.earlierFile;
  const detail = connection
    ? text.compare.fromConnection(connection.vendor, connection.origin?.name ?? null)
    : upload && text.compare.recognised(text.compare.kinds[upload.kind] ?? upload.kind, upload.rows);
  return (
    <Kept
      icon={
        connection ? <IconPlugConnected size={22} stroke={1.5} aria-hidden /> : <IconFileSpreadsheet size={22} stroke={1.5} aria-hidden />
      }
      name={name}
      detail={detail ?? ''}
      onRemove={onRemove}
    />
  );
}

function DirectoryPart({ now }: { now: number }) {
  const client = useQueryClient();
  const directory = useQuery(queries.directory).data?.directory ?? null;
  const again = () => client.invalidateQueries({ queryKey: ['directory'] });
  const bring = useMutation({ mutationFn: replaceDirectory, onSuccess: again });
  const remove = useMutation({ mutationFn: deleteDirectory, onSuccess: again });
  const label = directory ? text.compare.beside.replaceDirectory : text.compare.beside.bringDirectory;
  return (
    <div>
      <h3 className="recipe-title">{text.compare.beside.directory}</h3>
      <Text size="sm" c="dimmed" mb="xs">
        {text.compare.beside.directoryLead}
      </Text>
      {directory && (
        <Kept
          icon={<IconAddressBook size={22} stroke={1.5} aria-hidden />}
          name={directory.name}
          detail={text.compare.beside.directoryAge(directory.people, formatAgo(directory.modifiedAt, now))}
          onRemove={() => remove.mutate()}
        />
      )}
      <FileButton onChange={(file) => file && bring.mutate(file)} accept=".csv,text/csv" inputProps={{ 'aria-label': label }}>
        {(props) => (
          <Button
            {...props}
            size="xs"
            mt="xs"
            variant="default"
            loading={bring.isPending}
            leftSection={<IconFileUpload size={14} aria-hidden />}
          >
            {label}
          </Button>
        )}
      </FileButton>
      {bring.error && <ProblemPanel error={bring.error} what={text.compare.refused(bring.variables.name)} />}
      {remove.error && <ProblemPanel error={remove.error} what={text.error.action} />}
    </div>
  );
}

function Kept({ icon, name, detail, onRemove }: { icon: ReactNode; name: string; detail: string; onRemove: () => void }) {
  return (
    <div className="file">
      {icon}
      <div className="file-name">
        <Text size="sm" fw={600} className="wrap">
          <bdi>{name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {detail}
        </Text>
      </div>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.compare.remove(name)} onClick={onRemove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
