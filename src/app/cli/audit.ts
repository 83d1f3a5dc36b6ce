/** `evenkeel audit verify`. */
import { verifyAudit } from '#security';
import { openGround } from '../serve.ts';
import { say, sayJson } from './say.ts';

/** Recomputes the chain in the database of the running product, or in one started for it. */
export async function verifyCommand(options: { json?: boolean }): Promise<void> {
  const ground = await openGround({ migrate: false, attach: true });
  try {
    const verdict = await verifyAudit(ground.house.db);
    if (!verdict.ok) process.exitCode = 1;
    if (options.json) return sayJson(verdict);
    if (verdict.ok) say(`The audit log is whole: ${verdict.entries} entries, the last one is ${verdict.head}.`);
    else
      say(
        `The audit log is BROKEN at entry ${verdict.brokenAt}: ${verdict.why}. The ${verdict.entries} entries before it are whole.`,
      );
  } finally {
    await ground.close();
  }
}
