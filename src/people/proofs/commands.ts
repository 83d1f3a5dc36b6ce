/** The commands of the proofs, for the module's list. */
import { closeTestPages } from './commands/closeTestPages.ts';
import { confirmTestPage } from './commands/confirmTestPage.ts';
import { forgetSunkPage } from './commands/forgetSunkPage.ts';
import { mendPage } from './commands/mendPage.ts';
import { noteGaps } from './commands/noteGaps.ts';
import { sendTestPages } from './commands/sendTestPages.ts';
import { sendWeeklyTests } from './commands/sendWeeklyTests.ts';
import { settleTestPage } from './commands/settleTestPage.ts';
import { tellHiding } from './commands/tellHiding.ts';
import { warnShifts } from './commands/warnShifts.ts';
import type {} from './tables.ts';

export const proofCommands = [
  closeTestPages,
  confirmTestPage,
  forgetSunkPage,
  mendPage,
  noteGaps,
  sendTestPages,
  sendWeeklyTests,
  settleTestPage,
  tellHiding,
  warnShifts,
];
