/** Takes a playbook out of use: it is proposed no more, and services that relied on it are told. What it did stays on record. */
import { conflict, type Ctx, notFound } from '#kernel';
import { command } from '#security';

export const retirePlaybook = command(
  'playbooks.retirePlaybook',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx: Ctx, input: { id: string }): Promise<{ id: string }> => {
    const row = await ctx.db
      .selectFrom('playbooks.playbooks')
      .selectAll()
      .where('id', '=', input.id)
      .forUpdate()
      .executeTakeFirst();
    if (!row || row.retiredAt) throw notFound('Playbook', input.id);
    const running = await ctx.db
      .selectFrom('playbooks.runs as r')
      .innerJoin('playbooks.versions as v', 'v.id', 'r.versionId')
      .select('r.id')
      .where('v.playbookId', '=', row.id)
      .where('r.state', '=', 'active')
      .executeTakeFirst();
    if (running)
      throw conflict(
        `“${row.title}” is running`,
        'playbooks.retire',
        'End the run first: who works with it must not lose it.',
      );
    await ctx.db.updateTable('playbooks.playbooks').set({ retiredAt: ctx.now }).where('id', '=', row.id).execute();
    ctx.audit.before = { name: row.name, title: row.title };
    ctx.audit.after = { retiredAt: ctx.now };
    return { id: row.id };
  },
);
