import { Anchor, AppShell, Box, Burger, Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigation } from 'react-router';
import { contractId } from '../api/contract-address.ts';
import { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { useLiveUpdates } from '../api/use-live-updates.ts';
import { ProblemPanel } from '../components/problem-panel.tsx';
import { text } from '../text.ts';
import { Alarms } from './alarms.tsx';
import { Banners } from './banners.tsx';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';
import { ContractSwitch } from './contract-switch.tsx';
import { Freshness } from './freshness.tsx';
import { Navigation } from './navigation.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { Wordmark } from './wordmark.tsx';

/** Header, navigation and banners around every page; asks for the admin link while nobody is signed in. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure();
  const session = useQuery(queries.session);
  const signedIn = session.data?.signedIn === true;
  const overview = useQuery({ ...queries.overview, enabled: signedIn });
  useLiveUpdates(signedIn);
  const loading = useNavigation().state === 'loading';

  if (session.data && !signedIn) return <SignInPage />;
  if (session.error)
    return (
      <Box maw={640} mx="auto" p="xl">
        <ProblemPanel error={session.error} what={text.error.unreachable} onRetry={session.refetch} />
      </Box>
    );

  if (contractId !== null && overview.error instanceof Problem && overview.error.status === 404)
    return (
      <Box maw={640} mx="auto" p="xl">
        <ProblemPanel error={overview.error} what={text.error.contract} />
        <Button component="a" href="/" mt="md">
          {text.notFound.action}
        </Button>
      </Box>
    );
  return (
    <>
      <a href="#main" className="skip-link">
        {text.shell.skip}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !open } }}
        padding={{ base: 'md', sm: 'lg' }}
        transitionDuration={0}
      >
        {/* What unfolds from it lies over the navigation. */}
        <AppShell.Header className="shell-header" zIndex={150}>
          <Group h="100%" px={{ base: 'sm', sm: 'lg' }} justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Burger opened={open} onClick={toggle} hiddenFrom="md" size="sm" aria-label={text.shell.menu} aria-expanded={open} />
              <Link to="/" className="home-link" aria-label={text.shell.home}>
                <Wordmark />
              </Link>
              {overview.data && (
                <Box visibleFrom="sm" miw={0} className="place">
                  <ContractSwitch overview={overview.data} />
                </Box>
              )}
            </Group>
            <Group gap="xs" wrap="nowrap">
              {overview.data && <Freshness overview={overview.data} />}
              <ColorSchemeSwitch />
            </Group>
          </Group>
          {loading && <div className="loading-line" />}
        </AppShell.Header>
        <AppShell.Navbar p="sm" className="shell-navbar">
          <AppShell.Section grow>
            <Navigation onGo={close} />
          </AppShell.Section>
          <AppShell.Section p="xs">
            {overview.data && (
              <Box hiddenFrom="sm" mb="xs">
                <ContractSwitch overview={overview.data} />
              </Box>
            )}
            <Anchor href="/docs" size="xs" c="dimmed">
              {text.shell.apiDocs}
            </Anchor>
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main className="shell-main">
          {signedIn && <Alarms />}
          {overview.data && <Banners overview={overview.data} />}
          <div id="main" tabIndex={-1}>
            {signedIn && <Outlet />}
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}
