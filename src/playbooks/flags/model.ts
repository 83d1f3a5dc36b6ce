/** What a flag's values are, and what an evaluation answers. Pure. */
import type { FlagKind, FlagRow } from './store.ts';

/** The one kind of all values, or null when they are mixed. */
export function kindOf(values: unknown[]): FlagKind | null {
  const kinds = new Set(
    values.map((value) =>
      value !== null && typeof value === 'object' && !Array.isArray(value) ? 'object' : typeof value,
    ),
  );
  const [kind] = kinds;
  if (kinds.size !== 1) return null;
  return kind === 'boolean' || kind === 'string' || kind === 'number' || kind === 'object' ? kind : null;
}

/** OFREP's answer for one flag. A disabled flag serves its normal value. */
export function evaluate(
  flag: Pick<FlagRow, 'key' | 'variants' | 'variant' | 'defaultVariant' | 'state' | 'revision'>,
) {
  const variant = flag.state === 'enabled' ? flag.variant : flag.defaultVariant;
  return {
    key: flag.key,
    value: flag.variants[variant],
    variant,
    reason: flag.state === 'enabled' ? 'STATIC' : 'DISABLED',
    metadata: { revision: flag.revision },
  };
}
