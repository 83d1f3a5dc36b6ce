/** Finds nodes that have gone silent without saying good-bye, and tells those who answer for the installation once. */
import { sql, steadyNow, zone } from '#kernel';
import { guardians, mail } from '#people';
import { command } from '#security';

interface Node {
  node: string;
  seen: Date;
  silent: boolean;
}

/** Without a sign of life for so long, on the clock that does not jump, a node is missed: its work was taken over long before. */
const SILENT_MS = 15_000;

/** Returns the nodes that were missed for the first time. A node that stops in good order takes its signs of life with it. */
export const noteNodes = command('signals.noteNodes', { allow: 'internal' }, async (ctx, _input: object) => {
  ctx.audit.skip = true;
  const { rows } = await sql<Node>`
    select node, max(seen_at) as seen, max(seen_steady) < ${steadyNow() - SILENT_MS}::double precision as silent
    from kernel.workers group by node`.execute(ctx.db);
  const heard = rows.filter(({ silent }) => !silent).map(({ node }) => node);
  await ctx.db
    .updateTable('signals.silentNodes')
    .set({ overAt: ctx.now })
    .where('overAt', 'is', null)
    .where((eb) =>
      eb.or([eb('node', 'in', ['', ...heard]), eb('node', 'not in', ['', ...rows.map(({ node }) => node)])]),
    )
    .execute();
  const missed: string[] = [];
  for (const { node, seen } of rows.filter(({ silent }) => silent)) {
    const added = await ctx.db
      .insertInto('signals.silentNodes')
      .values({ node, lastSeenAt: seen, toldAt: ctx.now, overAt: null })
      .onConflict((on) => on.doNothing())
      .returning('node')
      .executeTakeFirst();
    if (!added) continue;
    missed.push(node);
    for (const person of await guardians(ctx))
      await mail(ctx, person, { ref: 'nodes', link: '/reachability' }, `A node has gone silent: ${node}`, [
        `${node} was last heard of at ${zone.sayInstant(person.timeZone, seen)}. ${heard.length} ${heard.length === 1 ? 'node goes' : 'nodes go'} on; pages are still sent.`,
        'Look at that machine before the next one fails. A node that was stopped in good order is not reported.',
      ]);
  }
  ctx.audit.skip = missed.length === 0;
  ctx.audit.after = { silent: missed, heard: heard.length };
  return { missed };
});
