import { ActionIcon, Anchor, MultiSelect, NumberInput, Switch, Text, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Alerts, Settings } from '../../../../../server/api.ts';
import { text } from '../../text.ts';
import { Form } from '../settings/settings-form.tsx';

type Event = Alerts['events'][number];
type Rule = Settings['alerts']['events'][Event['event']];

/** One row for each event: whether it is told, from when on, and where. */
export function AlertEvents({ alerts, settings }: { alerts: Alerts; settings: Settings }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(settings.alerts);
  const set = (event: Event['event'], change: Partial<Rule>): void =>
    setDraft({ ...draft, events: { ...draft.events, [event]: { ...draft.events[event], ...change } } });
  const words = text.alerts;
  return (
    <Form
      settings={settings}
      names={['alerts']}
      title={words.events}
      lead={words.eventsLead}
      draft={draft}
      toChange={(change) => ({ alerts: change })}
      affects={false}
      onSaved={() => client.invalidateQueries({ queryKey: ['alerts'] })}
    >
      <ul className="plain-list alert-events">
        {alerts.events.map(({ event, label, meaning, threshold, setIn }) => {
          const rule = draft.events[event];
          return (
            <li key={event} className="alert-event">
              <div className="alert-event-name">
                <Switch label={label} checked={rule.on} onChange={({ currentTarget }) => set(event, { on: currentTarget.checked })} />
                <Tooltip label={meaning} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
                  <ActionIcon variant="subtle" color="gray" aria-label={`${words.about(label)} ${meaning}`}>
                    <IconInfoCircle size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              </div>
              {threshold ? (
                <NumberInput
                  label={threshold.label}
                  aria-label={`${label}: ${threshold.label}`}
                  description={words.usual(threshold.usual)}
                  suffix={` ${threshold.unit}`}
                  value={rule.threshold ?? threshold.usual}
                  min={threshold.least}
                  max={threshold.most}
                  allowDecimal={false}
                  allowNegative={false}
                  disabled={!rule.on}
                  onChange={(value) => typeof value === 'number' && set(event, { threshold: value })}
                />
              ) : (
                <Text size="sm" c="dimmed">
                  {setIn ? (
                    <>
                      {words.setIn}{' '}
                      <Anchor component={Link} to={setIn.href} size="sm">
                        {setIn.label}
                      </Anchor>
                    </>
                  ) : (
                    words.atOnce
                  )}
                </Text>
              )}
              <MultiSelect
                label={words.goesTo}
                aria-label={`${label}: ${words.goesTo}`}
                placeholder={rule.channels === null ? words.allChannels : ''}
                data={alerts.channels.map(({ id, name }) => ({ value: id, label: name }))}
                value={rule.channels === null ? [] : [...rule.channels]}
                disabled={!rule.on}
                onChange={(channels) => set(event, { channels: channels.length === 0 ? null : channels })}
              />
            </li>
          );
        })}
      </ul>
      <NumberInput
        label={words.debounce}
        description={words.debounceHint}
        suffix={words.minutes}
        value={draft.debounceMinutes}
        min={0}
        max={1440}
        allowDecimal={false}
        allowNegative={false}
        maw={360}
        onChange={(value) => typeof value === 'number' && setDraft({ ...draft, debounceMinutes: value })}
      />
      <Switch
        label={words.names}
        description={words.namesHint}
        checked={draft.namePeople}
        onChange={({ currentTarget }) => setDraft({ ...draft, namePeople: currentTarget.checked })}
      />
    </Form>
  );
}
