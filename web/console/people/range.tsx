/**
 * Choosing a stretch on the row of the result: drag with the mouse, or with the keyboard on the handle: arrows move by an
 * hour, with Shift they lengthen, Page keys move by a day, Enter makes an override of it, Escape lets it go.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { formatInstant, serverNow } from '../../kit/index.ts';
import classes from './timeline.module.css';
import type { Window } from './timeline.tsx';

const HOUR = 3_600_000;
export interface Stretch {
  from: number;
  to: number;
}
interface Chosen extends Stretch {
  /** Where it began: the end that stays. */
  anchor: number;
}

/** The handlers of the track, and the handle that is drawn in it. */
export function useRange(window: Window, zone: string, onChosen: (stretch: Stretch) => void) {
  const [chosen, setChosen] = useState<Chosen>();
  const dragging = useRef<{ x: number; moved: boolean } | undefined>(undefined);
  const clamp = (at: number) => Math.min(window.to, Math.max(window.from, at));
  const hourAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = window.from + ((event.clientX - box.left) / box.width) * (window.to - window.from);
    return clamp(window.from + Math.floor((at - window.from) / HOUR) * HOUR);
  };
  const track = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      // A finger scrolls; the form is a button away.
      if (event.button !== 0 || event.pointerType === 'touch') return;
      event.currentTarget.setPointerCapture(event.pointerId);
      dragging.current = { x: event.clientX, moved: false };
      const at = hourAt(event);
      setChosen({ anchor: at, from: at, to: at + HOUR });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!dragging.current || !chosen) return;
      if (Math.abs(event.clientX - dragging.current.x) > 4) dragging.current.moved = true;
      const at = hourAt(event);
      setChosen({ ...chosen, from: Math.min(at, chosen.anchor), to: Math.max(at, chosen.anchor) + HOUR });
    },
    onPointerUp: () => {
      const moved = dragging.current?.moved;
      dragging.current = undefined;
      if (chosen && moved) onChosen(chosen);
      else setChosen(undefined);
    },
  };
  const handle = <Handle {...{ window, zone, chosen, setChosen, onChosen, clamp }} />;
  return { track, handle, clear: () => setChosen(undefined) };
}

interface HandleProps {
  window: Window;
  zone: string;
  chosen: Chosen | undefined;
  setChosen: (chosen: Chosen | undefined) => void;
  onChosen: (stretch: Stretch) => void;
  clamp: (at: number) => number;
}

const KEYS: Record<string, number> = {
  ArrowLeft: -HOUR,
  ArrowRight: HOUR,
  ArrowDown: -HOUR,
  ArrowUp: HOUR,
  PageDown: -24 * HOUR,
  PageUp: 24 * HOUR,
};

function Handle({ window, zone, chosen, setChosen, onChosen, clamp }: HandleProps) {
  const start = clamp(Math.ceil(serverNow() / HOUR) * HOUR);
  const { from, to } = chosen ?? { from: start, to: start + HOUR };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onChosen({ from, to });
    else if (event.key === 'Escape' && chosen) setChosen(undefined);
    else if (event.key === 'Home') setChosen({ anchor: start, from: start, to: start + HOUR });
    else {
      const by = KEYS[event.key];
      if (by === undefined) return;
      if (event.shiftKey) setChosen({ anchor: from, from, to: Math.max(from + HOUR, clamp(to + by)) });
      else {
        const moved = Math.min(window.to - (to - from), clamp(from + by));
        setChosen({ anchor: moved, from: moved, to: moved + to - from });
      }
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const share = (at: number) => `${(((at - window.from) / (window.to - window.from)) * 100).toFixed(3)}%`;
  const text = `${formatInstant(from, zone, 0)} to ${formatInstant(to, zone, 0)}`;
  return (
    // A slider is the nearest thing to a cursor in time that screen readers know.
    <div
      role="slider"
      tabIndex={0}
      aria-label="A stretch for an override: arrows move it, Shift and arrows lengthen it, Enter opens the form"
      aria-valuemin={window.from}
      aria-valuemax={window.to}
      aria-valuenow={from}
      aria-valuetext={text}
      className={classes.range}
      data-chosen={chosen !== undefined || undefined}
      style={{ left: share(from), width: `calc(${share(to)} - ${share(from)})` }}
      onKeyDown={press}
    >
      {chosen && <span className={classes.rangeText}>{text}</span>}
    </div>
  );
}
