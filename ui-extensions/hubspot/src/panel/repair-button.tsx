import { LoadingButton } from '@hubspot/ui-extensions';
import type { PlanChoice } from './ask-server.ts';
import type { Repair } from './panel-types.ts';
import type { Action } from './use-action.ts';

export interface Planning {
  readonly action: Action;
  /** Makes the plan and shows it. */
  readonly plan: (choice: PlanChoice) => void;
}

export const planName = (choice: PlanChoice): string => `plan ${JSON.stringify(choice)}`;

/** Plans a repair. Nothing changes yet: the plan has to be approved. */
export function RepairButton({ repair, planning }: { repair: Repair<PlanChoice> | null; planning: Planning | null }) {
  if (!repair || !planning) return null;
  const { action, plan } = planning;
  return (
    <LoadingButton
      size="sm"
      variant="secondary"
      loading={action.busy === planName(repair.choice)}
      disabled={action.busy !== null}
      onClick={() => plan(repair.choice)}
    >
      {repair.button}
    </LoadingButton>
  );
}
