/** Sets what a family lets its owner set: a vendor's signing secret, a mapping. Secrets are sealed and never shown again. */
import { invalid } from '#kernel';
import { command } from '#security';
import { familyOf } from '../ingest/families.ts';
import { type Integration, lockIntegration, openOptions, saveOptions } from '../integrations/store.ts';

export interface ConfigureIntegration {
  id: string;
  /** By name; an empty text takes the option away, what is not named stays. */
  options: Record<string, string>;
}

export const configureIntegration = command(
  'signals.configureIntegration',
  { allow: 'manager', subject: (input: ConfigureIntegration) => input.id },
  async (ctx, input: ConfigureIntegration): Promise<Integration> => {
    const integration = await lockIntegration(ctx, input.id);
    const fields = familyOf(integration.kind)?.options ?? [];
    const errors = Object.entries(input.options).flatMap(([name, value]) => {
      const field = fields.find((one) => one.name === name);
      if (!field) return [{ path: `options.${name}`, message: 'This kind of integration has no such option.' }];
      const problem = value === '' ? undefined : field.problem?.(value);
      return problem ? [{ path: `options.${name}`, message: problem }] : [];
    });
    if (errors.length > 0) throw invalid('These options cannot be kept', 'signals.options', errors);
    const before = openOptions(integration);
    const after = Object.fromEntries(
      Object.entries({ ...before, ...input.options }).filter(([, value]) => value !== ''),
    );
    await saveOptions(ctx, integration, after);
    const shown = (options: Record<string, string>) =>
      Object.fromEntries(fields.map(({ name, secret }) => [name, secret ? name in options : (options[name] ?? null)]));
    ctx.audit.before = shown(before);
    ctx.audit.after = shown(after);
    return integration;
  },
);
