/** From when on practice counts as old. */
import { defineSetting } from '#kernel';
import { z } from 'zod';

const days = z.number().int().min(1).max(1095);
export const readinessPolicy = defineSetting({
  key: 'programme.readiness',
  schema: z.strictObject({ drillDays: days, playbookDays: days, testDays: days }),
  default: { drillDays: 180, playbookDays: 180, testDays: 35 },
  help: 'How old a drill of a service, the approval of its playbook, and the last answered test page of whoever is on call may be, in days, before the mark of readiness turns. After twice as long it counts as nothing.',
});
