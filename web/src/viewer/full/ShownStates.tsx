import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPhotoStar } from '@tabler/icons-react';
import { useState } from 'react';
import { type Presentation, type PresentedImage, presentationsQuery, savePresentation } from '@/lib/api/presentations';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { ErrorNotice } from '@/ui/ErrorNotice';
import styles from './FindingsPanel.module.css';
import { counting } from './presenting';

const VIEW = 'VIEW';

interface Props {
  at: StudyAt;
  /** The image as it is seen now; null where nothing is. */
  seen: () => PresentedImage | null;
  onShow: (presentation: Presentation) => void;
}

/** How images of the study were shown: kept from here, or sent by others; one click shows them so again. */
export function ShownStates({ at, seen, onShow }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const { data } = useQuery(presentationsQuery(at));
  const [error, setError] = useState<Error | null>(null);
  const keep = async () => {
    const image = seen();
    if (!image) return;
    setError(null);
    try {
      await savePresentation(at, { label: VIEW, description: t('shownStates.kept'), images: [image] });
      await client.invalidateQueries({ queryKey: presentationsQuery(at).queryKey });
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
  };
  return (
    <section className={styles.views} aria-label={t('shownStates.title')}>
      <h2 className={styles.head}>
        {t('shownStates.title')}
        <button type="button" className={styles.act} aria-label={t('shownStates.keep')} title={t('shownStates.keep')} onClick={() => void keep()}>
          <IconPhotoStar size={17} stroke={1.5} aria-hidden />
        </button>
      </h2>
      {error && <ErrorNotice {...problemWords(t, error)} />}
      <ol>
        {counting(data?.presentations ?? []).map((one) => <ViewLine key={one.sop_instance_uid} presentation={one} onShow={onShow} />)}
      </ol>
    </section>
  );
}

function ViewLine({ presentation, onShow }: { presentation: Presentation; onShow: Props['onShow'] }) {
  const t = useWords();
  const { description, label, maker, made_at: madeAt, images, refusal } = presentation;
  return (
    <li>
      <button type="button" className={styles.jump} disabled={!images.length} onClick={() => onShow(presentation)}>
        <span className={styles.kind}>{[maker, madeAt.slice(0, 16).replace('T', ' ')].filter(Boolean).join(' · ')}</span>
        <span>{description || label}</span>
        <span className={styles.kind}>{t('shownStates.images', { count: images.length })}</span>
        {refusal && <span className={styles.kind}>{t(`shownStates.ownGrey.${refusal}`)}</span>}
      </button>
    </li>
  );
}
