import './contract-switch.css';

import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import type { Overview } from '../../../../server/api.ts';
import { queries } from '../api/queries.ts';
import { text } from '../text.ts';

/** Where this is; of several contracts one is chosen here. Each is an address of its own, and opens on the same kind of page. */
export function ContractSwitch({ overview: { workspace, contract } }: { overview: Overview }) {
  const { data } = useQuery(queries.contracts);
  const { pathname } = useLocation();
  const place = <bdi>{`${workspace.name} · ${contract.name}`}</bdi>;
  const rows = data?.rows.filter(({ id, archivedAt }) => archivedAt === null || id === contract.id) ?? [];
  if (rows.length < 2)
    return (
      <Text size="sm" c="dimmed" truncate>
        {place}
      </Text>
    );
  // What is open here may not be there: its list is.
  const page = pathname.split('/')[1] ?? '';
  return (
    <Menu position="bottom-start" width="target" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className="contract-switch">
          <Text span size="sm" truncate>
            {place}
          </Text>
          <span className="visually-hidden">, {text.shell.switchContract}</span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rows.map(({ id, name, href }) => (
          <Menu.Item
            key={id}
            component="a"
            href={`${href === '/' ? '' : href}/${page}`}
            {...(id === contract.id ? { 'aria-current': 'true' as const } : {})}
            leftSection={id === contract.id ? <IconCheck size={16} aria-hidden /> : <span className="contract-gap" />}
          >
            <bdi>{name}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
