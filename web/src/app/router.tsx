import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { toListSearch } from '@/archive/studies/filter';
import { PageFailed } from './pages/PageFailed';
import { NotFoundPage } from './pages/NotFoundPage';
import { Workstation } from './Workstation';

/** Whether a word of an address was given; one of digits only arrives as a number. */
function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

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

const ofOneHospital = (search: Record<string, unknown>): { hospital?: string } =>
  isGiven(search.hospital) ? { hospital: String(search.hospital) } : {};

const studyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/studies/$uid',
  validateSearch: (search: Record<string, unknown>): { hospital?: string; series?: string } => ({
    ...ofOneHospital(search),
    ...(isGiven(search.series) && { series: String(search.series) }),
  }),
  component: lazyRouteComponent(() => import('./pages/Study'), 'Study'),
});

const patientsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/patients',
  validateSearch: (search: Record<string, unknown>): { text?: string } =>
    isGiven(search.text) ? { text: String(search.text) } : {},
  component: lazyRouteComponent(() => import('./pages/Patients'), 'Patients'),
});

const patientRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/patients/$id',
  validateSearch: ofOneHospital,
  component: lazyRouteComponent(() => import('./pages/Patient'), 'Patient'),
});

const uploadRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/upload',
  component: lazyRouteComponent(() => import('./pages/Upload'), 'Upload'),
});

const unsettledRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsettled',
  component: lazyRouteComponent(() => import('@/archive/unsettled/UnsettledPage'), 'UnsettledPage'),
});

const identityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/identity',
  component: lazyRouteComponent(() => import('./pages/Identity'), 'Identity'),
});

const queueRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/queue',
  component: lazyRouteComponent(() => import('./pages/Queue'), 'Queue'),
});

const interfacesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/interfaces',
  component: lazyRouteComponent(() => import('./pages/Interfaces'), 'Interfaces'),
});

const devicesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/devices',
  component: lazyRouteComponent(() => import('./pages/Devices'), 'Devices'),
});

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): { patient?: string } =>
    typeof search.patient === 'string' ? { patient: search.patient } : {},
  component: lazyRouteComponent(() => import('./pages/Audit'), 'Audit'),
});

const administrationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/administration',
  component: lazyRouteComponent(() => import('@/admin/AdministrationPage'), 'AdministrationPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/settings/SettingsPage'), 'SettingsPage'),
});

const hangingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/hanging',
  component: lazyRouteComponent(() => import('./pages/Hanging'), 'Hanging'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    studiesRoute,
    studyRoute,
    patientsRoute,
    patientRoute,
    uploadRoute,
    unsettledRoute,
    identityRoute,
    queueRoute,
    interfacesRoute,
    devicesRoute,
    auditRoute,
    administrationRoute,
    settingsRoute,
    hangingRoute,
  ]),
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
