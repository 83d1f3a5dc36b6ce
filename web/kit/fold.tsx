/** Sections that wait folded: on a narrow screen a room of twenty cards becomes a list of their titles. */
import { UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useState } from 'react';
import classes from './layout.module.css';

const Folding = createContext(false);
const EVENT = 'evenkeel:unfold';

/** Sections inside are folded while the screen is narrow (below 48em). */
export function FoldWhenNarrow({ children }: { children: ReactNode }) {
  const narrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
  return <Folding.Provider value={narrow}>{children}</Folding.Provider>;
}

/** Opens the section with this id, or the one inside the place with this id, if it is folded. */
export const unfold = (id: string): void => {
  dispatchEvent(new CustomEvent(EVENT, { detail: id }));
};

/** Whether this section folds, and whether it is open. `own`: its element. Inside a section nothing folds again. */
export function useFold(foldable: boolean, own: RefObject<HTMLElement | null>) {
  const folds = useContext(Folding) && foldable;
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const hear = (event: Event) => {
      const id = (event as CustomEvent<string>).detail;
      if (own.current?.closest(`#${CSS.escape(id)}`)) setOpen(true);
    };
    addEventListener(EVENT, hear);
    return () => removeEventListener(EVENT, hear);
  }, [own]);
  return { folds, shown: !folds || open, toggle: () => setOpen(!open) };
}

export function FoldTitle({ title, open, onToggle }: { title: string; open: boolean; onToggle: () => void }) {
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <UnstyledButton className={classes.foldTitle} aria-expanded={open} onClick={onToggle}>
      <span>{title}</span>
      <Icon size={18} aria-hidden />
    </UnstyledButton>
  );
}
