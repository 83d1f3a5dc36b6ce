/** The one way to change the world: permission, transaction, audit entry, in that order. */
import {
  type AuditNote,
  type Ctx,
  type Db,
  confirm,
  goOn,
  isGuessing,
  openStanding,
  presume,
  Problem,
  unveiled,
  withCommitHooks,
  writeGathered,
} from '#kernel';
import { type Allow, registerPermission, requirePermission } from './access.ts';
import { type PendingAudit, writeAudit } from './audit/write.ts';
import { readNow } from './clock.ts';

export interface CommandOptions<I, R> {
  /** The least role that may; `internal` = only by policy (system) or inside another command. */
  allow: Allow;
  /** The id the audit entry is about; `ctx.audit.subject` wins. */
  subject?: (input: I, result: R) => string | undefined;
  /** Runs many times a second: reads what rarely changes from memory (kernel/standing.ts), and does not change it itself. */
  standing?: boolean;
  /**
   * Asks ahead what `run` will probably ask, while the transaction opens: `ctx.now` is presumed. What it throws is nobody's
   * business. When it returns true, `run` goes on by what is presumed and its answers are compared before the commit; after
   * a wrong guess it runs again without. So `run` must do nothing outside its transaction.
   */
  foresee?: (ctx: Ctx, input: I) => Promise<boolean>;
}

export interface Command<I, R> {
  (ctx: Ctx, input: I): Promise<R>;
  commandName: string;
  allow: Allow;
}

const pending = new WeakMap<object, PendingAudit[]>();

/** Two transactions that met may simply be tried again. */
const isCollision = (error: unknown) => ['40001', '40P01'].includes((error as { code?: string }).code ?? '');

/**
 * Describes a command. Calling it checks the permission of the same name (outermost only: what a command does by
 * others is part of it), opens or joins the transaction, runs, and writes the audit entry with the change.
 */
export function command<I, R>(
  name: string,
  options: CommandOptions<I, R>,
  run: (ctx: Ctx, input: I) => Promise<R>,
): Command<I, R> {
  registerPermission(name, options.allow);

  const inside = async (outer: Ctx, input: I): Promise<R> => {
    const ctx: Ctx = { ...outer, audit: {}, within: [...outer.within, name] };
    const list = pending.get(outer.db) as PendingAudit[];
    const entry: PendingAudit = { ctx, action: name, done: false };
    list.push(entry);
    const result = await run(ctx, input);
    ctx.audit.subject ??= options.subject?.(input, result);
    entry.done = !ctx.audit.skip && !ctx.synthetic;
    return result;
  };

  const opened = async (db: Db, ctx: Ctx, input: I, mayGuess: boolean): Promise<Date> => {
    const presumed = options.foresee && presume(db);
    const now = openStanding(db);
    if (!presumed) return await now;
    now.catch(() => {});
    // Nothing in it waits for the database, so the answer to the first question is not kept waiting.
    const sure = await options.foresee?.({ ...ctx, db, now: presumed }, input).catch(() => false);
    return sure && mayGuess ? goOn(db, presumed, now) : await now;
  };

  const call = async (ctx: Ctx, input: I): Promise<R> => {
    if (!ctx.actor?.id) throw new Error(`${name} was called without an actor`);
    if (ctx.within.length === 0) admit(ctx, name, options.allow);
    if (ctx.db.isTransaction && pending.has(ctx.db)) return inside(ctx, input);
    let guessed = false;
    for (let attempt = 1; ; attempt++) {
      const list: PendingAudit[] = [];
      let own: Db | undefined;
      let atCommit = false;
      try {
        return await withCommitHooks(unveiled(ctx.db), async (db) => {
          pending.set((own = db), list);
          const now = await (options.standing ? opened(db, ctx, input, !guessed) : readNow(db));
          const result = await inside({ ...ctx, db, now }, input);
          // The head of the audit log is taken last, so that it is held only until the commit.
          await writeGathered(db);
          await writeAudit(db, list);
          if (options.standing) await confirm(db);
          atCommit = true;
          return result;
        });
      } catch (error) {
        if (own && isGuessing(own) && !atCommit) {
          guessed = true;
          continue;
        }
        if (isCollision(error) && attempt < 4) continue;
        if (ctx.within.length === 0) await keepRefusal(ctx, name, list[0]?.ctx.audit, error);
        throw error;
      }
    }
  };

  return Object.assign(call, { commandName: name, allow: options.allow });
}

/** Somebody tried what they have no authority for: nothing was changed, but the attempt is in the log (M6b). */
async function keepRefusal(ctx: Ctx, action: string, noted: AuditNote | undefined, error: unknown): Promise<void> {
  if (!(error instanceof Problem) || error.status !== 403 || ctx.actor.kind === 'system') return;
  const after = { refused: error.rule ?? 'access', why: error.message };
  await withCommitHooks(unveiled(ctx.db), async (db) => {
    const now = await readNow(db);
    // What it was about, as far as the command had come; what it meant to change was not changed.
    const audit: AuditNote = { after };
    if (noted?.subject !== undefined) audit.subject = noted.subject;
    if (noted?.incident !== undefined) audit.incident = noted.incident;
    await writeAudit(db, [{ ctx: { ...ctx, db, now, audit }, action, done: true }]);
  });
}

function admit(ctx: Ctx, name: string, allow: Allow): void {
  if (allow === 'public') return;
  if (allow === 'internal') {
    if (ctx.actor.kind === 'system') return;
    throw new Problem(403, `${name} is not for direct use`, { rule: 'access.internal' });
  }
  requirePermission(ctx.actor, name);
}
