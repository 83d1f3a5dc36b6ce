/** Makes an API token that acts for its maker, limited to its scopes. */
import { addMs, invalid, newId, personOf, Problem, randomToken } from '#kernel';
import { scopeNames, scopePermits } from '../access.ts';
import { command } from '../command.ts';
import { tokenHash } from '../store.ts';

export const createToken = command(
  'security.createToken',
  { allow: 'viewer' },
  async (ctx, input: { name: string; scopes: string[]; expiresInDays?: number | undefined }) => {
    const known = scopeNames();
    const unknown = input.scopes.filter(
      (scope) =>
        !known.includes(scope) && !(scope.endsWith('.*') && known.some((name) => name.startsWith(scope.slice(0, -1)))),
    );
    if (unknown.length > 0)
      throw invalid(
        `There is no scope “${unknown[0]}”`,
        'security.scope',
        unknown.map((scope) => ({ path: 'scopes', message: `“${scope}” is not a scope` })),
      );
    // A token that may make tokens hands on what it has, never more: otherwise its own limits would be worth nothing.
    const own = ctx.actor.scopes;
    const beyond = own && input.scopes.find((scope) => !own.some((held) => scopePermits(held, scope)));
    if (beyond)
      throw new Problem(403, `This token does not have the scope “${beyond}” itself`, {
        rule: 'security.scope',
        detail: 'Sign in to make a token with more.',
      });
    const secret = `ek_${randomToken(30)}`;
    const id = newId('tok');
    await ctx.db
      .insertInto('security.tokens')
      .values({
        id,
        name: input.name,
        tokenHash: tokenHash(secret),
        hint: `${secret.slice(0, 8)}…`,
        userId: personOf(ctx.actor) ?? ctx.actor.id,
        scopes: input.scopes,
        createdAt: ctx.now,
        expiresAt: input.expiresInDays ? addMs(ctx.now, input.expiresInDays * 86_400_000) : null,
      })
      .execute();
    ctx.audit.subject = id;
    ctx.audit.after = { name: input.name, scopes: input.scopes };
    return { tokenId: id, secret };
  },
);
