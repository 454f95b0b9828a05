import { Anchor, AppShell, Box, Burger, Button, Drawer, Group, Kbd, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
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
import { useShortcuts } from './use-shortcuts.ts';
import { Wordmark } from './wordmark.tsx';

const searchKeys = /mac|iphone|ipad/iu.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';
const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.tsx')).SearchDialog }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }));

/** Header, navigation and banners around every page; asks for the admin link while nobody is signed in. */
export function Shell() {
  const [open, { open: openMenu, close }] = useDisclosure();
  const [searching, search] = useDisclosure();
  const [helping, help] = useDisclosure();
  const session = useQuery(queries.session);
  const signedIn = session.data?.signedIn === true;
  const overview = useQuery({ ...queries.overview, enabled: signedIn });
  useLiveUpdates(signedIn);
  useShortcuts({ onSearch: search.open, onHelp: help.open });
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
  const navigation = (
    <>
      <AppShell.Section grow>
        <Navigation onGo={close} />
      </AppShell.Section>
      <div className="nav-foot">
        {overview.data && (
          <Box hiddenFrom="sm" w="100%" mb="xs">
            <ContractSwitch overview={overview.data} />
          </Box>
        )}
        <UnstyledButton
          onClick={() => {
            close();
            help.open();
          }}
        >
          {text.shortcuts.open}
        </UnstyledButton>
        <Anchor href="/docs">{text.shell.apiDocs}</Anchor>
      </div>
    </>
  );
  return (
    <>
      <a href="#main" className="skip-link">
        {text.shell.skip}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 224, breakpoint: 'md', collapsed: { mobile: true } }}
        padding={{ base: 'md', sm: 'lg' }}
        transitionDuration={0}
      >
        {/* What unfolds from it lies over the navigation. */}
        <AppShell.Header className="shell-header" zIndex={150}>
          <Group h="100%" px={{ base: 'sm', sm: 'lg' }} justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Burger opened={open} onClick={openMenu} hiddenFrom="md" size="sm" aria-label={text.shell.menu} aria-expanded={open} />
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
              {signedIn && (
                <UnstyledButton className="search-button" onClick={search.open}>
                  <IconSearch size={16} aria-hidden />
                  <span className="search-word">
                    {text.search.open}
                    <span className="visually-hidden"> {text.search.what}</span>
                  </span>
                  <Kbd size="xs">{searchKeys}</Kbd>
                </UnstyledButton>
              )}
              {overview.data && <Freshness overview={overview.data} />}
              <ColorSchemeSwitch />
            </Group>
          </Group>
          {loading && <div className="loading-line" />}
        </AppShell.Header>
        <AppShell.Navbar p="sm" className="shell-navbar" visibleFrom="md">
          {navigation}
        </AppShell.Navbar>
        <AppShell.Main className="shell-main">
          {signedIn && <Alarms />}
          {overview.data && <Banners overview={overview.data} />}
          <div id="main" tabIndex={-1}>
            {signedIn && <Outlet />}
          </div>
        </AppShell.Main>
        <Drawer.Root opened={open} onClose={close} size={300} className="nav-drawer">
          <Drawer.Overlay />
          <Drawer.Content aria-label={text.shell.menu}>
            <Drawer.Header component="div">
              <Wordmark />
              <Drawer.CloseButton size="xl" aria-label={text.shell.closeMenu} />
            </Drawer.Header>
            <Drawer.Body>{navigation}</Drawer.Body>
          </Drawer.Content>
        </Drawer.Root>
      </AppShell>
      <Suspense>
        {searching && <SearchDialog opened onClose={search.close} />}
        {helping && <ShortcutsDialog opened onClose={help.close} />}
      </Suspense>
    </>
  );
}
