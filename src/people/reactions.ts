/** What people does when channels below announce something. */
import { deliverySettled, recipientGone } from '#channels';
import { isId, reaction } from '#kernel';
import { pagesOf } from './bundles.ts';
import { switchOffGone } from './commands/switchOffGone.ts';
import { recordDelivery } from './commands/recordDelivery.ts';
import { settleTestPage } from './proofs/commands/settleTestPage.ts';

/** A page that did not arrive must be seen as such in its log. */
export const onDeliverySettled = reaction('people.onDeliverySettled', deliverySettled, async (ctx, settled) => {
  if (settled.purpose !== 'page') return;
  const { ref, deliveryId, channel, state, error } = settled;
  if (isId('prf', ref)) {
    // A test that nobody confirms may still be answered by its person.
    if (state !== 'unconfirmed') await settleTestPage(ctx, { proofId: ref, state, error });
    return;
  }
  for (const pageId of await pagesOf(ctx, ref))
    await recordDelivery(ctx, { pageId, deliveryId, channel, state, error });
});

/** A way that is gone is switched off, and its owner learns of it by the ways they have left. */
export const onRecipientGone = reaction('people.onRecipientGone', recipientGone, async (ctx, gone) =>
  switchOffGone(ctx, gone),
);
