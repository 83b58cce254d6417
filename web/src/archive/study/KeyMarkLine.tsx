import { IconBan, IconStarFilled } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import styles from './KeyMarkLine.module.css';
import { titleWords } from './keyImageWords';
import type { KeyMark } from './useKeyImages';

/** Says over the picture that it is key, or that somebody rejected it, and why. */
export function KeyMarkLine({ mark }: { mark: KeyMark }) {
  const t = useWords();
  const said = mark.rejected.length ? mark.rejected : mark.chosen;
  if (!said.length) return null;
  const why = [titleWords(t, said), ...new Set(said.map((one) => one.text).filter(Boolean))].join(' · ');
  return mark.rejected.length ? (
    <p className={styles.rejected}>
      <IconBan size={15} stroke={1.5} aria-hidden />
      {t('keyImages.rejected', { why })}
    </p>
  ) : (
    <p className={styles.chosen}>
      <IconStarFilled size={14} aria-hidden />
      {t('keyImages.key', { why })}
    </p>
  );
}
