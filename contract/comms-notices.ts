/** Emergency keys and notices: what may be said when nothing else works. Part of `comms.ts`. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';

export const emergencyKey = z.object({
  /** First 16 hexadecimal digits of the SHA-256 of the public key. */
  id: z.string(),
  name: z.string(),
  createdBy: personRef,
  createdAt: instant,
  revokedAt: instant.nullable(),
});
export type EmergencyKeyView = z.infer<typeof emergencyKey>;

export const emergencyNotice = z.object({
  id: z.string(),
  keyId: z.string(),
  /** Whose key it was signed with. */
  keyName: z.string(),
  headline: z.string(),
  text: z.string(),
  nextUpdateBy: instant.nullable(),
  writtenAt: instant,
  /** When the product heard of it and took it into its record. */
  mergedAt: instant,
  endedAt: instant.nullable(),
  endedReason: z.string().nullable(),
});
export type EmergencyNoticeView = z.infer<typeof emergencyNotice>;

const keyId = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'the id of an emergency key') });
const noticeId = z.strictObject({ id: z.string().regex(/^emg_[a-z0-9]{26}$/, 'the id of a notice') });

export const noticeEndpoints = {
  listEmergency: endpoint({
    id: 'comms.listEmergency',
    method: 'GET',
    path: '/api/v1/status-page/emergency',
    summary: 'Emergency keys, and the notices that were published with them',
    access: 'read',
    response: z.object({ keys: z.array(emergencyKey), notices: z.array(emergencyNotice) }),
  }),
  createEmergencyKey: endpoint({
    id: 'comms.createEmergencyKey',
    method: 'POST',
    path: '/api/v1/status-page/emergency/keys',
    summary:
      'Make a key with which a notice can be published while the product is down; its private half is shown once',
    access: 'comms.createEmergencyKey',
    body: z.strictObject({ name: z.string().trim().min(2).max(60) }),
    response: z.object({ key: emergencyKey, privateKey: z.string() }),
    status: 201,
  }),
  revokeEmergencyKey: endpoint({
    id: 'comms.revokeEmergencyKey',
    method: 'DELETE',
    path: '/api/v1/status-page/emergency/keys/:id',
    summary: 'Revoke an emergency key: nothing signed with it is shown any more',
    access: 'comms.revokeEmergencyKey',
    params: keyId,
    response: z.undefined(),
    status: 204,
  }),
  endNotice: endpoint({
    id: 'comms.endNotice',
    method: 'POST',
    path: '/api/v1/status-page/emergency/notices/:id/end',
    summary: 'Take an emergency notice off the page, and say why',
    access: 'comms.endNotice',
    params: noticeId,
    body: z.strictObject({ reason: z.string().trim().min(5).max(300) }),
    response: emergencyNotice,
  }),
};
