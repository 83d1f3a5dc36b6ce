/** After a navigation the new page's title takes the focus, so that a screen reader and the Tab key begin there. */

let navigated = false;

/** Called by the shell when the address changes to another page. */
export function markNavigated(): void {
  navigated = true;
}

/** Called by a page when it appears; the first one after a navigation gets the focus. */
export function focusAfterNavigation(heading: HTMLElement | null): void {
  if (!navigated || !heading) return;
  navigated = false;
  heading.focus({ preventScroll: true });
}
