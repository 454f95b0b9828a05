import { IconBrandLinkedin, IconBuilding, IconClockHour4, IconShieldLock, IconUser } from '@tabler/icons-react';
import type { Actor } from '../../../../server/api.ts';
import { text } from '../text.ts';

const icons = {
  'crm-admin': IconBuilding,
  'linkedin-admin': IconBrandLinkedin,
  'identity-team': IconShieldLock,
  'the-person': IconUser,
  'nobody-wait': IconClockHour4,
} as const satisfies Record<Actor, typeof IconUser>;

/** Who takes the next step. */
export function ActorMark({ actor }: { actor: Actor }) {
  const Icon = icons[actor];
  return (
    <span className="actor-mark">
      <Icon size={14} stroke={1.75} aria-hidden />
      {text.actors[actor]}
    </span>
  );
}
