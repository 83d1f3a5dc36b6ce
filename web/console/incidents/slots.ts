/** Places in the war room that modules above fill: they add panels to their area, the war room collects them. */
import type { ComponentType } from 'react';
import { unfold } from '../../kit/index.ts';
import { areas } from '../areas.ts';

export interface WarRoomPanel {
  /**
   * The place's name, also its anchor: the next step's "open" leads there. Known places: `containment`, `recovery`,
   * `communication`, `review`.
   */
  id: string;
  title: string;
  /** Ascending. Containment 10, recovery 20, communication 30, review 40. */
  order: number;
  /** Beside the content is a narrow column; `main` (default) is where the work is done. */
  column?: 'main' | 'side';
  /** Draws the inside of the panel; the war room draws the card and the title. Return null when there is nothing to show. */
  component: ComponentType<{ incidentId: string }>;
  /** The panel draws its own `<Section>`s. */
  bare?: boolean;
  /** Left out while this is false; phases are those of the incident. */
  shows?: (incident: { phase: string; severity: number; exercise: boolean }) => boolean;
}

declare module '../../kit/area.ts' {
  interface Area {
    /** Buttons for the head of the war room; each draws nothing when there is nothing to do. */
    warRoomActions?: ComponentType<{ incidentId: string }>[];
    /** Panels for the war room of an incident. */
    warRoomPanels?: WarRoomPanel[];
  }
}

/** Every panel of every area, in order. */
export const warRoomPanels = (): WarRoomPanel[] =>
  areas.flatMap(({ area }) => area.warRoomPanels ?? []).sort((a, b) => a.order - b.order);

/** Every area's buttons for the head of the room. */
export const warRoomActions = () => areas.flatMap(({ area }) => area.warRoomActions ?? []);

/** The place where a gate is answered or a due thing is done. */
const PLACE_OF: Record<string, string> = {
  'recovery.readiness': 'recovery',
  'comms.resolution': 'communication',
  'comms.update': 'communication',
  'learning.review': 'review',
  'incidents.lanes': 'lanes',
};
export const placeOf = (target: string): string => PLACE_OF[target] ?? target;

/** Scrolls to a place of the war room and puts the focus there; an address leads away instead. */
export function openPlace(target: string, go: (to: string) => void): void {
  if (target.startsWith('/')) return go(target);
  unfold(placeOf(target));
  // Unfolded, it may stand elsewhere.
  setTimeout(() => goTo(document.getElementById(placeOf(target))), 0);
}

function goTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'start' });
  element?.querySelector<HTMLElement>('button, a[href], input, textarea, [tabindex]')?.focus({ preventScroll: true });
}
