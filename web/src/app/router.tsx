import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { toListSearch } from '@/archive/studies/filter';
import { ErrorPage } from './pages/ErrorPage';
import { NotFoundPage } from './pages/NotFoundPage';
import { Workstation } from './Workstation';

const rootRoute = createRootRoute({ component: Workstation, notFoundComponent: NotFoundPage });

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/studies', replace: true });
  },
});

const studiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/studies',
  validateSearch: toListSearch,
  component: lazyRouteComponent(() => import('./pages/Studies'), 'Studies'),
});

const studyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/studies/$uid',
  component: lazyRouteComponent(() => import('./pages/Study'), 'Study'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([indexRoute, studiesRoute, studyRoute]),
  defaultErrorComponent: ({ error }) => <ErrorPage error={toError(error)} />,
});

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
