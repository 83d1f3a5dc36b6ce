/** What the catalogue announces. */
import { defineEvent } from '#kernel';
import { z } from 'zod';

/** A service was added or changed. */
export const serviceSaved = defineEvent(
  'service.saved',
  z.object({ serviceId: z.string(), slug: z.string(), name: z.string() }),
  { unheard: 'open screens refresh from it; nothing needs to be done' },
);

/** A deploy, flag flip, configuration or other change happened. Never pages. */
export const changeRecorded = defineEvent(
  'change.recorded',
  z.object({ changeId: z.string(), serviceId: z.string().nullable(), kind: z.string(), summary: z.string() }),
  { unheard: 'shown beside alerts and incidents of the same service; nothing needs to be done' },
);
