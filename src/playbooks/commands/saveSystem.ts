/** Adds or changes an outside system. Its credential is sealed; its address and options are checked for its kind. */
import { checkUrl, type Ctx, invalid } from '#kernel';
import { command } from '#security';
import { placeOf } from '../actions/haproxy/wire.ts';
import { postgresOptions } from '../actions/postgres/index.ts';
import { putSystem, type SystemInput, type SystemRow } from '../systems/store.ts';

export interface SaveSystemInput extends SystemInput {
  secret?: string | undefined;
}

export const saveSystem = command(
  'playbooks.saveSystem',
  { allow: 'admin', subject: (_input: SaveSystemInput, row: SystemRow) => row.id },
  async (ctx: Ctx, { secret, ...input }: SaveSystemInput): Promise<SystemRow> => {
    checkAddress(input);
    if (input.kind === 'postgres') {
      const read = postgresOptions.safeParse(input.options);
      if (!read.success)
        throw wrong(
          read.error.issues.map(({ path, message }) => ({ path: ['options', ...path].map(String).join('.'), message })),
        );
    }
    ctx.audit.after = { ...input, secret: secret === undefined ? 'as it was' : secret === '' ? 'removed' : 'renewed' };
    return putSystem(ctx, input, secret);
  },
);

function checkAddress({ kind, address }: SystemInput): void {
  if (kind === 'runner') return;
  if (kind === 'haproxy') {
    try {
      placeOf(address);
    } catch (error) {
      throw wrong([{ path: 'address', message: (error as Error).message }]);
    }
  } else if (kind === 'postgres') {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.username || url.password || url.pathname.length < 2)
      throw wrong([{ path: 'address', message: 'postgres://user@host:port/database; the password is the credential' }]);
  } else checkUrl(address);
}

const wrong = (errors: { path: string; message: string }[]) =>
  invalid('This system cannot be saved', 'playbooks.system', errors);
