/** A synthetic alert of an exercise, through the very same door, reader and rules as a real one, marked on every row. */
import { conflict, config, notFound } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { readBody } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { EXERCISE_INTEGRATION, integrationOf } from '../integrations/store.ts';
import type { Severity } from '../model.ts';
import { groupOfSignal } from '../queries.ts';
import { receive } from './receive.ts';

export interface ReceiveExercise {
  title: string;
  severity: Severity;
  description?: string | undefined;
  serviceId?: string | null | undefined;
  labels?: Record<string, string> | undefined;
  /** Identity of the alert; a resolve must name the one it ends. The title when absent. */
  key?: string | undefined;
  /** Alerts of one exercise group together by this. */
  groupKey?: string | undefined;
  action?: 'trigger' | 'resolve' | undefined;
}

export const receiveExercise = command(
  'signals.receiveExercise',
  { allow: 'internal', subject: (_input: ReceiveExercise, result: { signalId: string }) => result.signalId },
  async (ctx, input: ReceiveExercise): Promise<{ signalId: string; groupId: string | null }> => {
    if (!ctx.exercise)
      throw conflict('A synthetic alert needs an exercise', 'signals.exercise', 'Real contexts take real alerts only.');
    const service = input.serviceId ? await serviceById(ctx, input.serviceId) : undefined;
    if (input.serviceId && !service) throw notFound('Service', input.serviceId);
    const integration = await integrationOf(ctx, EXERCISE_INTEGRATION);
    const bytes = Buffer.from(JSON.stringify(bodyOf(input, service?.slug, ctx.now)));
    const { signalId } = await receive(ctx, {
      family: familyOf(integration.kind)!,
      integration,
      purpose: 'alerts',
      contentType: 'application/json',
      headers: { 'user-agent': 'Evenkeel exercise' },
      bytes,
      body: readBody('application/json', bytes),
    });
    return { signalId: signalId!, groupId: await groupOfSignal(ctx, signalId!) };
  },
);

/** The body a real Alertmanager would send. */
function bodyOf(input: ReceiveExercise, service: string | undefined, now: Date): unknown {
  const status = input.action === 'resolve' ? 'resolved' : 'firing';
  const key = input.key ?? input.title;
  const labels = { alertname: 'Exercise', ...input.labels, severity: input.severity, ...(service ? { service } : {}) };
  return {
    version: '4',
    groupKey: `exercise:${input.groupKey ?? key}`,
    status,
    receiver: 'exercise',
    commonLabels: labels,
    commonAnnotations: { summary: input.title },
    externalURL: config.publicUrl,
    alerts: [
      {
        status,
        labels,
        annotations: { summary: input.title, description: input.description ?? '' },
        startsAt: now.toISOString(),
        endsAt: status === 'resolved' ? now.toISOString() : '0001-01-01T00:00:00Z',
        fingerprint: `exercise:${key}`,
      },
    ],
  };
}
