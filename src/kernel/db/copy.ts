/** Many rows into a table by COPY, in their place among the statements of a transaction, and not waited for. */
import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';

const MARK = '$1 /* copy */';

/** A value as a field of COPY's text format. */
function field(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return plain(value);
  if (value instanceof Date) return instantText(value);
  return typeof value === 'object' ? plain(JSON.stringify(value)) : String(value);
}
const plain = (text: string) => (SPECIAL.test(text) ? text.replace(EACH_SPECIAL, escaped) : text);

/** Rows of one batch name the same few instants again and again. */
const instants = new Map<number, string>();
function instantText(value: Date): string {
  const time = value.getTime();
  let text = instants.get(time);
  if (text === undefined) {
    if (instants.size >= 50) instants.clear();
    instants.set(time, (text = value.toISOString()));
  }
  return text;
}
const SPECIAL = /[\\\t\n\r\0\ud800-\udfff]/;
const EACH_SPECIAL = /[\\\t\n\r\0]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
// NUL and lone surrogates, which PostgreSQL keeps in no text, become U+FFFD, as `json` does.
const escaped = (c: string) => ESCAPES[c] ?? '\ufffd';
/** The same two inside a JSON text, where they stand as escapes. */
const LOST =
  /(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})/g;
export const jsonField = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('\\u') ? text.replace(LOST, '$1\\ufffd') : text;
};

function line(row: unknown[]): string {
  let text = field(row[0]);
  for (let i = 1; i < row.length; i++) text += `\t${field(row[i])}`;
  return text;
}

/**
 * A statement that copies rows into a table: `copyInto('signals.alerts', ['id', 'title'], rows)`. Execute it inside a
 * command's transaction. Its failure fails the transaction, like that of a statement marked `later`.
 */
export function copyInto(table: string, columns: string[], rows: unknown[][]): RawBuilder<unknown> {
  const data = rows.map(line).join('\n');
  return sql`${sql.raw(`copy ${table} (${columns.join(', ')}) from stdin`)} ${data} /* copy */`;
}

/** Whether a statement is such a copy. */
export const isCopy = (text: string): boolean => text.endsWith(MARK);

interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

// Typed by hand: the types know the class only as a shape.
const Query = (pg as unknown as { Query: new (text: string, values: null, callback: Callback) => object }).Query;
type Callback = (error: Error | null) => void;

/**
 * What pg submits: the command and its data at once, without waiting to be asked for them; a server that has refused the
 * command passes over the data. It is a query like others to the pipeline: it has an end, and no portal stays open.
 */
class Copy extends Query {
  readonly #text: string;
  readonly #data: string;
  constructor(text: string, data: string, callback: Callback) {
    super(text, null, callback);
    this.#text = text.slice(0, -MARK.length);
    this.#data = data;
  }
  submit(wire: Wire): null {
    wire.query(this.#text);
    wire.sendCopyFromChunk(Buffer.from(`${this.#data}\n`));
    wire.endCopyFrom();
    return null;
  }
  handleCopyInResponse(): void {
    // It is on its way already.
  }
}

/** A copy for pg's `query`; `callback` is called once. */
export const copyQuery = (text: string, data: string, callback: Callback): object => new Copy(text, data, callback);
