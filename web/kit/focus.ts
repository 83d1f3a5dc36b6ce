/** After a navigation the new page's title takes the focus, so that a screen reader and the Tab key begin there. */

/** A page may appear in steps (waiting, then the thing itself); each step's title may take the focus for this long. */
const patienceMs = 4_000;
let navigatedAt = Number.NEGATIVE_INFINITY;

/** Called by the shell when the address changes to another page. */
export function markNavigated(): void {
  navigatedAt = performance.now();
}

/** Called by a page when it appears. The focus stays where it is once the person has moved it into the page or a dialog. */
export function focusAfterNavigation(heading: HTMLElement | null): void {
  if (!heading || performance.now() - navigatedAt > patienceMs) return;
  const focus = () => {
    if (heading.isConnected && !isInUse(document.activeElement)) heading.focus({ preventScroll: true });
  };
  focus();
  // A dialog that led here gives the focus back a moment later to where it was, which may be gone.
  setTimeout(focus, 80);
}

const isInUse = (element: Element | null): boolean =>
  element !== null && element.tagName !== 'H1' && element.closest('main, [role="dialog"]') !== null;
