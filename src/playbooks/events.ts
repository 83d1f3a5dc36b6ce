/** What this module announces. Names as in domain.md 2.6. */

import { z } from 'zod';
import { defineEvent } from '#kernel';

const action = {
  actionRunId: z.string(),
  incidentId: z.string(),
  title: z.string(),
  customerVisible: z.boolean(),
};

export const playbookApproved = defineEvent(
  'playbook.approved',
  z.object({ playbookId: z.string(), versionId: z.string() }),
  {
    unheard: 'screens only',
  },
);
export const runStarted = defineEvent(
  'run.started',
  z.object({
    runId: z.string(),
    incidentId: z.string(),
    playbookId: z.string(),
  }),
);
export const runEnded = defineEvent(
  'run.ended',
  z.object({
    runId: z.string(),
    incidentId: z.string(),
    state: z.enum(['finished', 'cancelled']),
  }),
  {
    unheard: 'screens only',
  },
);
export const stepChanged = defineEvent(
  'step.changed',
  z.object({
    runId: z.string(),
    incidentId: z.string(),
    stepRunId: z.string(),
    state: z.string(),
  }),
  {
    unheard: 'screens only',
  },
);
export const actionProposed = defineEvent('action.proposed', z.object(action), {
  unheard: 'the approval it asks for is announced by incidents',
});
export const actionRefused = defineEvent('action.refused', z.object({ ...action, rules: z.array(z.string()) }), {
  unheard: 'screens only',
});
export const actionStarted = defineEvent('action.started', z.object(action), {
  unheard: 'screens only',
});
export const actionUnknown = defineEvent('action.unknown', z.object(action), {
  unheard: 'screens only',
});
export const actionEffective = defineEvent('action.effective', z.object(action));
export const actionFailed = defineEvent('action.failed', z.object({ ...action, error: z.string() }));
export const actionNeedsHuman = defineEvent('action.needs_human', z.object({ ...action, error: z.string() }));
export const actionAborted = defineEvent('action.aborted', z.object({ ...action, reason: z.string() }), {
  unheard: 'the undo that follows is announced; for drills to hear',
});
export const actionVetoed = defineEvent('action.vetoed', z.object({ ...action, by: z.string() }), {
  unheard: 'screens only',
});
export const overrideChanged = defineEvent(
  'override.changed',
  z.object({ overrideId: z.string(), incidentId: z.string().nullable(), kind: z.string(), active: z.boolean() }),
  { unheard: 'screens only' },
);
export const actionUndone = defineEvent('action.undone', z.object(action));
const freeze = z.object({
  freezeId: z.string(),
  serviceId: z.string(),
  incidentId: z.string(),
});
export const freezeStarted = defineEvent('freeze.on', freeze, {
  unheard: 'screens only',
});
export const freezeEnded = defineEvent('freeze.off', freeze.extend({ reason: z.string() }), {
  unheard: 'screens only',
});
export const freezeException = defineEvent('freeze.exception', freeze.extend({ label: z.string() }), {
  unheard: 'screens only',
});
export const automationPaused = defineEvent('automation.paused', z.object({ reason: z.string() }), {
  unheard: 'screens only',
});
export const automationResumed = defineEvent('automation.resumed', z.object({ note: z.string() }), {
  unheard: 'screens only',
});
export const flagSet = defineEvent('flag.set', z.object({ key: z.string(), variant: z.string() }), {
  unheard: 'screens only',
});

const mode = z.object({ modeId: z.string(), incidentId: z.string(), name: z.string() });
export const degradedEntered = defineEvent('degraded.entered', mode, { unheard: 'screens, streams and drills' });
export const degradedExited = defineEvent('degraded.exited', mode, { unheard: 'screens, streams and drills' });
export const degradedStuck = defineEvent('degraded.stuck', mode.extend({ detail: z.string() }), {
  unheard: 'the command pages by itself',
});

export const events = [
  degradedEntered,
  degradedExited,
  degradedStuck,
  playbookApproved,
  runStarted,
  runEnded,
  stepChanged,
  actionProposed,
  actionRefused,
  actionStarted,
  actionUnknown,
  actionEffective,
  actionFailed,
  actionNeedsHuman,
  actionAborted,
  actionVetoed,
  overrideChanged,
  actionUndone,
  freezeStarted,
  freezeEnded,
  freezeException,
  automationPaused,
  automationResumed,
  flagSet,
];
