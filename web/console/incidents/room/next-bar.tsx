/** The next step in one line, and the ways through the room: it stays in view when the card has been scrolled away. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNext } from './next-card.tsx';
import classes from './room.module.css';

export interface Place {
  id: string;
  title: string;
}

export function NextBar({ places, show }: { places: Place[]; show: (id: string) => void }) {
  const { next, run, busy } = useNext();
  const away = useScrolledAway('next');
  if (!away) return null;
  return (
    <div className={classes.bar} role="region" aria-label="Next step, kept in view">
      <div className={classes.barInside} data-urgency={next.urgency}>
        <div className={classes.barNext}>
          <b>{next.title}</b>
          {next.action && (
            <Button
              size="compact-sm"
              onClick={run}
              loading={busy}
              variant={next.urgency === 'calm' ? 'default' : 'filled'}
            >
              {next.action.label.length > 18 ? 'Do it' : next.action.label}
            </Button>
          )}
        </div>
        <Ways places={places} show={show} label="In this room, kept in view" />
      </div>
    </div>
  );
}

/** Where things are, for a screen on which they stand below each other. */
export function Ways({ places, show, label }: { places: Place[]; show: (id: string) => void; label: string }) {
  return (
    <nav aria-label={label} className={classes.jump} tabIndex={0}>
      {places.map(({ id, title }) => (
        <a
          key={id}
          href={`#${id}`}
          onClick={(event) => {
            event.preventDefault();
            show(id);
          }}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** Whether the element with this id has left the screen upwards. */
function useScrolledAway(id: string): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    const element = document.getElementById(id);
    if (!element) return;
    const watch = new IntersectionObserver(
      ([seen]) => setAway(!!seen && !seen.isIntersecting && seen.boundingClientRect.top < 60),
      { rootMargin: '-56px 0px 0px 0px' },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [id]);
  return away;
}
