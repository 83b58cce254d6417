import { expect, it } from 'vitest';
import { exampleFor } from '../src/settings/hanging/examples';

it.each([
  [{ modalities: ['MG'], body_parts: [] }, 'breast'],
  [{ modalities: ['CT'], body_parts: ['HEAD'] }, 'head'],
  [{ modalities: ['MR'], body_parts: [], min_priors: 1 }, 'brain'],
  [{ modalities: ['XA'], body_parts: [] }, 'chest'],
])('a protocol for %j is tried on the example %s', (matches, example) => {
  expect(exampleFor(matches)).toBe(example);
});
