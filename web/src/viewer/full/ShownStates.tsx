import { IconPhotoStar } from '@tabler/icons-react';
import type { Presentation } from '@/lib/api/presentations';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { KEYS } from '../desk/keys';
import styles from './FindingsPanel.module.css';
import type { ShownStatesOf } from './useShownStates';

/** How images of the study were shown: kept from here, or sent by others; one click shows them so again. */
export function ShownStates({ states: { list, shownUid, error, keep, onShow } }: { states: ShownStatesOf }) {
  const t = useWords();
  return (
    <section className={styles.views} aria-label={t('shownStates.title')}>
      <h2 className={styles.head}>
        {t('shownStates.title')}
        <button type="button" className={styles.act} aria-label={t('shownStates.keep')} {...hotkey(t('shownStates.keep'), KEYS.keepState)} onClick={() => void keep()}>
          <IconPhotoStar size={17} stroke={1.5} aria-hidden />
        </button>
      </h2>
      {error && <ErrorNotice {...problemWords(t, error)} />}
      <ol>
        {list.map((one) => <ViewLine key={one.sop_instance_uid} presentation={one} isShown={one.sop_instance_uid === shownUid} onShow={onShow} />)}
      </ol>
    </section>
  );
}

interface LineProps extends Pick<ShownStatesOf, 'onShow'> {
  presentation: Presentation;
  isShown: boolean;
}

function ViewLine({ presentation, isShown, onShow }: LineProps) {
  const t = useWords();
  const { description, label, maker, made_at: madeAt, images, refusal } = presentation;
  return (
    <li aria-current={isShown}>
      <button type="button" className={styles.jump} {...saidKeys(KEYS.nextState)} disabled={!images.length} onClick={() => onShow(presentation)}>
        <span className={styles.kind}>{[maker, madeAt.slice(0, 16).replace('T', ' ')].filter(Boolean).join(' · ')}</span>
        <span>{description || label}</span>
        <span className={styles.kind}>{t('shownStates.images', { count: images.length })}</span>
        {refusal && <span className={styles.kind}>{t(`shownStates.ownGrey.${refusal}`)}</span>}
      </button>
    </li>
  );
}
