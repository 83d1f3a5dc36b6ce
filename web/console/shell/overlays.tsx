/** The dialogs that one letter opens from anywhere; each is loaded when first asked for. */
import { Suspense, useEffect, useState } from 'react';
import type { Overlay } from '../../kit/area.ts';
import { areas } from '../areas.ts';

export const overlays: Overlay[] = areas.flatMap(({ area }) => area.overlays ?? []);

export function Overlays() {
  const [letter, setLetter] = useState<string>();
  const [seen, setSeen] = useState<string[]>([]);
  useEffect(() => {
    const open = (event: Event) => {
      const { detail } = event as CustomEvent<string>;
      setLetter(detail);
      setSeen((before) => (before.includes(detail) ? before : [...before, detail]));
    };
    addEventListener('evenkeel:overlay', open);
    return () => removeEventListener('evenkeel:overlay', open);
  }, []);
  return overlays
    .filter((overlay) => seen.includes(overlay.letter))
    .map(({ letter: own, component: Component }) => (
      <Suspense key={own} fallback={null}>
        <Component opened={letter === own} onClose={() => setLetter(undefined)} />
      </Suspense>
    ));
}
