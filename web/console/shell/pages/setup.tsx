/** First run: makes the first administrator with the one-time link that the server printed. */
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as security } from '#contract/security';
import {
  EmptyState,
  Hint,
  keyOf,
  LinkButton,
  Loaded,
  useCommandForm,
  useGo,
  usePageSearch,
  useQueryOf,
} from '../../../kit/index.ts';
import { AccountFields, type AccountValues, accountDefaults, checkAccount } from './account-fields.tsx';
import { OpenFrame } from './open-frame.tsx';

export function Setup() {
  const status = useQueryOf(security.setupStatus);
  const [{ token }] = usePageSearch<'token'>();
  return (
    <OpenFrame
      title="Welcome aboard"
      lead="Make the first administrator. Everyone else joins by an invitation that you send afterwards."
      foot="Your password is kept as an Argon2id hash. Nothing is sent outside this installation."
    >
      <Loaded query={status}>
        {({ needed }) =>
          !needed ? (
            <EmptyState
              title="This installation is already set up"
              action={<LinkButton to="/sign-in">Sign in</LinkButton>}
            >
              Sign in, or ask an administrator for an invitation.
            </EmptyState>
          ) : token ? (
            <FirstAdmin token={token} />
          ) : (
            <Hint title="This page needs the set-up link." tone="notice">
              The server prints it when it starts: a line with “/setup?token=”. Open that address.
            </Hint>
          )
        }
      </Loaded>
    </OpenFrame>
  );
}

function FirstAdmin({ token }: { token: string }) {
  const go = useGo();
  const client = useQueryClient();
  const { form, submit, pending, problem } = useCommandForm(security.setup, {
    initialValues: { email: '', ...accountDefaults() } as AccountValues & {
      email: string;
    },
    validate: checkAccount as never,
    input: ({ name, email, password, timeZone }) => ({
      body: { token, name, email, password, timeZone },
    }),
    onDone: (me) => {
      client.clear();
      client.setQueryData(keyOf(security.me), me);
      go('/', { replace: true });
    },
  });
  return (
    <AccountFields
      form={form}
      submit={submit}
      pending={pending}
      problem={problem}
      withEmail
      save="Make administrator and go in"
    />
  );
}
