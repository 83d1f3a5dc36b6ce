/** What crosses the wire for the home screen: what needs the person now, and how the house stands. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';
import { importEndpoints } from './programme-imports.ts';
import { readinessEndpoints } from './programme-readiness.ts';

export * from './programme-imports.ts';
export * from './programme-readiness.ts';

/** In the order of the screen: what hurts others while it waits comes first. */
export const needKind = z.enum([
  'page',
  'incident',
  'update',
  'approval',
  'handover',
  'role',
  'task',
  'exercise',
  'review',
  'action',
  'bench',
  'supplier',
  'setup',
]);
export type NeedKind = z.infer<typeof needKind>;

export const need = z.object({
  /** Stable while the need stands, so that a screen can keep its place. */
  id: z.string(),
  kind: needKind,
  title: z.string(),
  /** Why it is this person's turn, in one line. */
  reason: z.string(),
  /** What the one button says. */
  step: z.string(),
  /** Path in the console where it is done. */
  to: z.string(),
  since: instant.nullable(),
  due: instant.nullable(),
  urgency: z.enum(['now', 'soon', 'later']),
  exercise: z.boolean(),
  /** For pages only: acknowledging needs no other screen. */
  pageId: z.string().nullable(),
});
export type Need = z.infer<typeof need>;

export const setupStep = z.object({
  step: z.string(),
  title: z.string(),
  why: z.string(),
  to: z.string(),
  state: z.enum(['open', 'done', 'skipped']),
});
export type SetupStep = z.infer<typeof setupStep>;

const activeIncident = z.object({
  id: z.string(),
  key: z.string(),
  title: z.string(),
  severity: z.number(),
  phase: z.string(),
  declaredAt: instant,
  commander: personRef.nullable(),
  exercise: z.boolean(),
});

export const home = z.object({
  now: instant,
  /** "Nothing needs you", or how many things do. */
  headline: z.string(),
  /** How the house stands, in a sentence or two; true also when nothing needs the person. */
  standing: z.string(),
  needs: z.array(need),
  incidents: z.array(activeIncident),
  duty: z.object({
    mine: z.array(z.object({ schedule: z.string(), until: instant.nullable(), zone: z.string() })),
    others: z.array(
      z.object({ schedule: z.string(), person: personRef.nullable(), until: instant.nullable(), zone: z.string() }),
    ),
  }),
  numbers: z.object({
    services: z.number(),
    openGroups: z.number(),
    activeIncidents: z.number(),
    openActions: z.number(),
    overdueActions: z.number(),
    openReviews: z.number(),
  }),
  /** Only while steps are open; `null` = the installation is set up. */
  setup: z.array(setupStep).nullable(),
});
export type Home = z.infer<typeof home>;

export const endpoints = {
  ...importEndpoints,
  ...readinessEndpoints,
  home: endpoint({
    id: 'programme.home',
    method: 'GET',
    path: '/api/v1/home',
    summary: 'What needs me now, and how the house stands',
    access: 'signed_in',
    response: home,
  }),
  skipSetupStep: endpoint({
    id: 'programme.skipSetupStep',
    method: 'POST',
    path: '/api/v1/setup/:step/skip',
    summary: 'Go without one step of the set-up, with the reason',
    access: 'programme.skipSetupStep',
    params: z.object({ step: z.string().max(40) }),
    body: z.strictObject({ reason: z.string().trim().min(1, 'say why').max(300) }),
    response: z.object({ steps: z.array(setupStep) }),
  }),
};
