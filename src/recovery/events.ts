/** What recovery announces. */
import { defineEvent } from '#kernel';
import { z } from 'zod';

const about = { incidentId: z.string(), planId: z.string() };
export const readinessMet = defineEvent('readiness.met', z.object(about), {
  unheard: 'for communication and screens to hear',
});
export const readinessLost = defineEvent('readiness.lost', z.object({ ...about, reasons: z.array(z.string()) }), {
  unheard: 'for communication and screens to hear',
});
export const criteriaChanged = defineEvent('recovery.criteria_changed', z.object(about), { unheard: 'screens only' });
/** A verdict or the clock changed; screens look again. */
export const readinessSampled = defineEvent('readiness.sampled', z.object(about), { unheard: 'screens only' });

export const events = [readinessMet, readinessLost, criteriaChanged, readinessSampled];
