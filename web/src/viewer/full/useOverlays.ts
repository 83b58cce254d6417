import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Presentation } from '@/lib/api/presentations';
import { fetchLabels, type Segmentation, segmentationsQuery, structuresQuery } from '@/lib/api/segmentations';
import type { StudyAt } from '@/lib/api/studyAddress';
import { presentedOverlay } from './presentedOverlay';
import { MEASUREMENTS } from './presenting';
import { type Overlay, segmentationOverlay, structureOverlay } from './overlays';

const NONE: never[] = [];

/** What lies over the images of a study, and which of its parts are hidden. */
export interface Overlays {
  list: Overlay[];
  hidden: ReadonlySet<string>;
  toggle: (keys: string[]) => void;
  toggleAll: () => void;
  /** On to the next part alone, and after the last to all of them. */
  nextAlone: () => void;
}

/** `presented` is the presentation state that is shown, if one is; of one's own measurements the lines are there already. */
export function useOverlays(at: StudyAt, presented: Presentation | null): Overlays {
  const { data: segmentations = NONE } = useQuery(segmentationsQuery(at));
  const { data: structures = NONE } = useQuery(structuresQuery(at));
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const maps = useQueries({
    queries: segmentations.map((one: Segmentation) => ({
      queryKey: ['study', at.uid, at.hospital, 'labels', one.sop_instance_uid],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchLabels(at, one.sop_instance_uid, signal),
      enabled: one.refusal === '' && one.images.length > 0,
      staleTime: Infinity,
    })),
    combine: (results) => results.map(({ data }) => data ?? null),
  });
  const list = useMemo(() => {
    const isDrawn = presented?.is_mine && presented.label === MEASUREMENTS;
    const shown = presented && !isDrawn ? [presentedOverlay(presented.sop_instance_uid, presented.images)] : [];
    return [...segmentations.map((one, place) => segmentationOverlay(one, maps[place] ?? null)), ...structures.map(structureOverlay), ...shown];
  }, [segmentations, structures, maps, presented]);
  const toggle = (keys: string[]) => {
    const areAllHidden = keys.every((key) => hidden.has(key));
    const others = [...hidden].filter((key) => !keys.includes(key));
    setHidden(new Set(areAllHidden ? others : [...others, ...keys]));
  };
  const every = list.flatMap(({ parts }) => parts.map(({ key }) => key));
  const nextAlone = () => {
    const [only, another] = every.filter((key) => !hidden.has(key));
    const next = every[only && !another ? every.indexOf(only) + 1 : 0];
    setHidden(new Set(next ? every.filter((key) => key !== next) : []));
  };
  return { list, hidden, toggle, toggleAll: () => toggle(every), nextAlone };
}
