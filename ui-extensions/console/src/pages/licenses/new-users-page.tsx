import '../plans/plans.css';
import '../../components/data-table.css';
import './licenses.css';

import { Alert, Button, Checkbox, CopyButton, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { NewUserFiles } from '../../../../../server/api.ts';
import { newUsersFileHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { OpenOnDesktop } from '../../components/open-on-desktop.tsx';
import { personHref } from '../../components/people-href.ts';
import { Section } from '../../components/section.tsx';
import { text } from '../../text.ts';
import { FirstInvitationList } from '../invitations/first-invitation-list.tsx';
import { LicensesFrame } from './licenses-frame.tsx';
import { Steps } from './steps.tsx';

const heldIn = ({ notAdded }: NewUserFiles): number =>
  notAdded.filter(({ code }) => code === 'not-asked' || code === 'not-answered').length;

/** CRM users without a license: the file that adds them, or their addresses to paste; and who is not added. */
export function NewUsersPage() {
  const [leaveOut, setLeaveOut] = useState<readonly string[]>([]);
  const query = useQuery(queries.newUsers(leaveOut));
  return (
    <LicensesFrame
      title={text.licenses.newTitle}
      lead={text.licenses.newLead}
      query={query}
      failed={text.licenses.newFailed}
      heights={[240, 240]}
    >
      {(data) => (
        <Stack gap="lg">
          <OpenOnDesktop />
          {data.refusal && (
            <Alert data-tone="orange" className="banner" radius="lg" icon={<IconAlertTriangle aria-hidden />} role="alert">
              {data.refusal}
            </Alert>
          )}
          <FirstInvitationList />
          {data.rows.length > 0 && <Adding data={data} leaveOut={leaveOut} onLeaveOut={(key) => setLeaveOut([...leaveOut, key])} />}
          {data.rows.length === 0 && !data.refusal && (
            <Section title={text.licenses.who}>
              <Text>{heldIn(data) > 0 ? text.licenses.newHeld(heldIn(data)) : text.licenses.newNobody}</Text>
            </Section>
          )}
          {data.notAdded.length > 0 && (
            <NotAdded data={data} onTakeIn={(key) => setLeaveOut(leaveOut.filter((one) => one !== key))} leaveOut={leaveOut} />
          )}
        </Stack>
      )}
    </LicensesFrame>
  );
}

function Adding({ data, leaveOut, onLeaveOut }: { data: NewUserFiles; leaveOut: readonly string[]; onLeaveOut: (key: string) => void }) {
  return (
    <>
      <Section title={text.licenses.before}>
        <Steps steps={data.before} />
      </Section>
      <Section title={text.licenses.who} lead={data.sentence} flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <section className="scroll-x" tabIndex={0} aria-label={text.common.table(text.licenses.who)}>
          <Table className="data-table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{text.licenses.leaveOutColumn}</Table.Th>
                <Table.Th scope="col">{text.licenses.person}</Table.Th>
                <Table.Th scope="col">{text.licenses.uniqueId}</Table.Th>
                <Table.Th scope="col">{text.licenses.team}</Table.Th>
                <Table.Th scope="col">{text.licenses.firstColumn}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.rows.map((row) => (
                <Table.Tr key={row.key}>
                  <Table.Td className="choose">
                    <Checkbox aria-label={text.licenses.leaveOut(row.name)} checked={false} onChange={() => onLeaveOut(row.key)} />
                  </Table.Td>
                  <Table.Th scope="row" fw={400}>
                    <Link to={personHref(row.key)} className="person-link">
                      <bdi>{row.name || text.common.noName}</bdi>
                    </Link>
                    <Text size="xs" c="dimmed" className="wrap">
                      <bdi>{row.email}</bdi>
                    </Text>
                  </Table.Th>
                  <Table.Td data-label={text.licenses.uniqueId}>{row.uniqueUserId}</Table.Td>
                  <Table.Td data-label={text.licenses.team}>
                    <bdi>{row.team}</bdi>
                  </Table.Td>
                  <Table.Td data-label={text.licenses.firstColumn}>
                    <Text size="sm">{row.ready}</Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      </Section>
      <Section title={text.licenses.byFile}>
        <Stack gap="md" align="flex-start">
          {data.files.map((file) => (
            <Button
              key={file.name}
              component="a"
              href={newUsersFileHref(file.name, leaveOut)}
              download={file.name}
              leftSection={<IconDownload size={16} aria-hidden />}
              className="long-button"
            >
              {file.name} ({text.common.rows(file.rows)})
            </Button>
          ))}
          <Steps steps={data.byFile} />
        </Stack>
      </Section>
      <Section title={text.licenses.byEmail}>
        <Stack gap="md">
          {data.blocks.map((block, index) => (
            <Group key={block} align="flex-end" gap="sm">
              <Textarea
                label={text.licenses.block(index + 1, block.split('\n').length)}
                value={block}
                readOnly
                autosize
                maxRows={6}
                flex="1 1 280px"
                className="paste-block"
              />
              <CopyButton value={block}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? text.licenses.copied : text.licenses.copy}
                    <span className="visually-hidden">: {text.licenses.block(index + 1, block.split('\n').length)}</span>
                  </Button>
                )}
              </CopyButton>
            </Group>
          ))}
          <Steps steps={data.byEmail} />
        </Stack>
      </Section>
      <Section title={text.licenses.done}>
        <Text>{data.closedBy}</Text>
      </Section>
    </>
  );
}

function NotAdded({ data, leaveOut, onTakeIn }: { data: NewUserFiles; leaveOut: readonly string[]; onTakeIn: (key: string) => void }) {
  return (
    <Section title={text.licenses.notAdded(data.notAdded.length)}>
      <ul className="plain-list divided">
        {data.notAdded.map(({ key, name, email, sentence, nextStep }) => (
          <li key={key} className="license-list">
            <div>
              <Link to={personHref(key)} className="person-link">
                <bdi>{name || email || text.common.noName}</bdi>
              </Link>
              <Text size="sm">
                {sentence} {nextStep}
              </Text>
            </div>
            {leaveOut.includes(key) && (
              <Button size="xs" variant="default" onClick={() => onTakeIn(key)}>
                {text.licenses.takeIn}
                <span className="visually-hidden">: {name}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
