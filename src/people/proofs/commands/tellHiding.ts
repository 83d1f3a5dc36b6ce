/** Tells the owners, by mail, of every change that can hide trouble: whoever blinds the pager does not do it unseen (T2). */
import { type Ctx, zone } from '#kernel';
import { command, type Person } from '#security';
import { type AuditEntry, type Hiding, judgeChange } from '../blinding.ts';
import { guardians, ownersOf } from '../callable.ts';
import { mail } from '../telling.ts';
import { lockMark, saveMark } from '../marks.ts';

const MARK = 'hiding.audit';
/** Entries looked at in one go. */
const MOST = 2000;

/** Returns how many were told. The mark moves with the telling, so each change is told once, by one node. */
export const tellHiding = command('people.tellHiding', { allow: 'internal' }, async (ctx, _input: object) => {
  // What it tells is in the log already.
  ctx.audit.skip = true;
  const head = await ctx.db.selectFrom('security.auditHead').select('seq').executeTakeFirstOrThrow();
  // The first look ever begins at the end of the log: what was before is no news.
  const from = Number(await lockMark(ctx, MARK, String(head.seq)));
  const entries = await ctx.db
    .selectFrom('security.audit')
    .select(['seq', 'at', 'action', 'subject', 'actorKind', 'actorName', 'before', 'after', 'reason', 'exercise'])
    .where('seq', '>', from)
    .orderBy('seq')
    .limit(MOST)
    .execute();
  const last = entries.at(-1);
  if (!last) return { told: 0 };
  const found = entries.flatMap((entry) => {
    const hiding = judgeChange(entry as AuditEntry);
    return hiding ? [{ entry: entry as AuditEntry, hiding }] : [];
  });
  if (found.length > 0) await note(ctx, found);
  await saveMark(ctx, MARK, String(last.seq));
  return { told: found.length };
});

async function note(ctx: Ctx, found: { entry: AuditEntry; hiding: Hiding }[]): Promise<void> {
  await ctx.db
    .insertInto('people.hidingChanges')
    .values(
      found.map(({ entry, hiding }) => ({
        ...{ auditSeq: entry.seq, kind: hiding.kind, action: entry.action, subject: entry.subject, at: entry.at },
        ...{ actorName: entry.actorName, text: hiding.text.slice(0, 1000), toldAt: ctx.now },
      })),
    )
    .onConflict((on) => on.doNothing())
    .execute();
  const everywhere = await guardians(ctx);
  const heard = new Map<string, { person: Person; lines: string[] }>();
  for (const { entry, hiding } of found) {
    const owners = hiding.teamId ? await ownersOf(ctx, hiding.teamId) : [];
    for (const person of new Map([...everywhere, ...owners].map((one) => [one.id, one])).values()) {
      const own = heard.get(person.id) ?? { person, lines: [] };
      own.lines.push(`${hiding.text} (by ${entry.actorName}, ${zone.sayInstant(person.timeZone, entry.at)})`);
      heard.set(person.id, own);
    }
  }
  for (const { person, lines } of heard.values()) {
    const subject =
      lines.length === 1 ? `Changed: ${found[0]?.hiding.text ?? ''}` : `${lines.length} changes that can hide trouble`;
    await mail(ctx, person, { ref: 'hiding', link: '/reachability' }, subject.slice(0, 150), [
      'These changes can keep alerts or pages from somebody. If they were not meant, undo them now:',
      lines.slice(0, 50).join('\n'),
      'The audit log has each of them in full.',
    ]);
  }
}
