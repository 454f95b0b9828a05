import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import type { CheckLine } from '../../../../../server/api.ts';
import { text } from '../../text.ts';

const icons = { good: IconCircleCheck, bad: IconAlertTriangle, unknown: IconHelpCircle } as const;
const tones = { good: 'teal', bad: 'red', unknown: 'gray' } as const satisfies Record<CheckLine['verdict'], string>;

/** What a test found, a line each; what has to be mended first. */
export function CheckLines({ lines, label }: { lines: readonly CheckLine[]; label: string }) {
  const sorted = [...lines.filter(({ verdict }) => verdict === 'bad'), ...lines.filter(({ verdict }) => verdict !== 'bad')];
  // One cause is said once, whatever it stops.
  const bySentence = [...Map.groupBy(sorted, ({ verdict, sentence }) => `${verdict} ${sentence}`).values()];
  return (
    <ul className="plain-list check-lines" aria-label={label}>
      {bySentence.map((same) => {
        const { what, verdict, sentence } = same[0]!;
        const Icon = icons[verdict];
        return (
          <li key={what}>
            <span className="check-mark" data-tone={tones[verdict]}>
              <Icon size={18} aria-hidden />
              <span className="visually-hidden">{text.connections.verdicts[verdict]}: </span>
            </span>
            <span className="check-what">{same.map((line) => text.connections.what[line.what]).join(', ')}</span>
            <span className="wrap">{sentence}</span>
          </li>
        );
      })}
    </ul>
  );
}
