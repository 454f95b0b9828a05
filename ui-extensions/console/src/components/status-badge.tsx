import { Badge, Tooltip } from '@mantine/core';
import {
  IconArrowsShuffle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockPause,
  IconHelpCircle,
  IconPlugConnectedX,
  IconUserQuestion,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Reason, Status } from '../../../../server/api.ts';

const looks = {
  matched: { color: 'teal', icon: IconCircleCheck },
  'not-matched': { color: 'red', icon: IconCircleX },
  'cannot-sync': { color: 'gray', icon: IconPlugConnectedX },
  'no-license': { color: 'indigo', icon: IconUserQuestion },
  excepted: { color: 'grape', icon: IconClockPause },
  'being-repaired': { color: 'blue', icon: IconArrowsShuffle },
  'not-checked': { color: 'yellow', icon: IconHelpCircle },
} as const satisfies Record<Status, { color: string; icon: ComponentType<{ size?: number }> }>;

/** Matched people who do not sync yet look different from those who do: the icon says so, not only the colour. */
export const lookOf = (status: Status, reason?: Reason): { color: string; icon: ComponentType<{ size?: number }> } =>
  status === 'matched' && reason && reason !== 'in-sync' && reason !== 'emails-agree'
    ? { color: 'yellow', icon: IconCircleDashed }
    : looks[status];

/** The one status of a person, said with the words the server gives. `sentence` is shown on hover, focus and touch. */
export function StatusBadge({ status, reason, label, sentence }: { status: Status; reason?: Reason; label: string; sentence?: string }) {
  const { color, icon: Icon } = lookOf(status, reason);
  const badge = (
    <Badge
      leftSection={<Icon size={14} aria-hidden />}
      size="md"
      className="status-badge"
      data-tone={color}
      {...(sentence ? { tabIndex: 0 } : {})}
    >
      {label}
    </Badge>
  );
  return sentence ? <Tooltip label={sentence}>{badge}</Tooltip> : badge;
}
