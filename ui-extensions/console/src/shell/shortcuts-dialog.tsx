import { Kbd, Stack, Switch, Text } from '@mantine/core';
import { Dialog } from '../components/dialog.tsx';
import { text } from '../text.ts';
import { navigationGroups } from './navigation-groups.ts';
import { useSingleKeys } from './use-shortcuts.ts';

/** Every shortcut, and the switch for those of a single key. */
export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [single, setSingle] = useSingleKeys();
  const words = text.shortcuts;
  return (
    <Dialog opened={opened} onClose={onClose} title={words.title} size="lg">
      <Stack gap="lg">
        <dl className="shortcut-list">
          <dt>{words.search}</dt>
          <dd>
            <Kbd>Ctrl</Kbd> <Kbd>K</Kbd> {words.or} <Kbd>/</Kbd>
          </dd>
          <dt>{words.help}</dt>
          <dd>
            <Kbd>?</Kbd>
          </dd>
        </dl>
        <div>
          <Text fw={600}>{words.goTo}</Text>
          <Text size="sm" c="dimmed" mb="sm">
            {words.goToHint}
          </Text>
          <div className="shortcut-columns">
            {navigationGroups.map(({ label, entries }) => (
              <dl key={label} className="shortcut-list">
                {entries.map(({ to, label: page, key }) => (
                  <div key={to} style={{ display: 'contents' }}>
                    <dt>{page}</dt>
                    <dd>
                      <Kbd>g</Kbd> <span className="visually-hidden">{words.andThen}</span> <Kbd>{key}</Kbd>
                    </dd>
                  </div>
                ))}
              </dl>
            ))}
          </div>
        </div>
        <Switch
          label={words.single}
          description={words.singleHint}
          checked={single}
          onChange={(event) => setSingle(event.currentTarget.checked)}
        />
      </Stack>
    </Dialog>
  );
}
