import { Alert, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Link } from 'react-router';
import type { PanelAccess, PanelHosts } from '../../../../../server/api.ts';
import { givePanelAccess, takePanelAccessBack } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import { formatAgo, formatDateTime, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { PanelTokens } from './panel-tokens.tsx';

/** Which CRMs may show the panel, and who may act in it. */
export function Panels() {
  const { data, error, refetch } = useQuery(queries.panelHosts);
  if (error && !data) return <ProblemPanel error={error} what={text.error.panels} onRetry={refetch} />;
  if (!data) return null;
  return (
    <Section title={text.panels.title} lead={text.panels.lead}>
      <Stack gap="lg">
        {data.publicUrl === null && (
          <Alert data-tone="orange" className="banner" icon={<IconAlertTriangle aria-hidden />} title={text.panels.unreachable}>
            <Text size="sm">{text.panels.unreachableHint}</Text>
          </Alert>
        )}
        <Orgs orgs={data.salesforce} />
        <Portals portals={data.hubspot} />
      </Stack>
    </Section>
  );
}

function Orgs({ orgs }: { orgs: PanelHosts['salesforce'] }) {
  const [giving, give] = useDisclosure();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" gap="sm">
        <Title order={3} id={id}>
          Salesforce
        </Title>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={give.open}>
          {text.panels.give}
        </Button>
      </Group>
      {orgs.length === 0 ? (
        <Text size="sm" c="dimmed" mt={4}>
          {text.panels.noOrgs}
        </Text>
      ) : (
        <ul className="plain-list panel-hosts">
          {orgs.map((org) => (
            <Org key={org.id} org={org} />
          ))}
        </ul>
      )}
      <GiveAccess opened={giving} onClose={give.close} />
    </section>
  );
}

function Org({ org }: { org: PanelAccess }) {
  const client = useQueryClient();
  const [asking, ask] = useDisclosure();
  const takeBack = useMutation({
    mutationFn: () => takePanelAccessBack(org.id),
    onSuccess: async () => {
      notifications.show({ message: text.panels.takenBack(org.orgId), color: 'teal' });
      ask.close();
      await client.invalidateQueries({ queryKey: ['panel-hosts'] });
    },
  });
  return (
    <li>
      <div>
        <bdi className="key-input">{org.orgId}</bdi>
        <Text size="sm" c="dimmed">
          {text.panels.givenBy(org.createdBy)} <Time iso={org.createdAt} />
          {' · '}
          {org.revokedAt !== null ? (
            text.panels.gone(org.revokedBy ?? '', formatDateTime(org.revokedAt))
          ) : org.lastUsedAt === null ? (
            text.panels.neverUsed
          ) : (
            <>
              {text.panels.lastUsed}{' '}
              <time dateTime={org.lastUsedAt} title={formatDateTime(org.lastUsedAt)}>
                {formatAgo(org.lastUsedAt, Date.now())}
              </time>
            </>
          )}
        </Text>
      </div>
      {org.revokedAt === null && (
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconTrash size={14} aria-hidden />} onClick={ask.open}>
          {text.panels.takeBack}
          <span className="visually-hidden">: {org.orgId}</span>
        </Button>
      )}
      <Dialog opened={asking} onClose={ask.close} title={text.panels.takeBackTitle(org.orgId)}>
        <Text size="sm">{text.panels.takeBackBody}</Text>
        {takeBack.error && <ProblemPanel error={takeBack.error} what={text.error.action} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={ask.close} data-autofocus>
            {text.common.cancel}
          </Button>
          <Button color="red" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>
            {text.panels.takeBack}
          </Button>
        </Group>
      </Dialog>
    </li>
  );
}

function GiveAccess({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [orgId, setOrgId] = useState('');
  const give = useMutation({
    mutationFn: () => givePanelAccess(orgId.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['panel-hosts'] }),
    // The tokens stand in this dialog as long as it is open, and nowhere afterwards.
    gcTime: 0,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate();
  };
  const close = (): void => {
    give.reset();
    setOrgId('');
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      size="lg"
      title={give.data ? text.panels.given(give.data.orgId) : text.panels.give}
      // Shown once: a click beside it must not lose them.
      closeOnClickOutside={!give.data}
      closeOnEscape={!give.data}
    >
      {give.data ? (
        <PanelTokens given={give.data} onDone={close} />
      ) : (
        <Stack component="form" onSubmit={submit} gap="md">
          <TextInput
            label={text.panels.orgId}
            description={text.panels.orgIdHint}
            value={orgId}
            required
            maxLength={40}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'key-input' }}
            onChange={(event) => setOrgId(event.currentTarget.value)}
          />
          {give.error && <ProblemPanel error={give.error} what={text.error.action} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={give.isPending} disabled={orgId.trim() === ''}>
              {text.panels.make}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function Portals({ portals }: { portals: PanelHosts['hubspot'] }) {
  const settings = useQuery(queries.settings);
  const id = useId();
  const users = settings.data?.panelUsers;
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id}>
        HubSpot
      </Title>
      {portals.length === 0 ? (
        <Text size="sm" c="dimmed" mt={4}>
          {text.panels.noPortals}
        </Text>
      ) : (
        <ul className="plain-list panel-hosts">
          {portals.map(({ connectionId, name, portalId, sentence }) => (
            <li key={connectionId}>
              <div>
                <bdi>{name}</bdi> {portalId !== null && <bdi className="key-input">{portalId}</bdi>}
                <Text size="sm" c="dimmed">
                  {sentence ?? text.panels.portalOpen}
                </Text>
              </div>
            </li>
          ))}
        </ul>
      )}
      {users && (
        <Text size="sm" mt="xs">
          {text.panels.whoMay(users.mayAct.length, users.mayRead.length)} <Link to="/settings#panel-users">{text.panels.changeWho}</Link>
        </Text>
      )}
    </section>
  );
}
