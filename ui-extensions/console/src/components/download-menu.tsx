import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { text } from '../text.ts';

const formats = ['csv', 'xlsx', 'json'] as const;

/** A table as a file. @param what what it is of, for whoever does not see where the button stands */
export function DownloadMenu({ href, what }: { href: (format: (typeof formats)[number]) => string; what: string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />} className="no-print">
          {text.usage.download}
          <span className="visually-hidden">: {what}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} component="a" href={href(format)} download>
            {text.usage.formats[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
