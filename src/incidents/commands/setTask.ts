/** Claims, finishes, drops or reopens a task; who comes second is told who has it (M33b). */
import { conflict, emit, notFound } from '#kernel';
import { command, personRefs } from '#security';
import { lockTask, saveTask } from '../decisions/store.ts';
import { taskChanged } from '../events.ts';
import { knownId } from '../links.ts';
import { write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { readIncident } from '../store.ts';
import type { TaskRow } from '../tables.ts';

export interface SetTaskInput {
  taskId: string;
  state?: TaskRow['state'] | undefined;
  claim?: boolean | undefined;
}

export const setTask = command(
  'incidents.setTask',
  { allow: 'responder' },
  async (ctx, input: SetTaskInput): Promise<TaskRow> => {
    const task = await lockTask(ctx, knownId('tsk', 'Task', input.taskId));
    if (!task) throw notFound('Task', input.taskId);
    const incident = await readIncident(ctx, task.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    ctx.audit.subject = task.id;
    const self = selfOf(ctx.actor);
    if (input.claim && task.personId && task.personId !== self) {
      const name = (await personRefs(ctx, [task.personId])).get(task.personId)?.name ?? 'somebody else';
      throw conflict(`${name} has this task already`, 'incidents.tasks.claimed', `Ask ${name}, or take another one.`);
    }
    const personId = input.claim ? self : task.personId;
    const state = input.state ?? task.state;
    if (personId === task.personId && state === task.state) return task;
    const saved = await saveTask(ctx, task.id, { personId, state });
    const word = state !== task.state ? { open: 'reopens', done: 'has done', dropped: 'drops' }[state] : 'takes';
    await write(ctx, incident, {
      kind: 'task',
      text: `${ctx.actor.name} ${word}: ${task.text}`,
      refs: [{ kind: 'task', id: task.id }],
    });
    await emit(
      ctx,
      taskChanged,
      { incidentId: incident.id, key: incident.key, taskId: task.id, state },
      { subject: incident.id, incident: incident.id },
    );
    ctx.audit.before = { personId: task.personId, state: task.state };
    ctx.audit.after = { personId, state };
    return saved;
  },
);
