/** Changes a setting of the installation; secrets never reach the audit log. */
import { notFound, readSetting, settingByKey, writeSetting } from '#kernel';
import { command } from '../command.ts';

export const saveSetting = command(
  'security.saveSetting',
  { allow: 'admin', subject: (i: { key: string; value: unknown }) => i.key },
  async (ctx, input: { key: string; value: unknown }) => {
    const setting = settingByKey(input.key);
    if (!setting) throw notFound('Setting', input.key);
    ctx.audit.before = setting.secret ? '[secret]' : await readSetting(ctx, setting);
    await writeSetting(ctx, setting, input.value);
    ctx.audit.after = setting.secret ? '[secret]' : await readSetting(ctx, setting);
  },
);
