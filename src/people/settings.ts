/** What an operator may change about people. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

export const emergencyContact = defineSetting({
  key: 'people.emergencyContact',
  schema: z.strictObject({ userIds: z.array(z.string().max(60)).max(50) }),
  default: { userIds: [] },
  help: 'Who is called when a page finds nobody on call or nobody answers. Empty, or nobody of them active: every administrator.',
});
