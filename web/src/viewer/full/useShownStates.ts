import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Presentation, type PresentedImage, presentationsQuery, savePresentation } from '@/lib/api/presentations';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { once, useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '../desk/keys';
import { counting } from './presenting';

const VIEW = 'VIEW';

interface Around {
  at: StudyAt;
  /** The image as it is seen now; null where nothing is. */
  seen: () => PresentedImage | null;
  /** The one that is shown. */
  shown: Presentation | null;
  onShow: (presentation: Presentation) => void;
  /** Opens the list, where it is closed. */
  onList: () => void;
}

/** How images of the study were shown, and what buttons and keys do with that. */
export function useShownStates({ at, seen, shown, onShow, onList }: Around) {
  const t = useWords();
  const client = useQueryClient();
  const { data } = useQuery(presentationsQuery(at));
  const [error, setError] = useState<Error | null>(null);
  const list = counting(data?.presentations ?? []);
  const keep = async () => {
    const image = seen();
    onList();
    if (!image) return;
    setError(null);
    try {
      await savePresentation(at, { label: VIEW, description: t('shownStates.kept'), images: [image] });
      await client.invalidateQueries({ queryKey: presentationsQuery(at).queryKey });
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
  };
  const next = () => {
    const usable = list.filter(({ images }) => images.length > 0);
    const now = usable.find((one) => one.sop_instance_uid === shown?.sop_instance_uid);
    const then = nextOf(usable, now);
    onList();
    if (then) onShow(then);
  };
  useKeys({ [KEYS.keepState]: once(() => void keep()), [KEYS.nextState]: next }, 'first');
  return { list, shownUid: shown?.sop_instance_uid ?? null, error, keep, onShow };
}

export type ShownStatesOf = ReturnType<typeof useShownStates>;
