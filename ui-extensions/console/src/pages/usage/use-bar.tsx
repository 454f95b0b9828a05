import type { Usage, UseState } from '../../../../../server/api.ts';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

const tones = { active: 'teal', inactive: 'orange', unknown: 'gray' } as const satisfies Record<UseState, string>;
export const useStates: readonly UseState[] = ['active', 'inactive', 'unknown'];

/** Active, inactive and not known as parts of one bar; in words as well, for whoever does not see it. */
export function UseBar({ counts }: { counts: Usage['byUse'] }) {
  const shown = useStates.filter((use) => counts[use] > 0);
  return (
    <>
      <span className="visually-hidden">{useStates.map((use) => `${text.usage.uses[use]}: ${formatNumber(counts[use])}`).join(', ')}</span>
      <span className="use-bar" aria-hidden>
        {shown.map((use) => (
          <span
            key={use}
            data-tone={tones[use]}
            data-use={use}
            style={{ flexGrow: counts[use] }}
            title={`${text.usage.uses[use]}: ${formatNumber(counts[use])}`}
          />
        ))}
      </span>
    </>
  );
}

/** What the colours mean. */
export function UseLegend({ counts }: { counts: Usage['byUse'] }) {
  return (
    <>
      {useStates.map((use) => (
        <span key={use}>
          <span className="use-legend" data-tone={tones[use]} data-use={use} aria-hidden /> {text.usage.uses[use]}:{' '}
          <strong className="number">{formatNumber(counts[use])}</strong>
        </span>
      ))}
    </>
  );
}
