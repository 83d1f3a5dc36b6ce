/** Keyboard help, and going to a page by `g` and a letter. Single letters can be switched off. */
import { Kbd, Modal, Stack, Switch, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { openOverlay } from '../../kit/area.ts';
import { type NavItem, useGo } from '../../kit/index.ts';
import classes from './keys.module.css';
import { useAllNavItems } from './nav.tsx';
import { overlays } from './overlays.tsx';
import { modKey } from './platform.ts';

const useLetterKeys = () => useLocalStorage({ key: 'evenkeel-letter-keys', defaultValue: true });

/** A letter for each place: the first of its label that is still free. */
export function lettersOf(items: readonly Pick<NavItem, 'label' | 'to'>[]): Map<string, Pick<NavItem, 'label' | 'to'>> {
  const letters = new Map<string, Pick<NavItem, 'label' | 'to'>>();
  for (const item of items) {
    const free = [...item.label.toLowerCase()].find((letter) => /[a-z]/.test(letter) && !letters.has(letter));
    if (free) letters.set(free, item);
  }
  return letters;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Listens for `?`, the letters of overlays, and `g` + letter, while nobody is typing and no dialog is open. */
export function GoKeys({ onHelp }: { onHelp: () => void }) {
  const [on] = useLetterKeys();
  const letters = lettersOf(useAllNavItems());
  const go = useGo();
  const latest = useRef({ letters, go, onHelp });
  latest.current = { letters, go, onHelp };

  useEffect(() => {
    if (!on) return;
    let armedUntil = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      if (event.key === '?') return latest.current.onHelp();
      const armed = event.timeStamp < armedUntil;
      const target = armed ? latest.current.letters.get(event.key) : undefined;
      if (!armed && overlays.some(({ letter }) => letter === event.key)) {
        event.preventDefault();
        return openOverlay(event.key);
      }
      armedUntil = event.key === 'g' ? event.timeStamp + 1_200 : 0;
      if (!target) return;
      event.preventDefault();
      latest.current.go(target.to);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [on]);
  return null;
}

/** What can be done with the keyboard. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useLetterKeys();
  const letters = [...lettersOf(useAllNavItems())];
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts">
      <Stack gap="md">
        <dl className={classes.keys}>
          <Key keys={[modKey, 'K']}>Find a page, an incident, an action</Key>
          <Key keys={['Tab']}>Next control; the first stop skips the navigation</Key>
          <Key keys={['Esc']}>Close a dialog</Key>
          {on && <Key keys={['?']}>This help</Key>}
          {on &&
            overlays.map(({ letter, label }) => (
              <Key key={letter} keys={[letter]}>
                {label}
              </Key>
            ))}
          {on &&
            letters.map(([letter, { label, to }]) => (
              <Key key={to} keys={['g', letter]}>
                {label}
              </Key>
            ))}
        </dl>
        <Switch
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
          label="Single-letter shortcuts"
          description="Switch off if you use speech input."
        />
      </Stack>
    </Modal>
  );
}

function Key({ keys, children }: { keys: string[]; children: React.ReactNode }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <Kbd key={key} size="sm">
            {key}
          </Kbd>
        ))}
      </dt>
      <dd>
        <Text fz="sm">{children}</Text>
      </dd>
    </div>
  );
}
