import { Tabs } from '@mantine/core';
import { text } from '../text.ts';

/** A message as its reader sees it, as a page and as text. */
export function MessagePreview({
  title,
  html,
  plain,
  frame,
  pre,
}: {
  title: string;
  html: string;
  plain: string;
  /** Class names of the two. */
  frame: string;
  pre: string;
}) {
  return (
    <Tabs defaultValue="html" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="html">{text.outbox.asHtml}</Tabs.Tab>
        <Tabs.Tab value="text">{text.outbox.asText}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="html">
        {/* Sandboxed without exceptions: nothing in it runs, opens, submits or reads from here. */}
        <iframe title={title} className={frame} sandbox="" srcDoc={html} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
        <pre className={pre} tabIndex={0}>
          {plain}
        </pre>
      </Tabs.Panel>
    </Tabs>
  );
}
