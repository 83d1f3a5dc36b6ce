/** Instants as they cross the wire: ISO 8601 text. */

/** The same shape with every Date as text. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

/** Turns every Date inside a value into ISO text; everything else stays as it is. */
export function wire<T>(value: T): Wire<T> {
  if (value instanceof Date) return value.toISOString() as Wire<T>;
  if (Array.isArray(value)) return value.map((item) => wire(item)) as Wire<T>;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wire(item)])) as Wire<T>;
  }
  return value as Wire<T>;
}
