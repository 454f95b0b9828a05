import { Button } from '@hubspot/ui-extensions';
import type { Target } from './panel-types.ts';

export type Go = (target: Target) => void;

/** Leads to what the server names; where it names nothing it is no button. */
export function GoButton({ target, label, go }: { target: Target | null; label: string; go: Go }) {
  if (!target) return null;
  return (
    <Button variant="transparent" size="sm" onClick={() => go(target)}>
      {label}
    </Button>
  );
}
