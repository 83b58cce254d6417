import { annotation as annotations } from '@cornerstonejs/tools';
import { useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '../desk/keys';
import type { Finding } from './Findings';
import type { Saving } from './useFindings';
import { selectedFindings } from './useTools';

interface Around {
  at: StudyAt;
  list: readonly Finding[];
  saving: Saving;
  onGo: (finding: Finding) => void;
  onRemove: (uid: string) => void;
  /** Whether the list is seen. */
  isListed: boolean;
  /** Opens it where it is not. */
  onList: () => void;
}

/** Whether the page can go to where something was measured: it goes to images of its own study. */
export const isReached = ({ at, measurement }: Finding, here: StudyAt): boolean =>
  measurement !== null && at.uid === here.uid && at.hospital === here.hospital;

/** The measurement in hand: what is chosen on the image, or what keys went to; and what they do to it. */
export function useFindingKeys({ at, list, saving, onGo, onRemove, isListed, onList }: Around) {
  const [uid, setUid] = useState<string | null>(null);
  const [renamed, setRenamed] = useState<string | null>(null);
  const chosen = () => {
    const all = selectedFindings();
    return all.length || !uid || !isListed ? all : [uid]; // nothing goes that nobody sees to be in hand
  };
  const inHand = () => list.find((one) => one.uid === chosen()[0]);
  const go = (by: number) => () => {
    const next = nextOf(list, inHand(), by);
    onList();
    if (!next) return;
    setUid(next.uid);
    if (next.annotationUid) annotations.selection.setAnnotationSelected(next.annotationUid, true);
    else annotations.selection.deselectAnnotation(); // what was chosen before is in hand no more
    if (isReached(next, at)) onGo(next);
  };
  const rename = () => {
    const own = inHand() ?? list.at(-1);
    onList();
    if (own && !own.maker) setRenamed(own.uid);
  };
  const remove = () => {
    onList(); // what went can be brought back there
    for (const one of chosen()) onRemove(one);
  };
  useKeys(
    {
      [KEYS.nextFinding]: go(1),
      [KEYS.previousFinding]: go(-1),
      [KEYS.rename]: rename,
      [KEYS.remove]: remove,
      Backspace: remove,
      ...(saving.undo && { [KEYS.undo]: saving.undo }),
    },
    'first',
  );
  return { uid, renamed, onRenamed: () => setRenamed(null) };
}

export type FindingInHand = ReturnType<typeof useFindingKeys>;
