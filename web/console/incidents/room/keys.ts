/** Single letters of the war room: to the next step, to the composer, through the timeline. They can be switched off with all others. */
import { useLocalStorage } from '@mantine/hooks';
import { useEffect } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const focus = (selector: string): boolean => {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  element?.scrollIntoView({ block: 'nearest' });
  return element !== null;
};

/** `j` and `k`: the entry below or above the one that has the focus. */
function walkEntries(by: 1 | -1): boolean {
  const entries = [...document.querySelectorAll<HTMLElement>('#timeline li[id^="entry-"]')];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const next = entries[at < 0 ? 0 : at + by];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

export const ROOM_KEYS: { key: string; label: string; run: () => boolean }[] = [
  { key: 'n', label: 'The next step', run: () => focus('#next button') },
  { key: 'm', label: 'Write into the record', run: () => focus('#compose') },
  { key: '/', label: 'A command', run: () => focus('#compose') },
  { key: 'j', label: 'The next entry', run: () => walkEntries(1) },
  { key: 'k', label: 'The entry before', run: () => walkEntries(-1) },
];

export function useRoomKeys(): void {
  const [on] = useLocalStorage({ key: 'evenkeel-letter-keys', defaultValue: true });
  useEffect(() => {
    if (!on) return;
    let afterG = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      // `g` and a letter goes to another page: that letter is not ours.
      if (event.key === 'g') afterG = event.timeStamp + 1_200;
      if (event.key === 'g' || event.timeStamp < afterG) return;
      const found = ROOM_KEYS.find(({ key }) => key === event.key);
      if (found?.run() && found.key !== '/') event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [on]);
}
