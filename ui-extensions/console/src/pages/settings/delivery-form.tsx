import { Anchor, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Connection, Settings } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Loading } from '../../components/loading.tsx';
import { text } from '../../text.ts';
import { Form } from './settings-form.tsx';

/** How plans of this contract change LinkedIn: by people, or over one of its connections. */
export function DeliveryForm({ settings }: { settings: Settings }) {
  const known = useQuery(queries.connections).data?.rows;
  const connections = (known ?? []).filter(({ route }) => route !== null);
  const [draft, setDraft] = useState(() => choiceOf(settings.delivery));
  const { serverCarries } = settings;
  // Where the server was started with nothing, both mean people, and what nobody chose stays that.
  const byPeople = serverCarries.length > 0 || settings.delivery !== 'server' ? 'people' : 'server';
  // A connection that went with the demo left its plans to people.
  const shown = draft === 'server' || draft === 'people' || connections.some(({ id }) => id === draft) ? draft : byPeople;
  return (
    <Form
      settings={settings}
      names={['delivery']}
      title={text.delivery.title}
      lead={text.delivery.lead}
      draft={draft}
      toChange={(value) => ({ delivery: value === 'server' || value === 'people' ? value : { connection: value } })}
      affects={false}
    >
      {known === undefined ? (
        <Loading heights={[160]} />
      ) : (
        <>
          <Radio.Group value={shown} onChange={setDraft} label={text.delivery.label}>
            <Stack gap="sm" mt="xs">
              {serverCarries.length > 0 && (
                <Radio value="server" label={text.delivery.server} description={text.delivery.serverHint(serverCarries)} />
              )}
              <Radio value={byPeople} label={text.delivery.people} description={text.delivery.peopleHint} />
              {connections.map((connection) => {
                const { id, name, vendor, route } = connection;
                return (
                  <Radio
                    key={id}
                    value={id}
                    label={route === 'guided' ? text.delivery.byHand(name) : text.delivery.over(name)}
                    description={isReady(connection) ? `${vendor}. ${text.delivery.routes[route!]}` : text.delivery.notReady}
                    disabled={!isReady(connection) && draft !== id}
                  />
                );
              })}
            </Stack>
          </Radio.Group>
          {connections.length === 0 && (
            <Text size="sm" c="dimmed">
              {text.delivery.none}{' '}
              <Anchor component={Link} to="/connections" inherit underline="always">
                {text.nav.connections}
              </Anchor>
            </Text>
          )}
        </>
      )}
    </Form>
  );
}

const choiceOf = (delivery: Settings['delivery']): string => (typeof delivery === 'string' ? delivery : delivery.connection);

/** Whoever does it by hand needs no test. */
const isReady = ({ route, check }: Connection): boolean =>
  route === 'guided' || check?.lines.every(({ verdict }) => verdict !== 'bad') === true;
