/** Where to go after signing in: only a path of this console, whatever the address bar says. */

/**
 * The path, or home for anything that could lead elsewhere: another host (`//evil`, `/\evil`), a scheme (`https:evil`), or white space
 * and control characters, which browsers cut out of addresses and so turn one thing into another.
 */
export const safeNext = (next: string | undefined): string =>
  next && /^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(next) && !/^\/[^/?#]*:/.test(next) ? next : '/';
