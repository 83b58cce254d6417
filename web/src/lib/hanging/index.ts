export { isFor, protocolsFor } from './choosing';
export type { SeriesFacts, StudyFacts } from './facts';
export { type Emptiness, filled, type HungPane, layOut, usableStages } from './laying';
export { fits, picked } from './picking';
export * from './types';
