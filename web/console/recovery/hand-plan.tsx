/** Writes a recovery by stages without a playbook: what to do, one line per stage, and the addresses that show that it holds. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { endpoints } from '#contract/recovery-stages';
import { CommandFormFrame, DurationInput, useCommandForm } from '../../kit/index.ts';

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean);

/** The block `recovery` of the playbook format, from what was typed. */
export function planOf(values: { stages: string; urls: string; soak: number | null }) {
  const soak = `${values.soak ?? 300}s`;
  return {
    analysis_defaults: { interval: '15s', count: 4, error_limit: 3 },
    stages: lines(values.stages).map((title, index) => ({
      id: `stage_${index + 1}`,
      title,
      shift: { kind: 'by_hand', to: String(index + 1), manual: title },
      soak,
    })),
    health_checks: lines(values.urls).map((url, index) => ({ id: `place_${index + 1}`, title: url, sweep: { url } })),
  };
}

export function HandPlan({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(endpoints.startCourse, {
    initialValues: { title: '', stages: '', urls: '', soak: 300 as number | null },
    input: ({ title, ...rest }) => ({
      params: { id: incidentId },
      body: { ...(title && { title }), plan: planOf(rest) },
    }),
    done: 'Recovery by stages begins',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Recover in stages">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Begin"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="What comes back" placeholder="Orders" {...form.getInputProps('title')} />
        <Textarea
          label="Stages"
          description="One line each, in their order. Whoever does one says so here."
          placeholder={'A tenth of the orders\nHalf of the orders\nAll orders'}
          autosize
          minRows={3}
          required
          {...form.getInputProps('stages')}
        />
        <Textarea
          label="What shows that it holds"
          description="One address per line, asked with GET four times per stage. One that does not answer 2xx fails the stage."
          placeholder="https://shop.example/healthz"
          autosize
          minRows={2}
          required
          {...form.getInputProps('urls')}
        />
        <DurationInput
          label="Each stage holds for"
          value={form.values.soak}
          onChange={(soak) => form.setFieldValue('soak', soak)}
          required
        />
      </CommandFormFrame>
    </Modal>
  );
}
