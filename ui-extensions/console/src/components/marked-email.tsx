import type { MarkedRun } from '../../../../server/api.ts';
import { text } from '../text.ts';

/** A character nobody can see is shown by its code point, the first word of its note. */
const isHidden = (run: MarkedRun): boolean => run.note !== undefined && /^[\p{C}\p{Z}\p{M}]*$/u.test(run.text);
const visible = (run: MarkedRun): string => (isHidden(run) ? run.note!.split(' ', 1)[0]! : run.text);

interface KeyedRun {
  readonly key: string;
  readonly run: MarkedRun;
}

/** Before and from the last @ on: where a line is too short, an address breaks there and not at a hyphen of its domain. */
function partsAtSign(runs: readonly MarkedRun[]): KeyedRun[][] {
  const sign = runs
    .map((run) => run.text)
    .join('')
    .lastIndexOf('@');
  const before: KeyedRun[] = [];
  const after: KeyedRun[] = [];
  let position = 0;
  for (const run of runs) {
    const cut = Math.min(Math.max(sign - position, 0), run.text.length);
    const [head, tail] = sign < 0 ? [run.text, ''] : [run.text.slice(0, cut), run.text.slice(cut)];
    if (head !== '') before.push({ key: `${position}`, run: { ...run, text: head } });
    if (tail !== '') after.push({ key: `${position + head.length}`, run: { ...run, text: tail } });
    position += run.text.length;
  }
  return [before, after].filter((part) => part.length > 0);
}

/**
 * An address with the runs that differ marked by colour, underline and, for a screen reader, words.
 * A character nobody can see gets a visible stand-in; its code point in words stands below the address.
 */
export function MarkedEmail({ runs, notes = false }: { runs: readonly MarkedRun[]; notes?: boolean }) {
  if (runs.length === 0 || runs.every((run) => run.text === '')) return <span className="no-value">{text.common.noEmail}</span>;
  const noted = runs.filter((run) => run.note);
  return (
    <span className="marked">
      <bdi className="marked-email">
        {partsAtSign(runs).map((part, index) => (
          <span key={index === 0 ? 'local' : 'domain'} className="email-part">
            {part.map(({ key, run }) =>
              run.differs ? (
                <mark key={key} className="differs" data-hidden={isHidden(run) || undefined} title={run.note}>
                  <span className="visually-hidden">{text.common.differsStart}</span>
                  {visible(run)}
                  <span className="visually-hidden">{text.common.differsEnd}</span>
                </mark>
              ) : (
                <span key={key} title={run.note}>
                  {visible(run)}
                </span>
              ),
            )}
          </span>
        ))}
      </bdi>
      {notes && noted.length > 0 && (
        <span className="marked-notes">
          {[...new Set(noted.map((run) => run.note))].map((note) => (
            <span key={note}>{note}</span>
          ))}
        </span>
      )}
    </span>
  );
}
