/** Where the server's field errors belong in a form. */
import { ProblemError } from './api.ts';

/** Field errors of a problem by form path: `body.steps[0].title`, `/steps/0/title` and `steps.0.title` are the same. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries((error.problem.errors ?? []).map(({ path, message }) => [fieldPath(path), message]));
}

const fieldPath = (path: string): string =>
  path
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replace(/^(body|query|params)\./, '');
