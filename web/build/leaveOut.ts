import type { Plugin } from 'vite';

/** Drawing by WebGPU, which our engine does not do, and meshes as XML, which no page reads: a quarter of a megabyte. */
const NEVER_REACHED = /@kitware\/vtk\.js\/(Rendering\/WebGPU|IO\/XML)\//;

/** Leaves out what libraries bring along and nothing here reaches. */
export function leaveOut(): Plugin {
  return {
    name: 'lightwell-leave-out',
    enforce: 'pre',
    apply: 'build',
    load: (id) => (NEVER_REACHED.test(id) ? 'export default {};' : null),
  };
}
