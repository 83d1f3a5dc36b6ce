/**
 * Statements whose answer nobody needs before the commit: they are sent at once and not waited for, so that a
 * transaction of forty statements costs the round trips of those few whose answer decides what comes next.
 *
 * Put `later` at the end of such a statement (`.modifyEnd(later)`, or `${later}` in `sql`). It runs in its place in the
 * transaction's order. When it fails, the statement or the commit after it fails with its error, so nothing is
 * committed. Outside a transaction the mark means nothing and the statement is waited for as always.
 */
import { sql } from 'kysely';
import { copyQuery, isCopy } from './copy.ts';

const MARK = '/* later */';
const AHEAD = '/* ahead */';

/** The mark. */
export const later = sql.raw<never>(MARK);

/** The mark of a question that is sent at once and whose answer is taken later, by `sent`. */
export const ahead = sql.raw<never>(AHEAD);

/** An answer on its way, in place of the rows. */
class UnderWay {
  readonly answer: Promise<Result>;
  constructor(answer: Promise<Result>) {
    this.answer = answer;
  }
}

/**
 * Rows of a query that ends with the mark `ahead`: several of them, started before the first is waited for, cost one
 * round trip. `const [a, b] = await Promise.all([sent(queryA), sent(queryB)])`. Outside a transaction each is asked as
 * always.
 */
export async function sent<T>(query: { execute(): Promise<T[] | { rows: T[] }> }): Promise<T[]> {
  const result = await query.execute();
  const rows = Array.isArray(result) ? result : result.rows;
  const under = (rows[0] as { ahead?: unknown } | undefined)?.ahead;
  if (!(under instanceof UnderWay)) return rows;
  return (await under.answer).rows.map((row) => camel(row as Record<string, unknown>)) as T[];
}

const names = new Map<string, string>();
function camel(row: Record<string, unknown>): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    let own = names.get(name);
    if (own === undefined) names.set(name, (own = name.replace(/_+([a-z0-9])/g, (_, c: string) => c.toUpperCase())));
    named[own] = value;
  }
  return named;
}

interface Result {
  command?: string;
  rows: unknown[];
  rowCount: number | null;
}

const NOTHING: Result = { command: '', rows: [], rowCount: 0 };
const IN_FAILED_TRANSACTION = '25P02';

/** Makes `query` of a pipelining connection keep the promise above; `begin` is not waited for either. */
export function withoutWaiting(
  query: (...args: unknown[]) => unknown,
  onError: (error: unknown) => void,
): (...args: unknown[]) => unknown {
  let inside = false;
  let failure: unknown;
  const failed = (error: unknown) => {
    onError(error);
    failure ??= error;
  };
  return (...args) => {
    const first = args[0] as string | { text?: string } | undefined;
    const text = (typeof first === 'string' ? first : first?.text) ?? '';
    if (text === 'begin') {
      inside = true;
      failure = undefined;
      send(query(...args), failed);
      return Promise.resolve(NOTHING);
    }
    if (isCopy(text)) {
      const copied = new Promise<Result>((resolve, reject) => {
        const data = (first as { values: [string] }).values[0];
        query(copyQuery(text, data, (error) => (error ? reject(error) : resolve(NOTHING))));
      });
      if (!inside) return copied;
      send(copied, failed);
      return Promise.resolve(NOTHING);
    }
    if (!inside) return query(...args);
    if (text.endsWith(MARK)) {
      send(query(...args), failed);
      return Promise.resolve(NOTHING);
    }
    if (text.endsWith(AHEAD)) {
      const answer = query(...args) as Promise<Result>;
      const honest = answer.catch((error: unknown) => {
        failed(error);
        throw failure === error || (error as { code?: string }).code !== IN_FAILED_TRANSACTION ? error : failure;
      });
      // Whoever asked may have given up before it came: the transaction fails by itself then.
      honest.catch(() => {});
      return Promise.resolve({ command: 'SELECT', rows: [{ ahead: new UnderWay(honest) }], rowCount: 1 });
    }
    const ends = text === 'commit' || text === 'rollback';
    if (ends) inside = false;
    if (text === 'commit' && failure) {
      // Known already. It may be one that the server never saw: then it would commit the rest.
      const known = failure;
      return (query('rollback') as Promise<Result>).then(() => {
        throw known;
      });
    }
    const result = query(...args);
    if (!(result instanceof Promise)) return result;
    return result.then(
      (answer: Result) => {
        // PostgreSQL ends a failed transaction with ROLLBACK, whatever it was asked for.
        if (text === 'commit' && failure) throw failure;
        return answer;
      },
      (error: unknown) => {
        // The reason is what failed before, not that the transaction has failed.
        throw (error as { code?: string }).code === IN_FAILED_TRANSACTION && failure ? failure : error;
      },
    );
  };
}

function send(result: unknown, failed: (error: unknown) => void): void {
  if (result instanceof Promise) result.catch(failed);
}
