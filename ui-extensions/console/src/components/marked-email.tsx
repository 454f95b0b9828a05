import type { MarkedRun } from '../../../../server/api.ts';
import { text } from '../text.ts';

/** A character nobody can see is shown by its code point, the first word of its note. */
const isHidden = (run: MarkedRun): boolean => run.note !== undefined && /^[\p{C}\p{Z}\p{M}]*$/u.test(run.text);
const visible = (run: MarkedRun): string => (isHidden(run) ? run.note!.split(' ', 1)[0]! : run.text);

/**
 * An address with the runs that differ marked by colour, underline and, for a screen reader, words.
 * A character nobody can see gets a visible stand-in; its code point in words stands below the address.
 */
export function MarkedEmail({ runs, notes = false }: { runs: readonly MarkedRun[]; notes?: boolean }) {
  if (runs.length === 0 || runs.every((run) => run.text === '')) return <span className="no-value">{text.common.noEmail}</span>;
  const noted = runs.filter((run) => run.note);
  let position = 0;
  const keyed = runs.map((run) => {
    const key = `${position}:${run.text}`;
    position += run.text.length;
    return { key, run };
  });
  return (
    <span className="marked">
      <bdi className="marked-email">
        {keyed.map(({ key, run }) =>
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
