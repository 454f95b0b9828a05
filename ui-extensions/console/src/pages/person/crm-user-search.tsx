import { Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CrmUsers } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { formatDate } from '../../components/time.tsx';
import { text } from '../../text.ts';

export interface ChosenUser {
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
}

/** Finds a user of the CRM whom nobody suggests. Whom the comparison did not keep is named by the id alone. */
export function CrmUserSearch({ chosen, onChoose }: { chosen: ChosenUser | null; onChoose: (user: ChosenUser | null) => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { data, error, refetch } = useQuery({ ...queries.crmUsers(search), enabled: search !== '' });
  const rows = search === '' ? [] : (data?.rows ?? []);
  const choose = (id: string): void => onChoose(rows.find(({ crmUserId }) => crmUserId === id) ?? { crmUserId: id, name: id, email: '' });
  const isId = /^[\w-]{3,100}$/u.test(search) && data?.rows.length === 0;
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        label={text.crmUsers.search}
        description={text.crmUsers.hint}
        value={typed}
        maxLength={200}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          onChoose(null);
        }}
        data-autofocus
      />
      {error && <ProblemPanel error={error} what={text.crmUsers.failed} onRetry={refetch} />}
      {search !== '' && data && (
        <>
          <Text size="sm" role="status" className={rows.length > 0 ? 'visually-hidden' : ''}>
            {text.crmUsers.found(rows.length)}
          </Text>
          {(rows.length > 0 || isId) && (
            <Radio.Group label={text.crmUsers.who} value={chosen?.crmUserId ?? null} onChange={choose}>
              <Stack gap="xs" mt={6} mah={260} style={{ overflowY: 'auto' }}>
                {rows.map((user) => (
                  <Radio
                    key={user.crmUserId}
                    value={user.crmUserId}
                    label={<bdi>{user.name || text.common.noName}</bdi>}
                    description={<span className="wrap">{factsOf(user).join(' · ')}</span>}
                  />
                ))}
                {isId && <Radio value={search} label={text.crmUsers.byId(search)} description={text.crmUsers.byIdHint} />}
              </Stack>
            </Radio.Group>
          )}
        </>
      )}
    </Stack>
  );
}

/** What tells somebody from a namesake. */
const factsOf = ({ email, crmUserId, active, holder, detail }: CrmUsers['rows'][number]): readonly string[] =>
  [
    email,
    detail?.title ?? '',
    detail?.team ?? '',
    detail?.manager ? text.crmUsers.manager(detail.manager) : '',
    crmUserId,
    detail?.lastLogin ? text.crmUsers.lastLogin(formatDate(detail.lastLogin)) : '',
    active ? '' : text.crmUsers.inactive,
    holder === null ? '' : text.crmUsers.holds(holder),
  ].filter((fact) => fact !== '');
