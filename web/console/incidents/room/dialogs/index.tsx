/** The dialog for a step. */
import type { OpenDialog } from '../context.tsx';
import { MoveBack, Relapse } from './back.tsx';
import { Close, Dismiss, Merge, Restore } from './end.tsx';
import { ChangeSeverity, Edit, RecordImpact, SetService, SituationReport } from './facts.tsx';
import { AcceptHandover, AssignRole, OfferHandover } from './people.tsx';
import { CompleteRecovery, DeclareContained, Eradicate, StartContainment } from './phases.tsx';

export function Dialogs({ dialog: { kind, target }, onClose }: { dialog: OpenDialog; onClose: () => void }) {
  switch (kind) {
    case 'start_containment':
      return <StartContainment onClose={onClose} />;
    case 'declare_contained':
      return <DeclareContained onClose={onClose} />;
    case 'eradicate':
      return <Eradicate onClose={onClose} />;
    case 'complete_recovery':
      return <CompleteRecovery onClose={onClose} />;
    case 'restore':
      return <Restore onClose={onClose} />;
    case 'close':
      return <Close onClose={onClose} />;
    case 'dismiss':
      return <Dismiss onClose={onClose} />;
    case 'merge':
      return <Merge onClose={onClose} />;
    case 'relapse':
      return <Relapse onClose={onClose} />;
    case 'move_back':
      return <MoveBack onClose={onClose} />;
    case 'change_severity':
      return <ChangeSeverity target={target} onClose={onClose} />;
    case 'edit':
      return <Edit onClose={onClose} />;
    case 'add_service':
      return <SetService serviceId={target} onClose={onClose} />;
    case 'record_impact':
      return <RecordImpact onClose={onClose} />;
    case 'situation':
      return <SituationReport onClose={onClose} />;
    case 'offer_handover':
      return <OfferHandover role={target} onClose={onClose} />;
    case 'accept_handover':
      return <AcceptHandover handoverId={target ?? ''} onClose={onClose} />;
    case 'assign_role':
    case 'take_command':
      return <AssignRole role={target} onClose={onClose} />;
  }
}
