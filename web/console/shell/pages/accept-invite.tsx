/** Joining by an invitation link. */
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as security } from '#contract/security';
import { Hint, keyOf, useCommandForm, useGo, usePageSearch } from '../../../kit/index.ts';
import { AccountFields, type AccountValues, accountDefaults, checkAccount } from './account-fields.tsx';
import { OpenFrame } from './open-frame.tsx';

export function AcceptInvite() {
  const [{ token }] = usePageSearch<'token'>();
  return (
    <OpenFrame
      title="Join your team"
      lead="You were invited to Evenkeel, where your team answers incidents. Choose a password to go in."
    >
      {token ? (
        <Join token={token} />
      ) : (
        <Hint title="This page needs your invitation link." tone="notice">
          Open the whole address you were sent. If it is lost, ask for a new one.
        </Hint>
      )}
    </OpenFrame>
  );
}

function Join({ token }: { token: string }) {
  const go = useGo();
  const client = useQueryClient();
  const { form, submit, pending, problem } = useCommandForm(security.acceptInvite, {
    initialValues: accountDefaults() as AccountValues & Record<string, unknown>,
    validate: checkAccount as never,
    input: ({ name, password, timeZone }) => ({
      body: { token, name, password, timeZone },
    }),
    onDone: (me) => {
      client.clear();
      client.setQueryData(keyOf(security.me), me);
      go('/', { replace: true });
    },
  });
  return <AccountFields form={form} submit={submit} pending={pending} problem={problem} save="Join" />;
}
