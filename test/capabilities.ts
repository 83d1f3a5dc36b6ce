/** Which proof lines are claimed, and the tests that prove each: `file › name of the test` (the end of the name may be left out with …). */

export const CAPABILITIES: Record<string, string[]> = {};
