import '../settings/settings.css';

import { Button, Group, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '../../../../../server/api.ts';
import { changeSettings } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { text } from '../../text.ts';

type SeatPrice = NonNullable<Settings['seatPrice']>;
const kinds = ['advanced-plus', 'advanced', 'teamlink-extend', 'other'] as const;

/** What a license costs, as the contract says; asked once. */
export function SeatPriceForm({ price, onDone }: { price: SeatPrice | null; onDone: () => void }) {
  const words = text.report;
  const client = useQueryClient();
  const [draft, setDraft] = useState<SeatPrice>(
    price ?? { currency: '', per: 'year', prices: { 'advanced-plus': null, advanced: null, 'teamlink-extend': null, other: null } },
  );
  const save = useMutation({
    mutationFn: (seatPrice: SeatPrice | null) => changeSettings({ seatPrice }),
    async onSuccess(saved) {
      client.setQueryData(queries.settings.queryKey, saved);
      await client.invalidateQueries({ queryKey: ['report'] });
      onDone();
    },
  });
  const isWhole = /^[A-Z]{3}$/u.test(draft.currency) && kinds.some((kind) => draft.prices[kind] !== null);
  return (
    <Stack
      component="form"
      gap="md"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Text size="sm" c="dimmed">
        {words.priceLead}
      </Text>
      <Group align="flex-end" gap="md">
        <TextInput
          label={words.currency}
          description={words.currencyHint}
          value={draft.currency}
          maxLength={3}
          required
          onChange={({ currentTarget }) => setDraft({ ...draft, currency: currentTarget.value.toUpperCase() })}
        />
        <SegmentedControl
          aria-label={words.per}
          value={draft.per}
          data={(['year', 'month'] as const).map((value) => ({ value, label: words.pers[value] }))}
          onChange={(per) => setDraft({ ...draft, per: per === 'month' ? 'month' : 'year' })}
        />
      </Group>
      <div className="two-fields">
        {kinds.map((kind) => (
          <NumberInput
            key={kind}
            label={words.kinds[kind]}
            value={draft.prices[kind] ?? ''}
            min={0}
            max={1_000_000}
            decimalScale={2}
            allowNegative={false}
            onChange={(value) => setDraft({ ...draft, prices: { ...draft.prices, [kind]: typeof value === 'number' ? value : null } })}
          />
        ))}
      </div>
      {save.error && <ProblemPanel error={save.error} what={words.priceFailed} />}
      <Group justify="flex-end">
        {price && (
          <Button variant="subtle" loading={save.isPending && save.variables === null} onClick={() => save.mutate(null)}>
            {words.priceNone}
          </Button>
        )}
        <Button type="submit" loading={save.isPending && save.variables !== null} disabled={!isWhole}>
          {words.priceSave}
        </Button>
      </Group>
    </Stack>
  );
}
