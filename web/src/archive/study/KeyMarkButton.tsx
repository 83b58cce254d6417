import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { KEYS } from '@/viewer/desk/keys';
import { ActNotice } from '../ActNotice';
import styles from './StudyLine.module.css';
import type { KeyMark } from './useKeyImages';

/** Chooses the image on the screen as key, or takes that back; only who may sees it. */
export function KeyMarkButton({ mark }: { mark: KeyMark }) {
  const t = useWords();
  if (!mark.mayMark) return null;
  const words = mark.isMine ? t('keyImages.marked') : t('keyImages.mark');
  const Icon = mark.isMine ? IconStarFilled : IconStar;
  return (
    <>
      <ActNotice error={mark.error} />
      <button type="button" className={styles.act} aria-pressed={mark.isMine} {...hotkey(words, KEYS.mark)} onClick={mark.toggle}>
        <Icon size={16} stroke={1.5} aria-hidden />
        {mark.isBusy ? t('keyImages.marking') : words}
      </button>
    </>
  );
}
