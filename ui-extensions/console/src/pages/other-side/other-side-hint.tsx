import './other-side.css';

import { Anchor, Text } from '@mantine/core';
import { IconMasksTheater } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useIsDemo } from '../../shell/navigation.tsx';
import { text } from '../../text.ts';

/** Where the demo has no LinkedIn to go to: the way to the page that plays it. */
export function OtherSideHint() {
  if (!useIsDemo()) return null;
  return (
    <p className="other-side-hint">
      <IconMasksTheater size={18} aria-hidden />
      <Text span size="sm">
        {text.otherSide.hint}{' '}
        <Anchor component={Link} to="/act-as-linkedin" size="sm" fw={600} underline="always" c="inherit">
          {text.nav.otherSide}
        </Anchor>
      </Text>
    </p>
  );
}
