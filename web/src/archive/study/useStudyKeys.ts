import type { Series } from '@/lib/dicomweb/studies';
import { useKeys } from '@/ui/useKeys';
import { KEYS } from '@/viewer/desk/keys';

interface Acts {
  onChoose: (uid: string) => void;
  onMark: () => void;
  onNextKey: () => void;
  onAttributes: () => void;
  onBack: () => void;
}

/** The keys of a study, whatever of it is looked at. */
export function useStudyKeys(series: Series[], current: string | null, acts: Acts): void {
  const { onChoose, onMark, onNextKey, onAttributes, onBack } = acts;
  const at = series.findIndex((one) => one.uid === current);
  const step = (by: number) => {
    const other = series[at + by];
    if (other) onChoose(other.uid);
  };
  useKeys({
    [KEYS.nextSeries]: () => step(1),
    PageDown: () => step(1),
    [KEYS.previousSeries]: () => step(-1),
    PageUp: () => step(-1),
    [KEYS.mark]: onMark,
    [KEYS.nextKey]: onNextKey,
    [KEYS.attributes]: onAttributes,
    [KEYS.back]: onBack,
  });
}
