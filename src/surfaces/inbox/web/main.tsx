/** The page: its views, and what is around them. */
import '@mantine/core/styles.css';
import { createTheme, Loader, MantineProvider, type CSSVariablesResolver } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { createContext, lazy, Suspense, useContext } from 'react';
import { createRoot } from 'react-dom/client';
import { SomebodyElse } from './arriving.tsx';
import { readAhead, type Here } from './data.ts';
import { Decided } from './decided.tsx';
import { arrival, first } from './first.ts';
import { Shell } from './shell.tsx';
import { Waiting } from './waiting.tsx';

const arrived = await arrival;

const Around = createContext<Here | undefined>(undefined);

function View({ of }: { of: (props: { here: Here }) => React.ReactNode }) {
  const here = useContext(Around);
  return here && of({ here });
}

const Pictures = lazy(async () => ({ default: (await import('./pictures.tsx')).Pictures })); // what draws is loaded with the first picture
const pictures = () => (
  <Suspense fallback={<Loader aria-label="Loading" />}>
    <Pictures />
  </Suspense>
);

const Amendments = lazy(async () => ({ default: (await import('./amendments.tsx')).Amendments }));
const amendments = () => (
  <View
    of={({ here }) => (
      <Suspense fallback={<Loader aria-label="Loading" />}>
        <Amendments here={here} />
      </Suspense>
    )}
  />
);

const Rules = lazy(async () => ({ default: (await import('./rules.tsx')).Rules }));
const rules = () => (
  <View
    of={({ here }) => (
      <Suspense fallback={<Loader aria-label="Loading" />}>
        <Rules here={here} />
      </Suspense>
    )}
  />
);

const root = createRootRoute({
  component: () => (
    <Shell
      refused={arrived.kind === 'refused' ? arrived.why : undefined}
      view={(here) => (
        <Around value={here}>
          <Outlet />
        </Around>
      )}
    />
  ),
});
const waiting = () => <View of={({ here }) => <Waiting here={here} />} />;
const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: waiting }),
  createRoute({ getParentRoute: () => root, path: '/tasks/$id', component: waiting }),
  createRoute({ getParentRoute: () => root, path: '/amendments', component: amendments }),
  createRoute({ getParentRoute: () => root, path: '/amendments/$id', component: amendments }),
  createRoute({ getParentRoute: () => root, path: '/rules', component: rules }),
  createRoute({ getParentRoute: () => root, path: '/pictures', component: pictures }),
  createRoute({ getParentRoute: () => root, path: '/pictures/$name', component: pictures }),
  createRoute({ getParentRoute: () => root, path: '/decided', component: () => <View of={({ here }) => <Decided here={here} />} /> }),
]);
const router = createRouter({ routeTree });
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const theme = createTheme({ autoContrast: true, primaryShade: { light: 8, dark: 8 }, luminanceThreshold: 0.35 });
/** Secondary text at a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); Mantine's own falls short. */
const readable: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: { '--mantine-color-dimmed': colors.gray[7] },
  dark: { '--mantine-color-dimmed': colors.dark[1] },
});
const FRESH_MS = 2_000; // what was read ahead is not read again by the view; whatever is recorded makes it stale at once
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: FRESH_MS } } });
if (arrived.kind === 'in') readAhead(queries, first);
const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

const place = document.getElementById('root');
if (!place) throw new Error('The page has no place for the inbox.');
createRoot(place).render(
  <MantineProvider defaultColorScheme="auto" theme={theme} cssVariablesResolver={readable} getStyleNonce={() => nonce}>
    <QueryClientProvider client={queries}>{arrived.kind === 'other' ? <SomebodyElse of={arrived} /> : <RouterProvider router={router} />}</QueryClientProvider>
  </MantineProvider>,
);
