/** What the pages are told of when it changes: the kinds of an event's `ref`. */
export const changeKinds = [
  'reconciliation',
  'people',
  'upload',
  'settings',
  'decision',
  'plan',
  'rematch',
  'mail',
  'alarm',
  'schedule',
  'connection',
  'contract',
  'invitation',
  'usage',
] as const;

export type ChangeKind = (typeof changeKinds)[number];
