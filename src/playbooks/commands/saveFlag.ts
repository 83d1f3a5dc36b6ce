/** Makes a flag, or changes what it may serve. What it serves now only changes by `setFlag` or an action. */
import { type Ctx, invalid } from '#kernel';
import { command } from '#security';
import { ruleProblem } from '../flags/targeting.ts';
import { kindOf } from '../flags/model.ts';
import { type FlagKind, type FlagRow, flagByKey, insertFlag, lockFlag, updateFlag } from '../flags/store.ts';

export interface SaveFlagInput {
  key: string;
  description: string;
  variants: Record<string, unknown>;
  defaultVariant: string;
  state: 'enabled' | 'disabled';
  serviceId: string | null;
  /** Who gets which variant, as flagd writes it; absent: unchanged. */
  targeting?: unknown;
}

export const saveFlag = command(
  'playbooks.saveFlag',
  {
    allow: 'manager',
    subject: (_input: SaveFlagInput, row: FlagRow) => row.id,
  },
  async (ctx: Ctx, input: SaveFlagInput): Promise<FlagRow> => {
    const kind = kindFor(input);
    const known = await lockFlag(ctx.db, input.key);
    ctx.audit.after = input;
    if (!known) return insertFlag(ctx, { ...input, kind, variant: input.defaultVariant });
    if (!Object.hasOwn(input.variants, known.variant)) {
      throw invalid(
        `"${known.variant}" is being served: keep it, or serve another variant first`,
        'playbooks.flag.in_use',
        [{ path: 'variants', message: `must contain ${known.variant}` }],
      );
    }
    if (known.kind !== kind)
      throw invalid(`Clients expect ${known.kind} values`, 'playbooks.flag.kind', [
        { path: 'variants', message: `must be ${known.kind}` },
      ]);
    ctx.audit.before = {
      variants: known.variants,
      defaultVariant: known.defaultVariant,
      state: known.state,
    };
    const { key: _key, ...change } = input;
    await updateFlag(ctx, known.id, change);
    return (await flagByKey(ctx.db, input.key))!;
  },
);

function kindFor(input: SaveFlagInput): FlagKind {
  const kind = kindOf(Object.values(input.variants));
  const problem = (path: string, message: string) =>
    invalid('This flag cannot be saved', 'playbooks.flag.variants', [{ path, message }]);
  if (Object.keys(input.variants).length < 2) throw problem('variants', 'a flag has at least two variants');
  if (!kind) throw problem('variants', 'all variants must be of one kind: boolean, text, number or object');
  if (!Object.hasOwn(input.variants, input.defaultVariant))
    throw problem('defaultVariant', 'must be one of the variants');
  const wrong = ruleProblem(input.targeting, Object.keys(input.variants));
  if (wrong) throw problem('targeting', wrong);
  return kind;
}
