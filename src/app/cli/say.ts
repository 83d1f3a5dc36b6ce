/** How the program speaks: facts to standard output, refusals to standard error with what to do about them. */
import { Problem } from '#kernel';

export const say = (text = ''): void => void process.stdout.write(`${text}\n`);

/** One line of JSON, the last thing a `--json` command prints. */
export const sayJson = (value: object): void => say(JSON.stringify(value));

/** System errors that a person meets in ordinary use. */
function known(error: NodeJS.ErrnoException & { port?: number; address?: string }): string | undefined {
  if (error.code === 'EADDRINUSE')
    return `Port ${error.port} on ${error.address} is taken by another program.\nStop it, or choose another port: PORT=8090 npm start`;
  if (error.code === 'EACCES' && error.port)
    return `Port ${error.port} needs more rights than this user has. Choose one above 1023: PORT=8090 npm start`;
  if (error.code === 'EADDRNOTAVAIL')
    return `${error.address} is not an address of this machine. Set HOST to one that is, or to 0.0.0.0 for all.`;
  if (error.code === 'ENOSPC') return 'The disk is full. Free some space, then start again.';
  return undefined;
}

/** Prints the error the way it can be acted on and ends the process with 1. Unexpected ones show their stack. */
export function fail(error: unknown): never {
  const text =
    error instanceof Problem
      ? [error.message, error.detail].filter(Boolean).join('\n')
      : known(error as NodeJS.ErrnoException);
  process.stderr.write(`${text ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
}
