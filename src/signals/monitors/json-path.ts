/** A small JSONPath: `$.a.b`, `$['odd name']`, `$.list[0]`, `[-1]`, `[*]`, `.length`. Pure, linear, no expressions. */

type Step = { name: string } | { index: number } | { all: true };

/** The steps of a path, or what is wrong with it. */
export function parsePath(text: string): Step[] | string {
  if (text.length > 500) return 'at most 500 characters';
  const steps: Step[] = [];
  let rest = text.trim().replace(/^\$/, '');
  if (rest !== '' && !rest.startsWith('.') && !rest.startsWith('[')) rest = `.${rest}`;
  while (rest !== '') {
    const found =
      /^\.([\p{L}\p{N}_$-]+)/u.exec(rest) ??
      /^\[(-?\d{1,6}|\*)\]/.exec(rest) ??
      /^\['([^']{0,200})'\]/.exec(rest) ??
      /^\["([^"]{0,200})"\]/.exec(rest);
    if (!found) return `not understood from “${rest.slice(0, 20)}”`;
    const [whole, part = ''] = found;
    if (whole.startsWith('.') || /^\[['"]/.test(whole)) steps.push({ name: part });
    else steps.push(part === '*' ? { all: true } : { index: Number(part) });
    rest = rest.slice(whole.length);
  }
  return steps.length > 30 ? 'at most 30 steps' : steps;
}

/** Every value the path leads to; none when a step leads nowhere. At most 10,000. */
export function valuesAt(data: unknown, steps: Step[]): unknown[] {
  let found: unknown[] = [data];
  for (const step of steps) {
    found = found.flatMap((value) => stepInto(value, step)).slice(0, 10_000);
    if (found.length === 0) return [];
  }
  return found;
}

function stepInto(value: unknown, step: Step): unknown[] {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' && 'name' in step && step.name === 'length' ? [value.length] : [];
  }
  if ('all' in step) return Array.isArray(value) ? value : Object.values(value);
  if ('index' in step) {
    if (!Array.isArray(value)) return [];
    const at = step.index < 0 ? value.length + step.index : step.index;
    return at in value ? [value[at]] : [];
  }
  if (Array.isArray(value)) return step.name === 'length' ? [value.length] : [];
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}
