import { Tabs } from '@mantine/core';
import type { MessagePreview as Preview } from '../../../../server/api.ts';
import { text } from '../text.ts';

/** What a message says, in both its parts. */
export function MessagePreview({ preview }: { preview: Preview }) {
  return (
    <Tabs defaultValue="html" keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="html">{text.outbox.asHtml}</Tabs.Tab>
        <Tabs.Tab value="text">{text.outbox.asText}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="html">
        {/* Sandboxed without exceptions: nothing in it runs, opens, submits or reads from here. */}
        <iframe title={text.invitations.preview} className="message-frame" sandbox="" srcDoc={preview.html} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
        <pre className="message-text" tabIndex={0}>
          {preview.text}
        </pre>
      </Tabs.Panel>
    </Tabs>
  );
}
