/** The ends of events over HTTP. */
import { endpoints } from '#contract/signals';
import { readSetting, route } from '#kernel';
import { watchdog } from '../watchdog/settings.ts';
import { ends } from './queries.ts';

export const terminalRoutes = [
  route(endpoints.ends, async ({ ctx }) => ends(ctx, (await readSetting(ctx, watchdog)).url !== '')),
];
