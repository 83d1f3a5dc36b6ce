/** The second factor: setting it up, proving it, taking it off. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

/** Six digits of an authenticator app, or a recovery code; spaces and dashes do not matter. */
const code = z.string().trim().min(6, 'six digits, or a recovery code').max(20);

export const secondFactor = z.object({
  on: z.boolean(),
  since: instant.nullable(),
  recoveryCodesLeft: z.number(),
  /** Until when this session need not type a code again. */
  provenUntil: instant.nullable(),
});

const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const factorEndpoints = {
  secondFactor: endpoint({
    id: 'security.secondFactor',
    method: 'GET',
    path: '/api/v1/me/second-factor',
    summary: 'Whether I have a second factor, and how many recovery codes are left',
    access: 'signed_in',
    response: secondFactor,
  }),
  offerFactor: endpoint({
    id: 'security.offerFactor',
    method: 'POST',
    path: '/api/v1/me/second-factor',
    summary: 'Begin a second factor: answers with the secret for an authenticator app (RFC 6238)',
    access: 'security.offerFactor',
    body: z.strictObject({ password: z.string().max(200) }),
    response: z.object({ link: z.string(), secret: z.string() }),
    status: 201,
  }),
  confirmFactor: endpoint({
    id: 'security.confirmFactor',
    method: 'POST',
    path: '/api/v1/me/second-factor/confirm',
    summary: 'Turn the second factor on with its first code; answers with the recovery codes, once',
    access: 'security.confirmFactor',
    body: z.strictObject({ code }),
    response: recoveryCodes,
  }),
  proveFactor: endpoint({
    id: 'security.proveFactor',
    method: 'POST',
    path: '/api/v1/me/second-factor/prove',
    summary: 'Prove the second factor in this session; good for five minutes of approvals that ask for it',
    access: 'security.proveFactor',
    body: z.strictObject({ code }),
    response: secondFactor,
  }),
  renewRecoveryCodes: endpoint({
    id: 'security.renewRecoveryCodes',
    method: 'POST',
    path: '/api/v1/me/second-factor/recovery-codes',
    summary: 'Ten new recovery codes; the old ones end',
    access: 'security.renewRecoveryCodes',
    body: z.strictObject({ code }),
    response: recoveryCodes,
  }),
  removeFactor: endpoint({
    id: 'security.removeFactor',
    method: 'POST',
    path: '/api/v1/me/second-factor/remove',
    summary: 'Turn my second factor off',
    access: 'security.removeFactor',
    body: z.strictObject({ code }),
    response: secondFactor,
  }),
  resetFactor: endpoint({
    id: 'security.resetFactor',
    method: 'DELETE',
    path: '/api/v1/users/:id/second-factor',
    summary: 'Take the second factor off a person who lost it; their sessions end',
    access: 'security.resetFactor',
    params: z.object({ id: z.string().max(40) }),
    response: z.undefined(),
    status: 204,
  }),
};
