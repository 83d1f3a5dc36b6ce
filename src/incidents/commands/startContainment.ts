/** Enters containment; with `action`, says what is being done by hand and starts the containment clock. */
import { command } from '#security';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';
import { markContainmentStarted } from './markContainmentStarted.ts';

export interface StartContainmentInput {
  incidentId: string;
  action?: string | undefined;
  serviceIds?: string[] | undefined;
}

export const startContainment = command(
  'incidents.startContainment',
  { allow: 'responder' },
  async (ctx, { incidentId, action, serviceIds }: StartContainmentInput): Promise<Moved> => {
    refuseSecrets(ctx, { action });
    const moved = await walk(ctx, { incidentId, to: 'containment', serviceIds, headline: 'Containment begins' });
    if (action) await markContainmentStarted(ctx, { incidentId, text: action });
    return { ...moved, changed: moved.changed || action !== undefined };
  },
);
