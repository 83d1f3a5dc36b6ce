/** What the launcher says, all of it on standard error: standard output belongs to the command. */

/** A refusal in words for a person; anything else that is thrown is a bug and shows its stack. */
export class Refusal extends Error {}

/** @param {string} text */
export const explain = (text) => void process.stderr.write(`${text}\n`);

/** @param {string} text */
export const note = (text) => void process.stderr.write(process.stderr.isTTY ? `\x1b[2m${text}\x1b[0m\n` : `${text}\n`);
