/** What a flag's values are, and what an evaluation answers. Pure. */
import type { FlagKind, FlagRow } from './store.ts';
import { type Context, isEmpty, target } from './targeting.ts';

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

/**
 * OFREP's answer for one flag. A disabled flag serves its normal value. Rules decide while the flag serves what it normally
 * does; set otherwise, by a person or by an incident's action, it serves that to everybody.
 */
export function evaluate(
  flag: Pick<FlagRow, 'key' | 'variants' | 'variant' | 'defaultVariant' | 'state' | 'revision' | 'targeting'>,
  context: Context = {},
) {
  const answer = (variant: string, reason: string) => ({
    key: flag.key,
    value: flag.variants[variant],
    variant,
    reason,
    metadata: { revision: flag.revision },
  });
  if (flag.state !== 'enabled') return answer(flag.defaultVariant, 'DISABLED');
  if (flag.variant !== flag.defaultVariant || isEmpty(flag.targeting)) return answer(flag.variant, 'STATIC');
  const given = target(flag.targeting, flag.key, context);
  if (!given || !Object.hasOwn(flag.variants, given.variant)) return answer(flag.defaultVariant, 'DEFAULT');
  return answer(given.variant, given.split ? 'SPLIT' : 'TARGETING_MATCH');
}
