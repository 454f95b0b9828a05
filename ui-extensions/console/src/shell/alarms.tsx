import './alarms.css';

import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Alarm } from '../../../../server/api.ts';
import { queries } from '../api/queries.ts';
import { formatTimeOfDay } from '../components/time.tsx';
import { text } from '../text.ts';

/** More than these would cover the page. */
const shownAtOnce = 3;

/** What nobody may overlook, on top of every page until it is over. The sentences are the server's; the minutes count by its clock. */
export function Alarms() {
  const { data, dataUpdatedAt } = useQuery(queries.alarms);
  const [all, setAll] = useState(false);
  const rows = data?.rows ?? [];
  const ahead = data ? Date.parse(data.now) - dataUpdatedAt : 0;
  const now = useNow(rows.length > 0) + ahead;
  const shown = all ? rows : rows.slice(0, shownAtOnce);
  return (
    // The list is there before its first row is: only then a screen reader hears of what is added.
    <ul className="alarms" aria-label={text.alarms.label} aria-live="polite" aria-relevant="additions text">
      {shown.map((alarm) => (
        <li key={alarm.id} className="alarm" data-level={alarm.level}>
          <IconAlertTriangleFilled size={20} aria-hidden />
          <Sentence alarm={alarm} now={now} />
          <Link to={alarm.href} className="alarm-action">
            {alarm.label}
          </Link>
        </li>
      ))}
      {rows.length > shown.length && (
        <li>
          <button type="button" className="alarms-more" onClick={() => setAll(true)}>
            {text.alarms.more(rows.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** The time is part of the sentence; the minutes count on beside it without being read out again and again. */
function Sentence({ alarm, now }: { alarm: Alarm; now: number }) {
  const [before, after] = alarm.sentence.split('{since}');
  const elapsed = text.alarms.elapsed(Math.max(0, Math.floor((now - Date.parse(alarm.since)) / 1000)));
  return (
    <span className="alarm-sentence">
      {before}
      {after !== undefined && <time dateTime={alarm.since}>{formatTimeOfDay(alarm.since, now)}</time>}{' '}
      <span className="number" aria-live="off">
        ({elapsed})
      </span>
      {after}
    </span>
  );
}

/** This machine's time, anew each second while it is needed. */
function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
