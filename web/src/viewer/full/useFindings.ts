import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Measurement, measurementsQuery, saveMeasurements } from '@/lib/api/measurements';
import { savePresentation } from '@/lib/api/presentations';
import type { StudyAt } from '@/lib/api/studyAddress';
import { type TFunction, useWords } from '@/lib/i18n';
import { type Findings, isAnythingUnsaved } from './Findings';
import { JoinedFindings } from './JoinedFindings';
import { asMeasured, linesOf } from './lines';
import { MEASUREMENTS, presentedMeasurements } from './presenting';

export type SavingState = 'saved' | 'changed' | 'waiting' | 'saving' | 'none';

/** How far what was measured is kept. */
export interface Saving {
  state: SavingState;
  error: Error | null;
  /** Null where there is nothing to save, or not yet. */
  save: (() => void) | null;
  undo: (() => void) | null;
}

/** What was measured in the studies that hang here, from the server and on this page. */
export function useFindings(studies: readonly StudyAt[]) {
  const t = useWords();
  const client = useQueryClient();
  const findings = useMemo(() => new JoinedFindings(studies), [studies]);
  const answers = useQueries({ queries: studies.map(measurementsQuery) });
  const list = useSyncExternalStore(findings.subscribe, findings.list);
  const isChanged = useSyncExternalStore(findings.subscribe, findings.isChanged);
  const isReady = useSyncExternalStore(findings.subscribe, findings.isReady);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [back, setBack] = useState<(() => void) | null>(null);
  useEffect(() => {
    for (const [at, { data }] of answers.entries()) if (data) findings.all[at]?.load(data.sets);
  });
  useLeaveGuard();

  async function saveOne(one: Findings): Promise<void> {
    const measurements = one.toSave();
    const { revision } = one;
    if (!measurements) return;
    const filed = await saveMeasurements(one.at, measurements, one.base);
    // What follows may fail, and is saved again then: on top of this document, or of none where it was withdrawn.
    one.follow(measurements.length ? filed.sop_instance_uid : null);
    await presentMeasurements(one.at, measurements, t);
    one.saved(revision);
    for (const what of ['measurements', 'presentations']) {
      await client.invalidateQueries({ queryKey: ['study', one.at.uid, one.at.hospital, what] });
    }
  }

  async function save(): Promise<void> {
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      for (const one of findings.changed()) await saveOne(one);
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
    setIsBusy(false);
  }

  function remove(uid: string): void {
    const restore = findings.remove(uid);
    if (!restore) return;
    setBack(() => () => {
      restore();
      setBack(null);
    });
  }

  const state: SavingState = isBusy ? 'saving' : !isChanged ? (list.length ? 'saved' : 'none') : isReady ? 'changed' : 'waiting';
  const saving: Saving = { state, error, save: isChanged && isReady ? () => void save() : null, undo: back };
  return { findings, list, saving, remove };
}

/** Files the lines of the measurements too, for viewers that read no reports. */
async function presentMeasurements(at: StudyAt, measurements: Measurement[], t: TFunction): Promise<void> {
  const say = (one: Measurement) => linesOf(t, asMeasured(one)).join('\n');
  const images = presentedMeasurements(measurements, say);
  if (images.length) await savePresentation(at, { label: MEASUREMENTS, description: t('measure.title'), images });
}

/** Nobody closes the page over measurements that were not saved without being asked. */
function useLeaveGuard(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => isAnythingUnsaved() && event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}
