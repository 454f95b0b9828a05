import { LoadingSpinner } from '@hubspot/ui-extensions';
import type { Words } from './panel-types.ts';

/** While the first answer is on its way. Before the first one ever, the server's word for it is not known yet. */
export function Loading({ words }: { words: Words | null }) {
  return <LoadingSpinner label={words?.loading ?? 'Loading …'} showLabel layout="centered" />;
}
