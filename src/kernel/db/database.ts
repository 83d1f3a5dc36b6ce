/** The typed list of tables; each module adds its own by declaration merging on `Database`. */
import type { ColumnType, RawBuilder } from 'kysely';
import { sql } from 'kysely';

export type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely';
export { sql };

/** A jsonb column: read as T, written by `json(value)`. */
export type Json<T> = ColumnType<T, RawBuilder<T> | T, RawBuilder<T> | T>;
/** An instant column: read as Date, written as Date. */
export type Instant = ColumnType<Date, Date, Date>;
/** An instant that the database fills in. */
export type StampedAt = ColumnType<Date, Date | undefined, Date>;

export interface Database {}

/** Writes a value to a jsonb column. NUL and lone surrogates, which jsonb refuses, become U+FFFD. */
export function json<T>(value: T): RawBuilder<T> {
  const text = JSON.stringify(value) ?? 'null';
  const clean = text.includes('\\u0000') ? text.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ufffd') : text;
  return sql`cast(${clean.isWellFormed() ? clean : clean.toWellFormed()} as jsonb)`;
}
