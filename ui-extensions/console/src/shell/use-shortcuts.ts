import { useLocalStorage, useWindowEvent } from '@mantine/hooks';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { navigationGroups } from './navigation-groups.ts';

const pageOf = new Map(navigationGroups.flatMap(({ entries }) => entries.map(({ key, to }) => [key, to] as const)));

/** After this long a `g` is forgotten. */
const chordMs = 1_500;

/** Whether keys mean shortcuts here: nobody is writing, and no dialog or menu is open that has keys of its own. */
const isFree = (target: EventTarget | null): boolean =>
  !(target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="menu"], [role="listbox"]')) &&
  document.querySelector('[role="dialog"]') === null;

/** Shortcuts of a single key can be switched off (WCAG 2.1.4); kept in this browser. */
export const useSingleKeys = () => useLocalStorage({ key: 'seatmatch.single-keys', defaultValue: true, getInitialValueInEffect: false });

/** Ctrl or Cmd with K and `/` search, `?` helps, `g` and a letter opens a page. */
export function useShortcuts({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const [single] = useSingleKeys();
  const pressedG = useRef(0);
  useWindowEvent('keydown', (event) => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      onSearch();
      return;
    }
    if (!single || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !isFree(event.target)) return;
    const page = event.timeStamp - pressedG.current < chordMs ? pageOf.get(event.key) : undefined;
    pressedG.current = event.key === 'g' ? event.timeStamp : 0;
    const act = page ? () => void navigate(page) : event.key === '/' ? onSearch : event.key === '?' ? onHelp : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
