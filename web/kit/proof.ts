/** When the server asks for the second factor, a command waits here until the person typed a code, and is then sent again. */
import { asProblem } from './api.ts';

const RULE = 'incidents.approval.second_factor';
const EVENT = 'evenkeel:prove';

export const needsProof = (error: unknown): boolean => asProblem(error).rule === RULE;

/** Asks for a code over the page. True when one was taken, false when the person closed the question. */
export function askProof(): Promise<boolean> {
  return new Promise((resolve) => {
    const heard = dispatchEvent(new CustomEvent(EVENT, { detail: resolve, cancelable: true }));
    // `preventDefault` is the dialog's word that it listens.
    if (heard) resolve(false);
  });
}

/** For the one dialog that answers. Returns the way to stop listening. */
export function onAskProof(listener: (answer: (proven: boolean) => void) => void): () => void {
  const hear = (event: Event) => {
    event.preventDefault();
    listener((event as CustomEvent<(proven: boolean) => void>).detail);
  };
  addEventListener(EVENT, hear);
  return () => removeEventListener(EVENT, hear);
}
