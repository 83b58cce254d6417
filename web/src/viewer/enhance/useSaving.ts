import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type DerivedSeries, type Enhancement, type EnhancementScope, saveEnhanced, type SeriesDerived } from '@/lib/api/enhancement';
import type { Place } from '@/lib/api/keyImages';
import { sessionQuery } from '@/lib/api/session';
import type { StudyAt } from '@/lib/api/studyAddress';
import { seriesQuery } from '@/lib/dicomweb/queries';
import { useDerivations } from '@/lib/live/events';
import { useAct } from '@/ui/useAct';
import { type Progress, progressOf } from './progress';

interface Saving {
  /** Only who may store in the hospital saves. */
  maySave: boolean;
  isBusy: boolean;
  error: Error | null;
  /** How far what was saved last is; null before anything was. */
  progress: Progress | null;
  save: (place: Place, enhancement: Enhancement, scope: EnhancementScope) => void;
}

/** Saving enhanced images as a derived series, and how far that is. */
export function useSaving(at: StudyAt): Saving {
  const client = useQueryClient();
  const act = useAct();
  const { data: session } = useQuery(sessionQuery);
  const { data: listed } = useQuery(seriesQuery(at));
  const [made, setMade] = useState<DerivedSeries | null>(null);
  const [steps, setSteps] = useState<Record<string, SeriesDerived>>({});
  useDerivations((step) => setSteps((now) => ({ ...now, [step.series_instance_uid]: step })));
  const uid = made?.series_instance_uid ?? '';
  const progress = made && progressOf(made, steps[uid], listed?.find((one) => one.uid === uid)?.imageCount ?? null);
  const isDone = progress?.isDone ?? false;
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ['study', at.uid] });
  }, [client, at.uid, isDone]);
  const save = (place: Place, enhancement: Enhancement, scope: EnhancementScope) => {
    setMade(null);
    void act.run(async () => setMade(await saveEnhanced(at, place, enhancement, scope)));
  };
  const maySave = session?.organisations.some(({ code, permissions }) => (!at.hospital || code === at.hospital) && permissions?.includes('archive.write')) ?? false;
  return { maySave, isBusy: act.isBusy, error: act.error, progress, save };
}
