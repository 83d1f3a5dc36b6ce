/** The smallest shapes of `ir/v1`: ids, durations, conditions, classes of risk and levels of autonomy. */
import { z } from 'zod';

/** Ids allow dotted access in conditions (domain.md 3.1). */
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'an id is lower case letters, digits and _, starting with a letter');
export const duration = z.string().regex(/^\d{1,6}(ms|s|m|h|d)$/, 'write a duration such as 30s, 5m or 12h');
export const text = (max: number) => z.string().min(1).max(max);
export const expression = z.string().min(1).max(4_000);
export const actionName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'an action is named connector.verb, such as flag.set');
export const params = z.record(z.string(), z.unknown());

export const riskClass = z.enum(['reversible', 'compensable', 'irreversible']);
export const autonomy = z.enum(['manual', 'suggest', 'approve', 'veto', 'auto']);
export type RiskClass = z.infer<typeof riskClass>;
export type Autonomy = z.infer<typeof autonomy>;
