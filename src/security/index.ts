/** Security: identity, access and the audit log. `command` is the one way to change the world. */
import { defineModule, type House, randomToken } from '#kernel';
import { acceptInvite } from './commands/acceptInvite.ts';
import { confirmFactor } from './commands/confirmFactor.ts';
import { createToken } from './commands/createToken.ts';
import { inviteUser } from './commands/inviteUser.ts';
import { noteExport } from './commands/noteExport.ts';
import { noteView } from './commands/noteView.ts';
import { offerFactor } from './commands/offerFactor.ts';
import { proveFactor } from './commands/proveFactor.ts';
import { removeFactor } from './commands/removeFactor.ts';
import { renewInvite } from './commands/renewInvite.ts';
import { renewRecoveryCodes } from './commands/renewRecoveryCodes.ts';
import { resetFactor } from './commands/resetFactor.ts';
import { revokeSession } from './commands/revokeSession.ts';
import { revokeToken } from './commands/revokeToken.ts';
import { saveSetting } from './commands/saveSetting.ts';
import { setup } from './commands/setup.ts';
import { signIn } from './commands/signIn.ts';
import { signOut } from './commands/signOut.ts';
import { updateMe } from './commands/updateMe.ts';
import { updateUser } from './commands/updateUser.ts';
import { setupNeeded } from './queries.ts';
import { routes } from './routes.ts';
import { jobs } from './jobs.ts';
import { anchors, installation } from './settings.ts';
import { tokenHash } from './store.ts';

export { hasRole, may, permissionsOf, requirePermission } from './access.ts';
export { type AuditVerdict, verifyAudit } from './audit/write.ts';
export { chainSource, type ChainHead, headOver, type SignedHead, signHeads } from './audit/heads.ts';
export { keyIdOf, type SigningKey, signingKey } from './audit/signing.ts';
export { deliverHeads } from './audit/places.ts';
export { signHeadsJob } from './jobs.ts';
export { type Command, command } from './command.ts';
export { createToken } from './commands/createToken.ts';
export { inviteUser } from './commands/inviteUser.ts';
export { saveSetting } from './commands/saveSetting.ts';
export { doorkeeper, SESSION_COOKIE } from './doorkeeper.ts';
export { listUsers, type Person, personRefs, setupNeeded, userById, usersAndAdmins, usersWithRole } from './queries.ts';
export { provenBy } from './factor/prove.ts';
export { installation } from './settings.ts';
export { insertUser, openSession, userActor } from './store.ts';
export { checkTimeZone } from './time-zone.ts';
export { systemActor } from '#kernel';

/** A fresh one-time token for the first administrator, or undefined when there already is one. Earlier tokens end. */
export async function renewSetupToken(house: House): Promise<string | undefined> {
  if (!(await setupNeeded(house.db))) return undefined;
  const token = randomToken(24);
  await house.db.transaction().execute(async (db) => {
    await db.deleteFrom('security.setupTokens').where('usedAt', 'is', null).execute();
    await db
      .insertInto('security.setupTokens')
      .values({ tokenHash: tokenHash(token) })
      .execute();
  });
  return token;
}

export const module = defineModule({
  name: 'security',
  commands: [
    acceptInvite,
    confirmFactor,
    createToken,
    inviteUser,
    noteExport,
    noteView,
    offerFactor,
    proveFactor,
    removeFactor,
    renewInvite,
    renewRecoveryCodes,
    resetFactor,
    revokeSession,
    revokeToken,
    saveSetting,
    setup,
    signIn,
    signOut,
    updateMe,
    updateUser,
  ],
  jobs,
  settings: [installation, anchors],
  routes,
});
