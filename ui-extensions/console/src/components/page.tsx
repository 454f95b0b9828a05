import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { text } from '../text.ts';

/** True once a first page has been shown: from then on a new page takes the focus, so that a screen reader says where one is. */
let arrived = false;

/** The frame of every page: document title, one h1 that takes the focus after a navigation, actions beside it. */
export function Page({
  title,
  documentTitle = title,
  lead,
  above,
  actions,
  children,
}: {
  title: ReactNode;
  documentTitle?: ReactNode;
  lead?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const navigation = useNavigationType();

  useLayoutEffect(() => {
    if (typeof documentTitle === 'string') document.title = `${documentTitle} · ${text.product}`;
  }, [documentTitle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is exactly when the focus has to move
  useLayoutEffect(() => {
    if (!arrived) {
      arrived = true;
      return;
    }
    // What the address points at has taken the focus already, and keeps it.
    if (heading.current?.closest('.page')?.contains(document.activeElement)) return;
    heading.current?.focus({ preventScroll: navigation === 'POP' });
    if (navigation !== 'POP') window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <Box className="page">
      {above && <div className="above">{above}</div>}
      <Group justify="space-between" align="flex-start" gap="md" mb="lg" className="page-head">
        <Box miw={0} flex="1 1 320px">
          <Title order={1} ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" mt={4} maw="68ch">
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
