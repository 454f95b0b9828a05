import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import type { PanelAccessGiven } from '../../../../../server/api.ts';
import { text } from '../../text.ts';

/** Both tokens of an org, where they are pasted, and what to look at. */
export function PanelTokens({ given, onDone }: { given: PanelAccessGiven; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Text size="sm">{text.panels.once}</Text>
      {given.warning !== null && (
        <Alert data-tone="orange" className="banner" icon={<IconAlertTriangle aria-hidden />} title={text.panels.otherOrg}>
          <Text size="sm">{given.warning}</Text>
        </Alert>
      )}
      <ol className="token-steps">
        {text.panels.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {(['act', 'read'] as const).map((role) => (
        <Group key={role} gap="xs" align="flex-end">
          <TextInput
            label={text.panels.principals[role]}
            description={text.panels.principalHints[role]}
            value={given.tokens[role]}
            readOnly
            flex="1 1 260px"
            classNames={{ input: 'key-input' }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={given.tokens[role]}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {copied ? text.panels.copied : text.panels.copy}
                <span className="visually-hidden">: {text.panels.principals[role]}</span>
              </Button>
            )}
          </CopyButton>
        </Group>
      ))}
      <Group justify="flex-end">
        <Button onClick={onDone}>{text.panels.done}</Button>
      </Group>
    </Stack>
  );
}
