import type { Tone } from './panel-types.ts';

/** The server's tones in HubSpot's colours. */

export const tagOf = { good: 'success', warning: 'warning', bad: 'danger', info: 'info', neutral: 'default' } as const satisfies Record<
  Tone,
  string
>;

export const alertOf = { good: 'success', warning: 'warning', bad: 'danger', info: 'info', neutral: 'info' } as const satisfies Record<
  Tone,
  string
>;

/** A bar has no colour for what is neither good nor bad: it is left as HubSpot draws it. */
export const barOf = (tone: Tone): { variant?: 'success' | 'warning' | 'danger' } => {
  switch (tone) {
    case 'good':
      return { variant: 'success' };
    case 'warning':
      return { variant: 'warning' };
    case 'bad':
      return { variant: 'danger' };
    default:
      return {};
  }
};
