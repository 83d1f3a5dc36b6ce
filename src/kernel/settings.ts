/** Settings an operator may change while the product runs: declared by the module that reads them, secrets sealed. */
import type { z } from 'zod';
import type { Ctx } from './context.ts';
import { seal, unseal } from './crypto.ts';
import { type Json, json, type StampedAt } from './db/database.ts';
import { ahead, sent } from './db/later.ts';
import { Problem } from './errors.ts';
import { standing } from './standing.ts';

interface SettingsTable {
  key: string;
  value: Json<unknown> | null;
  sealed: string | null;
  version: import('kysely').Generated<number>;
  updatedAt: StampedAt;
  updatedBy: string;
}
declare module './db/database.ts' {
  interface Database {
    'kernel.settings': SettingsTable;
  }
}

export interface SettingDefinition<T = unknown> {
  /** `<module>.<name>`. */
  key: string;
  schema: z.ZodType<T>;
  default: T;
  /** Sealed at rest, and never sent back: the console shows only whether it is set. */
  secret?: boolean;
  /** What it does, for the person who changes it. */
  help: string;
  /** A policy that decisions follow: the audit entry of a command that reads it names the version it went by (M7d). */
  policy?: boolean;
}

const known = new Map<string, SettingDefinition>();

/** Declares a setting. */
export function defineSetting<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  known.set(definition.key, definition as SettingDefinition);
  return definition;
}

export const allSettings = () => [...known.values()].sort((a, b) => a.key.localeCompare(b.key));
export const settingByKey = (key: string) => known.get(key);

/** The value in force: what was saved, else the default. A saved value that no longer fits the schema falls back to the default, loudly. */
export async function readSetting<T>(
  ctx: Pick<Ctx, 'db' | 'log'> & Partial<Pick<Ctx, 'audit'>>,
  setting: SettingDefinition<T>,
): Promise<T> {
  const { value, version } = await standing(ctx.db, `setting:${setting.key}`, () => storedSetting(ctx, setting));
  if (setting.policy && ctx.audit) (ctx.audit.policies ??= {})[setting.key] = version;
  return value;
}

/** A value, and its version: 0 is the default that nobody has changed. */
interface Stored<T> {
  value: T;
  version: number;
}

async function storedSetting<T>(ctx: Pick<Ctx, 'db' | 'log'>, setting: SettingDefinition<T>): Promise<Stored<T>> {
  const [row] = await sent(
    ctx.db.selectFrom('kernel.settings').selectAll().where('key', '=', setting.key).modifyEnd(ahead),
  );
  if (!row) return { value: setting.default, version: 0 };
  const stored: unknown = row.sealed ? JSON.parse(unseal(row.sealed, `setting:${setting.key}`)) : row.value;
  const parsed = setting.schema.safeParse(stored);
  if (parsed.success) return { value: parsed.data, version: row.version };
  ctx.log.error({ setting: setting.key }, 'a saved setting no longer fits its schema; the default is used');
  return { value: setting.default, version: 0 };
}

/** Saves a setting; security's `saveSetting` command is the way in. Throws 422 with the fields at fault. */
export async function writeSetting(ctx: Ctx, setting: SettingDefinition, value: unknown): Promise<void> {
  const parsed = setting.schema.safeParse(value);
  if (!parsed.success) {
    throw new Problem(422, `“${setting.key}” cannot be saved`, {
      rule: 'settings.schema',
      errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    });
  }
  const fields = setting.secret
    ? { value: null, sealed: seal(JSON.stringify(parsed.data), `setting:${setting.key}`) }
    : { value: json(parsed.data), sealed: null };
  await ctx.db
    .insertInto('kernel.settings')
    .values({ key: setting.key, ...fields, updatedBy: ctx.actor.id, updatedAt: ctx.now })
    .onConflict((oc) =>
      oc.column('key').doUpdateSet((eb) => ({
        ...fields,
        version: eb('kernel.settings.version', '+', 1),
        updatedAt: ctx.now,
        updatedBy: ctx.actor.id,
      })),
    )
    .execute();
}
