import { Checkbox } from '@mantine/core';
import { text } from '../text.ts';

/** Which rows of a list are ticked, by their keys; ticks outlive a change of page. */
export interface Choosing {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Ticks one row, or takes its tick away. */
export function ChooseOne({ of, name, chosen, onChoose }: Choosing & { of: string; name: string }) {
  return (
    <Checkbox
      aria-label={text.choose.one(name)}
      checked={chosen.has(of)}
      onChange={() => {
        const next = new Set(chosen);
        if (!next.delete(of)) next.add(of);
        onChoose(next);
      }}
    />
  );
}

/** Ticks every row that is shown, or takes all their ticks away. */
export function ChooseAll({ keys, chosen, onChoose, label }: Choosing & { keys: readonly string[]; label?: string }) {
  const here = keys.filter((key) => chosen.has(key)).length;
  const isAll = here > 0 && here === keys.length;
  return (
    <Checkbox
      aria-label={text.choose.page}
      {...(label ? { label } : {})}
      checked={isAll}
      indeterminate={here > 0 && !isAll}
      onChange={() => {
        const next = new Set(chosen);
        for (const key of keys) isAll ? next.delete(key) : next.add(key);
        onChoose(next);
      }}
    />
  );
}
