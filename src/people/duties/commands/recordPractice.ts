/** Writes down that somebody practised a role: a training, a shift beside somebody, a drill outside the product. */
import { type Ctx, conflict, invalid, personOf, Problem } from '#kernel';
import { command, hasRole } from '#security';
import { peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';
import type { PracticeKind } from '../model.ts';
import { addPractice, roleByKey } from '../store.ts';

export interface RecordPractice {
  roleKey: string;
  /** Absent: oneself. */
  userId?: string | undefined;
  kind: PracticeKind;
  /** Absent: now. */
  at?: Date | undefined;
  note: string;
}

/** Everybody writes down their own; for somebody else it takes a manager. Throws 403, 404, 422. */
export const recordPractice = command(
  'people.recordPractice',
  { allow: 'responder', subject: (_input: RecordPractice, result: { id: string }) => result.id },
  async (ctx: Ctx, input) => {
    const self = personOf(ctx.actor);
    const userId = input.userId ?? self;
    if (!userId) throw invalid('Say who practised', 'people.practice', [{ path: 'userId', message: 'needed' }]);
    if (userId !== self && !hasRole(ctx.actor, 'manager'))
      throw new Problem(403, 'Only a manager writes down the practice of somebody else', {
        rule: 'people.practice.other',
      });
    const role = await roleByKey(ctx, input.roleKey);
    requirePeople(await peopleById(ctx), [{ path: 'userId', id: userId }]);
    const at = input.at ?? ctx.now;
    if (at > ctx.now)
      throw invalid('Practice is written down when it has been', 'people.practice', [
        { path: 'at', message: 'not in the future' },
      ]);
    const row = await addPractice(ctx, {
      userId,
      roleKey: role.key,
      kind: input.kind,
      at,
      note: input.note,
      ref: null,
    });
    if (!row) throw conflict('This practice stands there already', 'people.practice');
    await tellScreens(ctx, 'practice', row.id);
    await refreshBench(ctx);
    ctx.audit.after = { userId, role: role.key, kind: input.kind, at };
    return { id: row.id };
  },
);
