/** Sends a test alert through the real path. It pages nobody unless that is asked for. */
import { config } from '#kernel';
import { command } from '#security';
import { readBody, wireless } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { currentKey, lockIntegration } from '../integrations/store.ts';
import { groupOfSignal } from '../queries.ts';
import { receive } from './receive.ts';

export interface TestIntegration {
  id: string;
  action: 'trigger' | 'resolve';
  /** Page as a real alert would. */
  page: boolean;
}

export const testIntegration = command(
  'signals.testIntegration',
  { allow: 'responder', subject: (input: TestIntegration) => input.id },
  async (ctx, input: TestIntegration): Promise<{ signalId: string; groupId: string | null }> => {
    const integration = await lockIntegration(ctx, input.id);
    const family = familyOf(integration.kind)!;
    const key = await currentKey(ctx, integration.id);
    const bytes = Buffer.from(
      JSON.stringify(family.sample(input.action, { url: config.publicUrl, key, name: integration.name }, ctx.now)),
    );
    const { signalId } = await receive(ctx, {
      family,
      integration,
      purpose: 'alerts',
      contentType: 'application/json',
      headers: { 'user-agent': 'Evenkeel test' },
      bytes,
      body: readBody('application/json', bytes),
      key,
      wire: wireless(family, family.sampleWire?.(input.action)),
      test: true,
      testPages: input.page,
    });
    return { signalId: signalId!, groupId: await groupOfSignal(ctx, signalId!) };
  },
);
