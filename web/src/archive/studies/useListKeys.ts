import { type RefObject, useState } from 'react';
import { type Study, studyKey } from '@/lib/dicomweb/studies';
import type { TFunction } from '@/lib/i18n';
import type { KeyLine } from '@/ui/KeysHelp';
import { useKeys } from '@/ui/useKeys';
import { lastPlace, rememberPlace } from './place';

interface Acts {
  field: RefObject<HTMLInputElement | null>;
  onOpen: (study: Study) => void;
  onLoosen: () => void;
  onTurn: () => void;
}

/** The current row and the keys that move it. */
export function useListKeys(studies: Study[], { field, onOpen, onLoosen, onTurn }: Acts) {
  const [current, setCurrent] = useState(lastPlace);
  const at = studies.findIndex((study) => studyKey(study) === current);

  function stand(key: string): void {
    rememberPlace(key);
    setCurrent(key);
  }

  function move(index: number): void {
    const study = studies[Math.max(0, Math.min(studies.length - 1, index))];
    if (study) stand(studyKey(study));
  }

  function openCurrent(): void {
    const study = studies[at];
    if (study) onOpen(study);
  }

  const next = () => move(at + 1);
  const previous = () => move(at < 0 ? 0 : at - 1);
  useKeys({
    j: next,
    ArrowDown: next,
    k: previous,
    ArrowUp: previous,
    Home: () => move(0),
    End: () => move(studies.length - 1),
    Enter: openCurrent,
    '/': () => field.current?.select(),
    o: onTurn,
    Escape: onLoosen,
  });
  return { current: at < 0 ? null : current, stand };
}

export function listKeyLines(t: TFunction): KeyLine[] {
  return [
    { keys: ['/'], does: t('keys.search') },
    { keys: ['j', '↓'], does: t('keys.next') },
    { keys: ['k', '↑'], does: t('keys.previous') },
    { keys: ['Enter'], does: t('keys.open') },
    { keys: ['o'], does: t('keys.order') },
    { keys: ['Esc'], does: t('keys.loosen') },
    { keys: ['?'], does: t('keys.help') },
  ];
}
