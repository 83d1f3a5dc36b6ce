/** Reads and commands of the contract as React hooks: cached, kept fresh by the stream, honest about refusals. */
import { notifications } from '@mantine/notifications';
import {
  keepPreviousData,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { type AnyEndpoint, asProblem, call, type InputOf, type OutputOf, ProblemError } from './api.ts';
import { problemNotice } from './feedback.tsx';
import { askProof, needsProof } from './proof.ts';

/** The one cache of the console. A refusal (4xx) is an answer and never asked again; a broken line is, twice. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (count, error) =>
          !(error instanceof ProblemError && error.status >= 400 && error.status < 500) && count < 2,
        retryDelay: (count) => 800 * 2 ** count,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });

/** The cache key of an endpoint: its id first, so that a whole module can be refreshed by the id's first segment. */
export const keyOf = (endpoint: AnyEndpoint, input?: unknown): readonly unknown[] =>
  input === undefined ? [endpoint.id] : [endpoint.id, input];

export interface QueryOptions {
  /** `false` waits, e.g. for an id that is not known yet. */
  enabled?: boolean;
  /** Shows the answer to the former question while the new one is asked (filters, pages). */
  keepPrevious?: boolean;
  /** Asks again every so many milliseconds; rarely needed, the stream does it. */
  refetchInterval?: number;
}

type Optional<E extends AnyEndpoint> = Record<never, never> extends InputOf<E> ? true : false;
type QueryArgs<E extends AnyEndpoint> =
  Optional<E> extends true ? [input?: InputOf<E>, options?: QueryOptions] : [input: InputOf<E>, options?: QueryOptions];

/** Reads `endpoint`; the answer stays fresh by itself. */
export function useQueryOf<E extends AnyEndpoint>(
  endpoint: E,
  ...[input, options = {}]: QueryArgs<E>
): UseQueryResult<OutputOf<E>, Error> {
  return useQuery<OutputOf<E>, Error>({
    queryKey: keyOf(endpoint, input),
    queryFn: ({ signal }) => call(endpoint, input as InputOf<E>, { signal }),
    enabled: options.enabled ?? true,
    placeholderData: options.keepPrevious ? keepPreviousData : undefined,
    refetchInterval: options.refetchInterval ?? false,
  });
}

export interface CommandOptions<E extends AnyEndpoint> {
  /** What to say when it is done: "Page acknowledged". Nothing is said when left out. */
  done?: string | ((output: OutputOf<E>, input: InputOf<E>) => string);
  onDone?: (output: OutputOf<E>, input: InputOf<E>) => void;
  /** `notice` (default) shows a refusal as a notice; `inline` leaves it to the caller (`<ProblemAlert error={command.error} />`). */
  problems?: 'notice' | 'inline';
}

/** Runs `endpoint` as a command: `command.mutate({ params, body })`. Everything it may have changed is read again. */
export function useCommand<E extends AnyEndpoint>(
  endpoint: E,
  options: CommandOptions<E> = {},
): UseMutationResult<OutputOf<E>, Error, InputOf<E>> {
  const client = useQueryClient();
  return useMutation<OutputOf<E>, Error, InputOf<E>>({
    mutationKey: [endpoint.id],
    mutationFn: (input) =>
      call(endpoint, input).catch(async (error: unknown) => {
        if (needsProof(error) && (await askProof())) return call(endpoint, input);
        throw error;
      }),
    onSuccess: async (output, input) => {
      const done = typeof options.done === 'function' ? options.done(output, input) : options.done;
      if (done) notifications.show({ message: done, color: 'green', autoClose: 4_000 });
      options.onDone?.(output, input);
      // A command may reach down into any module below its own, so everything on the screen is read again.
      await client.invalidateQueries();
    },
    onError: (error) => {
      if ((options.problems ?? 'notice') === 'notice') notifications.show(problemNotice(asProblem(error)));
    },
  });
}
