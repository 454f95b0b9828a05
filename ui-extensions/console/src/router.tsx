import { Skeleton } from '@mantine/core';
import { createBrowserRouter } from 'react-router';
import { pagesBase } from './api/contract-address.ts';
import { pages } from './routes.ts';
import { Crash, NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

export const router = createBrowserRouter(
  [
    {
      path: '/',
      Component: Shell,
      ErrorBoundary: Crash,
      HydrateFallback: () => <Skeleton h={4} />,
      children: [
        {
          ErrorBoundary: Crash,
          children: [
            ...Object.entries(pages).map(([path, load]) => ({ path, lazy: async () => ({ Component: await load() }) })),
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ],
  { basename: pagesBase },
);
