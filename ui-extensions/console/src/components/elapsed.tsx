import { useEffect, useState } from 'react';
import { text } from '../text.ts';

/** How long something lasts, or lasted. What runs counts on by the server's clock: `serverNow` is what it showed when the page was read. */
export function Elapsed({ since, until, serverNow }: { since: string; until: string | null; serverNow: string }) {
  const running = until === null;
  const [ahead, setAhead] = useState(0);
  const [now, setNow] = useState(() => Date.parse(serverNow));
  useEffect(() => setAhead(Date.parse(serverNow) - Date.now()), [serverNow]);
  useEffect(() => {
    if (!running) return;
    const tick = () => setNow(Date.now() + ahead);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [running, ahead]);
  const end = running ? now : Date.parse(until);
  return <span aria-live="off">{text.alarms.elapsed(Math.max(0, Math.floor((end - Date.parse(since)) / 1000)))}</span>;
}
