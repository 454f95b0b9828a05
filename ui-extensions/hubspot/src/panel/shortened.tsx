import { Button } from '@hubspot/ui-extensions';
import { type ReactNode, useState } from 'react';
import type { Words } from './panel-types.ts';

/** So many are shown before somebody asks for the rest: the server puts first what matters most. */
const first = 5;

/** The beginning of a long list, and all of it when it is wanted. */
export function Shortened({ rows, words }: { rows: readonly ReactNode[]; words: Words }) {
  const [isWhole, setWhole] = useState(false);
  // One that would be left over takes no more room than the button for it.
  if (isWhole || rows.length <= first + 1) return <>{rows}</>;
  return (
    <>
      {rows.slice(0, first)}
      <Button variant="transparent" size="sm" onClick={() => setWhole(true)}>
        {`${words.all} (${rows.length})`}
      </Button>
    </>
  );
}
