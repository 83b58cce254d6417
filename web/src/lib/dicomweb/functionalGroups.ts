import { type DataSet, items, TAG } from './json';

/** Lays the attributes of functional groups beside each other, as an image of one frame has them. */
function flat(group: DataSet | undefined): DataSet {
  if (!group) return {};
  return Object.assign({}, ...Object.keys(group).map((tag) => items(group, tag)[0] ?? {})) as DataSet;
}

/** What is said of one frame (from 1) of an enhanced multi-frame image (PS3.3 C.7.6.16), in the way of a single one. */
export function ofFrame(instance: DataSet, frame: number): DataSet {
  const shared = items(instance, TAG.sharedFunctionalGroups)[0];
  const own = items(instance, TAG.perFrameFunctionalGroups)[frame - 1];
  return shared || own ? { ...instance, ...flat(shared), ...flat(own) } : instance;
}
