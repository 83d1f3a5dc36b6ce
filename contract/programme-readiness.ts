/** Readiness of a service as it crosses the wire: plan, people, practice, each mark with what to do. Part of `programme.ts`. */
import { z } from 'zod';
import { endpoint } from './core.ts';

export const markId = z.enum([
  'owner',
  'policy',
  'playbook',
  'monitors',
  'slo',
  'abilities',
  'cover',
  'tested',
  'drill',
]);
export type MarkId = z.infer<typeof markId>;

export const readinessMark = z.object({
  id: markId,
  pillar: z.enum(['plan', 'people', 'practice']),
  label: z.string(),
  /** `weak`: there, but old or in part. A mark without evidence is `missing`. */
  state: z.enum(['ok', 'weak', 'missing']),
  /** What is known, in one line. */
  says: z.string(),
  /** What to do about it; null when nothing. */
  step: z.object({ label: z.string(), to: z.string() }).nullable(),
});
export type ReadinessMark = z.infer<typeof readinessMark>;

export const serviceReadiness = z.object({
  service: z.object({ id: z.string(), slug: z.string(), name: z.string(), tier: z.number().int() }),
  ok: z.number().int(),
  of: z.number().int(),
  marks: z.array(readinessMark),
});
export type ServiceReadiness = z.infer<typeof serviceReadiness>;

export const readinessEndpoints = {
  serviceReadiness: endpoint({
    id: 'programme.serviceReadiness',
    method: 'GET',
    path: '/api/v1/service-readiness',
    summary:
      'How ready each service is: plan, people, practice, computed from what there is now, with what to do for each gap',
    access: 'read',
    query: z.strictObject({ serviceId: z.string().max(100).optional() }),
    response: z.object({ items: z.array(serviceReadiness) }),
  }),
};
