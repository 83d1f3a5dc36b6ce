/** The commands of the watchdog, for the module's list. */
import { clearTrips } from './commands/clearTrips.ts';
import { closeTrip } from './commands/closeTrip.ts';
import { noteNodes } from './commands/noteNodes.ts';
import { raiseTrip } from './commands/raiseTrip.ts';
import { startTrip } from './commands/startTrip.ts';
import type {} from './tables.ts';

export const watchdogCommands = [clearTrips, closeTrip, noteNodes, raiseTrip, startTrip];
