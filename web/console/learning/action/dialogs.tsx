/** The dialogs of an improvement: confirming it, changing it, ending it with a note. */
import { Button, Modal, Select, Text, Textarea, TextInput } from '@mantine/core';
import { type Action, type ActionType, endpoints as learning } from '#contract/learning';
import { endpoints as people } from '#contract/people';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../../kit/index.ts';

const cancel = (onClose: () => void) => (
  <Button variant="default" onClick={onClose}>
    Cancel
  </Button>
);

/** Everybody who can own something, for a chooser. */
export function usePeople() {
  const found = useQueryOf(people.people);
  return (found.data?.items ?? []).filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }));
}

export function useWords() {
  return useQueryOf(learning.taxonomy).data;
}

interface Values extends Record<string, unknown> {
  title: string;
  ownerId: string | null;
  dueOn: string;
  type: string | null;
  strength: string | null;
  reason: string;
}

/** One owner, one day, one type: what makes a proposal a promise. Also where a promise is changed. */
export function Confirm({ action, amend, onClose }: { action: Action; amend: boolean; onClose: () => void }) {
  const owners = usePeople();
  const words = useWords();
  const { form, submit, pending, problem } = useCommandForm(amend ? learning.amendAction : learning.confirmAction, {
    initialValues: {
      title: action.title,
      ownerId: action.owner?.id ?? null,
      dueOn: action.dueOn ?? '',
      type: action.type,
      strength: action.strength ? String(action.strength) : null,
      reason: '',
    } as Values,
    input: (values) => ({
      params: { id: action.id },
      body: {
        ownerId: values.ownerId ?? undefined,
        dueOn: values.dueOn || undefined,
        type: (values.type ?? undefined) as ActionType | undefined,
        strength: values.strength ? Number(values.strength) : undefined,
        ...(amend ? { title: values.title, reason: values.reason.trim() || undefined } : {}),
      },
    }),
    done: ({ key, owner }) => (amend ? `${key} is changed` : `${key} is confirmed and belongs to ${owner?.name}`),
    onDone: onClose,
  });
  const moves = amend && form.values.dueOn !== action.dueOn;
  return (
    <Modal opened onClose={onClose} title={amend ? `Change ${action.key}` : `Confirm ${action.key}`}>
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save={amend ? 'Save' : 'Confirm'}
        secondary={cancel(onClose)}
      >
        {amend ? (
          <TextInput label="What" {...form.getInputProps('title')} />
        ) : (
          <Text fz="sm" fw={550}>
            {action.title}
          </Text>
        )}
        <Select
          label="Owner"
          description="One person answers for it, whoever does the work."
          searchable
          data={owners}
          {...form.getInputProps('ownerId')}
        />
        <TextInput label="Due on" type="date" {...form.getInputProps('dueOn')} />
        {moves && (
          <TextInput
            label="Why the day moves"
            description="The first day stays visible."
            {...form.getInputProps('reason')}
          />
        )}
        <Select
          label="Type"
          data={(words?.actionTypes ?? []).map(({ type, label }) => ({ value: type, label }))}
          {...form.getInputProps('type')}
        />
        <Select
          label="How strong it is"
          description="Prefer the strongest that is feasible."
          clearable
          data={(words?.strengths ?? [])
            .toSorted((a, b) => b.strength - a.strength)
            .map(({ strength, label }) => ({ value: String(strength), label: `${strength} · ${label}` }))}
          {...form.getInputProps('strength')}
        />
      </CommandFormFrame>
    </Modal>
  );
}

/** Ends it, one way or the other, with a sentence for those who come later. */
export function Note(props: { action: Action; what: 'reject' | 'complete'; onClose: () => void }) {
  return props.what === 'reject' ? <Reject {...props} /> : <Complete {...props} />;
}

function Reject({ action, onClose }: { action: Action; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(learning.rejectAction, {
    initialValues: { reason: '' },
    input: ({ reason }) => ({ params: { id: action.id }, body: { reason } }),
    done: `${action.key} is rejected`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Reject ${action.key}`}>
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save="Reject"
        secondary={cancel(onClose)}
      >
        <Text fz="sm">{action.title}</Text>
        <Textarea label="Why not" autosize minRows={2} data-autofocus {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}

function Complete({ action, onClose }: { action: Action; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(learning.completeAction, {
    initialValues: { note: '' },
    input: ({ note }) => ({ params: { id: action.id }, body: { note } }),
    done: `${action.key} is done`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`${action.key} is done`}>
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save="It is done"
        secondary={cancel(onClose)}
      >
        <Text fz="sm">{action.title}</Text>
        <Textarea
          label="What changed"
          description="And how one can tell that it works."
          autosize
          minRows={2}
          data-autofocus
          {...form.getInputProps('note')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
