import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { askAgain, confirmPatient, doubtPatient, identityKey, linkPatients, mergePatients, sayDifferent, undoMerge, unlinkPatients } from '@/lib/api/identity';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';

interface Named {
  id: string;
  name: string;
}

interface Done {
  what: string;
  undo: () => Promise<unknown>;
}

export type Decisions = ReturnType<typeof useDecisions>;

/** What is decided about two records, with what was done last, so that the way back stays in sight. */
export function useDecisions(hospitals: Organisation[]) {
  const t = useWords();
  const client = useQueryClient();
  const { isBusy, error, run: act } = useAct();
  const [done, setDone] = useState<Done | null>(null);
  const codeOf = (organisation: number) => hospitals.find((hospital) => hospital.id === organisation)?.code ?? '';

  /** Does something, with the way back where there is one. */
  async function run(work: () => Promise<Done | null>): Promise<void> {
    let next: Done | null = null;
    const isDone = await act(async () => {
      next = await work();
      await client.invalidateQueries(identityKey);
    });
    if (isDone) setDone(next);
  }

  const merge = (survivor: Named, retired: Named, organisation: number) =>
    run(async () => {
      const id = await mergePatients(survivor.id, retired.id, codeOf(organisation));
      return { what: t('identity.merged', { retired: retired.name, survivor: survivor.name }), undo: () => undoMerge(id) };
    });

  const keepApart = (candidate: number, first: string, second: string) =>
    run(async () => {
      await sayDifferent(candidate);
      return { what: t('identity.saidDifferent', { first, second }), undo: () => askAgain(candidate) };
    });

  const link = (first: Named, second: Named, reason: string, organisation: number) =>
    run(async () => {
      const [two, hospital] = [{ one: first.id, other: second.id }, codeOf(organisation)];
      await linkPatients({ ...two, reason }, hospital);
      const undo = () => unlinkPatients({ ...two, reason: t('identity.tookBack') }, hospital);
      return { what: t('identity.linked', { first: first.name, second: second.name }), undo };
    });

  const confirm = ({ id, name }: Named, organisation: number) =>
    run(async () => {
      await confirmPatient(id, codeOf(organisation));
      return { what: t('identity.confirmed', { name }), undo: () => doubtPatient(id, codeOf(organisation)) };
    });

  const takeBack = (undo: () => Promise<unknown>) =>
    run(async () => {
      await undo();
      return null;
    });

  /** Takes back what was done last. */
  const undoLast = async () => {
    if (done) await takeBack(done.undo);
  };

  const undo = (id: number) => takeBack(() => undoMerge(id));

  return { isBusy, error, done, forget: () => setDone(null), codeOf, merge, keepApart, link, confirm, undo, undoLast };
}
