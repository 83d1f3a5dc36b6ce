/** Records that something changed: a deploy, a flag, a configuration. Never pages. */
import { emit, invalid } from '#kernel';
import { command } from '#security';
import { changeRecorded } from '../events.ts';
import type { ChangeKind } from '../model.ts';
import { findServiceByHint, serviceById } from '../queries.ts';
import { insertChange } from '../store.ts';

export interface RecordChange {
  summary: string;
  kind?: ChangeKind | undefined;
  /** Id, slug or name of the service. */
  service?: string | undefined;
  /** What made the change: a pipeline, an integration. The actor's name when absent. */
  source?: string | undefined;
  url?: string | undefined;
  /** When it happened; now when absent. */
  at?: Date | undefined;
  /** With a service that is not known: false (the default) is a 422; true records the change without one. */
  lenient?: boolean | undefined;
}

export const recordChange = command(
  'catalog.recordChange',
  { allow: 'responder', subject: (_input: RecordChange, change: { id: string }) => change.id },
  async (ctx, input: RecordChange): Promise<{ id: string; serviceId: string | null }> => {
    const service = input.service
      ? ((await serviceById(ctx, input.service)) ?? (await findServiceByHint(ctx, { service: input.service })))
      : undefined;
    if (input.service && !service && !input.lenient) {
      throw invalid(`No service is called “${input.service}”`, 'catalog.unknown_service', [
        { path: 'service', message: 'Give the id or address of a service.' },
      ]);
    }
    const change = {
      serviceId: service?.id ?? null,
      kind: input.kind ?? 'deploy',
      summary: input.summary,
      source: input.source ?? ctx.actor.name,
      url: input.url ?? null,
      at: input.at ?? ctx.now,
    };
    const { id } = await insertChange(ctx, change);
    ctx.audit.after = change;
    await emit(
      ctx,
      changeRecorded,
      { changeId: id, serviceId: change.serviceId, kind: change.kind, summary: change.summary },
      { subject: id },
    );
    return { id, serviceId: change.serviceId };
  },
);
