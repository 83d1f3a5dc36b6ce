/** The second factor of a person: offered, turned on, its codes taken once each, with a limit on guesses. */
import { addMs, type Ctx, type Generated, type Instant, keyedHash, seal, type StampedAt, unseal } from '#kernel';
import { newRecoveryCodes, readCode, stepOfCode } from './totp.ts';

declare module '#kernel' {
  interface Database {
    'security.secondFactors': {
      userId: string;
      sealedSecret: string;
      state: 'offered' | 'on';
      lastStep: Generated<number>;
      offeredAt: StampedAt;
      onSince: Instant | null;
    };
    'security.recoveryCodes': { codeHash: string; userId: string; madeAt: StampedAt; usedAt: Instant | null };
    'security.factorFailures': { userId: string; at: StampedAt };
  }
}

const WINDOW_MS = 15 * 60_000;
const MAX_FAILURES = 5;

/** `taken`: the code was right and is used up now. `limited`: too many wrong ones, it was not looked at. */
export type Taken = 'taken' | 'wrong' | 'limited' | 'absent';

const place = (userId: string) => `security.second_factors ${userId}`;
const hashOf = (userId: string, code: string) => keyedHash('recovery', `${userId} ${code}`);

export const sealFactor = (userId: string, secret: Buffer): string => seal(secret.toString('base64'), place(userId));

/** Since when the person has a second factor; undefined when it is off. */
export async function factorSince(ctx: Pick<Ctx, 'db'>, userId: string): Promise<Date | undefined> {
  const row = await ctx.db
    .selectFrom('security.secondFactors')
    .select('onSince')
    .where('userId', '=', userId)
    .where('state', '=', 'on')
    .executeTakeFirst();
  return row?.onSince ?? undefined;
}

/**
 * Takes one code, typed by the person or whoever pretends to be. Call it inside a command and return the verdict
 * instead of throwing, so that a wrong guess is committed and counted. `state`: which factor it is for.
 */
export async function takeCode(
  ctx: Ctx,
  userId: string,
  typed: string,
  state: 'offered' | 'on' = 'on',
): Promise<Taken> {
  // The row's lock makes guesses stand in a line: fifty at once are still five.
  const row = await ctx.db
    .selectFrom('security.secondFactors')
    .selectAll()
    .where('userId', '=', userId)
    .where('state', '=', state)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return 'absent';
  const { n } = await ctx.db
    .selectFrom('security.factorFailures')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('userId', '=', userId)
    .where('at', '>', addMs(ctx.now, -WINDOW_MS))
    .executeTakeFirstOrThrow();
  if (n >= MAX_FAILURES) return 'limited';
  const given = readCode(typed);
  const secret = Buffer.from(unseal(row.sealedSecret, place(userId)), 'base64');
  const good =
    given !== undefined &&
    (given.kind === 'time'
      ? await takeStep(ctx, userId, stepOfCode(secret, given.code, ctx.now))
      : await takeRecovery(ctx, userId, given.code));
  if (!good) {
    await ctx.db.insertInto('security.factorFailures').values({ userId, at: ctx.now }).execute();
    return 'wrong';
  }
  await ctx.db.deleteFrom('security.factorFailures').where('userId', '=', userId).execute();
  return 'taken';
}

/** Uses the step up: the same code, or an earlier one, is not taken again. */
async function takeStep(ctx: Ctx, userId: string, step: number | undefined): Promise<boolean> {
  if (step === undefined) return false;
  const row = await ctx.db
    .updateTable('security.secondFactors')
    .set({ lastStep: step })
    .where('userId', '=', userId)
    .where('lastStep', '<', step)
    .returning('userId')
    .executeTakeFirst();
  return row !== undefined;
}

async function takeRecovery(ctx: Ctx, userId: string, code: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('security.recoveryCodes')
    .set({ usedAt: ctx.now })
    .where('codeHash', '=', hashOf(userId, code))
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .returning('userId')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ten fresh recovery codes; those before are worth nothing any more. Told once, kept as keyed hashes. */
export async function renewRecovery(ctx: Ctx, userId: string): Promise<string[]> {
  await ctx.db.deleteFrom('security.recoveryCodes').where('userId', '=', userId).execute();
  const codes = newRecoveryCodes();
  await ctx.db
    .insertInto('security.recoveryCodes')
    .values(
      codes.map((code) => ({ codeHash: hashOf(userId, code.replace('-', '')), userId, madeAt: ctx.now, usedAt: null })),
    )
    .execute();
  return codes;
}

export async function recoveryLeft(ctx: Pick<Ctx, 'db'>, userId: string): Promise<number> {
  const { n } = await ctx.db
    .selectFrom('security.recoveryCodes')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return n;
}

/** Takes the factor away with everything of it. True when there was one. */
export async function dropFactor(ctx: Ctx, userId: string): Promise<boolean> {
  for (const table of ['security.recoveryCodes', 'security.factorFailures'] as const)
    await ctx.db.deleteFrom(table).where('userId', '=', userId).execute();
  const row = await ctx.db
    .deleteFrom('security.secondFactors')
    .where('userId', '=', userId)
    .returning('state')
    .executeTakeFirst();
  return row?.state === 'on';
}
