/** The commands of the watchdog, for the module's list. */
import { closeTrip } from './commands/closeTrip.ts';
import { noteNodes } from './commands/noteNodes.ts';
import { raiseTrip } from './commands/raiseTrip.ts';
import { startTrip } from './commands/startTrip.ts';
import type {} from './tables.ts';

export const watchdogCommands = [closeTrip, noteNodes, raiseTrip, startTrip];
