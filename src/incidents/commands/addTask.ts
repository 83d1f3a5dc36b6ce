/** Adds a task for a person or a role. */
import { emit, invalid } from '#kernel';
import { command, userById } from '#security';
import { insertTask } from '../decisions/store.ts';
import { taskChanged } from '../events.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import type { RoleName } from '../roles/model.ts';
import { giveableRole } from './assignRole.ts';
import { lockIncident } from '../store.ts';
import type { TaskRow } from '../tables.ts';

export interface AddTaskInput {
  incidentId: string;
  text: string;
  role?: RoleName | undefined;
  personId?: string | undefined;
  dueAt?: Date | undefined;
}

export const addTask = command(
  'incidents.addTask',
  { allow: 'responder' },
  async (ctx, input: AddTaskInput): Promise<TaskRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { text: input.text });
    const person = input.personId ? await userById(ctx, input.personId) : undefined;
    if (input.personId && !person?.active) {
      throw invalid('No such active person', 'incidents.tasks.person', [
        { path: 'personId', message: 'not an active person' },
      ]);
    }
    const role = input.role ? await giveableRole(ctx, input.role) : undefined;
    const row = await insertTask(ctx, incident, {
      text: storable(input.text),
      role: role?.key ?? null,
      personId: person?.id ?? null,
      dueAt: input.dueAt ?? null,
    });
    const whose = person?.name ?? role?.title ?? 'nobody yet';
    await write(ctx, incident, {
      kind: 'task',
      text: `Task for ${whose}: ${row.text}`,
      refs: [{ kind: 'task', id: row.id }],
    });
    await emit(
      ctx,
      taskChanged,
      { incidentId: incident.id, key: incident.key, taskId: row.id, state: row.state },
      { subject: incident.id, incident: incident.id },
    );
    ctx.audit.after = { taskId: row.id };
    return row;
  },
);
