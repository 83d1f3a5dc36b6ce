/** What people does when channels below announce something. */
import { deliverySettled } from '#channels';
import { isId, reaction } from '#kernel';
import { recordDelivery } from './commands/recordDelivery.ts';
import { settleTestPage } from './proofs/commands/settleTestPage.ts';

/** A page that did not arrive must be seen as such in its log. */
export const onDeliverySettled = reaction('people.onDeliverySettled', deliverySettled, async (ctx, settled) => {
  if (settled.purpose !== 'page') return;
  if (isId('prf', settled.ref))
    return void (await settleTestPage(ctx, { proofId: settled.ref, state: settled.state, error: settled.error }));
  if (!isId('pag', settled.ref)) return;
  const { ref: pageId, deliveryId, channel, state, error } = settled;
  await recordDelivery(ctx, { pageId, deliveryId, channel, state, error });
});
