/** Passing over a step, with the reason. */
import { useState } from 'react';
import { endpoints as playbooks, type StepRun } from '#contract/playbooks';
import { ConfirmButton, useCommand } from '../../../kit/index.ts';

export function SkipButton({ step }: { step: StepRun }) {
  const skip = useCommand(playbooks.skipStep, { problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <ConfirmButton
      variant="subtle"
      title={`Skip "${step.title}"?`}
      consequences={['The step is passed over; the reason stays in the record and is looked at in the review.']}
      confirm="Skip step"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => skip.mutateAsync({ params: { id: step.id }, body: { reason } })}
    >
      Skip
    </ConfirmButton>
  );
}
