/** The floors of the browser side: a file may use its own floor's room and the floors below, never a floor above. */
const DEPARTMENTS = 'radiology|surgery|theatre|nursing|consult|screens|admin|settings';
const SHARED = 'archive|clinical|viewer|volume|video|scene';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib-is-the-ground',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^src/', pathNot: '^src/lib/' },
    },
    {
      name: 'ui-rests-on-lib',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/', pathNot: '^src/(lib|ui)/' },
    },
    {
      name: 'ui-never-fetches',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/lib/(api|dicomweb|live)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-rooms-rest-on-ui',
      severity: 'error',
      from: { path: `^src/(${SHARED})/` },
      to: { path: '^src/', pathNot: `^src/(lib|ui|${SHARED})/` },
    },
    {
      name: 'departments-never-meet',
      severity: 'error',
      from: { path: `^src/(${DEPARTMENTS})/` },
      to: { path: `^src/(${DEPARTMENTS}|app)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
