import { Anchor, Badge, Button, Card, createTheme, type MantineColorsTuple, Notification, Table, Tooltip } from '@mantine/core';
import { text } from './text.ts';

/** The brand colour. Shade 8 carries white text on light pages, shade 7 on dark ones (contrast above 4.5). */
const petrol: MantineColorsTuple = [
  '#e8f6f9',
  '#d4ebf0',
  '#a8d7e1',
  '#78c2d1',
  '#52b0c3',
  '#339fb4',
  '#1c8da3',
  '#0f7a8f',
  '#046a7e',
  '#00566a',
];

/** Neutrals a little cooler than the library's, so that the brand colour sits quietly on them. */
const gray: MantineColorsTuple = [
  '#f8fafb',
  '#f1f4f6',
  '#e6eaee',
  '#dbe1e6',
  '#c6ced6',
  '#a3aeb9',
  '#5b6772',
  '#51606d',
  '#33424e',
  '#1b2831',
];

const dark: MantineColorsTuple = [
  '#d3dbe1',
  '#b4c0c9',
  '#95a4af',
  '#5f707d',
  '#3a4954',
  '#2b3842',
  '#222d36',
  '#172028',
  '#111920',
  '#0b1116',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  colors: { petrol, gray, dark },
  black: '#14202a',
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    '"Inter Variable", "Inter var", Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    Card: Card.extend({
      defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' },
      styles: { root: { display: 'block', background: 'var(--card-background)', borderColor: 'var(--line)' } },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': text.common.close } } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm' }, styles: { root: { textTransform: 'none', fontWeight: 600 } } }),
    Button: Button.extend({ defaultProps: { radius: 'md' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { multiline: true, maw: 320, withArrow: true, openDelay: 200, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
