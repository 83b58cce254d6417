import { IconPhoto } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { DocumentKind, SeriesDocument } from '@/lib/dicomweb/documents';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { Boundary } from '@/ui/Boundary';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { DOCUMENT_KEYS } from '../desk/keys';
import type { PaneSeries } from '../full/series';
import styles from './DocumentStage.module.css';
import { FileView } from './FileView';
import { FilmView } from './FilmView';
import { PdfView } from './PdfView';
import { ReportView } from './ReportView';
import { SIGNS } from './signs';
import type { Documents } from './useDocuments';
import type { DocumentProps } from './view';
import { WaveformView } from './WaveformView';
import { momentOf, titleOf } from './words';

const VIEWS: Record<DocumentKind, ComponentType<DocumentProps>> = {
  report: ReportView,
  waveform: WaveformView,
  pdf: PdfView,
  film: FilmView,
  file: FileView,
};

interface Props {
  series: PaneSeries;
  documents: Documents;
  onGo: (place: Place) => void;
}

/** Where what is no image is looked at: reports are read, signals lie on paper, films play, files are handed over. */
export default function DocumentStage({ series, documents: { found, current, still, isPending, error, retry }, onGo }: Props) {
  const t = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = found.find((one) => one.sopInstanceUid === chosen) ?? current ?? found[0];
  const backToImages = () => still && onGo({ seriesUid: series.seriesUid, sopInstanceUid: still.sopInstanceUid, frame: still.frame });
  const step = (by: number) => () => {
    const next = found[found.findIndex((one) => one === shown) + by];
    if (next) setChosen(next.sopInstanceUid);
    else if (by < 0) backToImages();
  };
  useKeys({ [DOCUMENT_KEYS.next]: step(1), [DOCUMENT_KEYS.previous]: step(-1) });
  if (error) return <ErrorNotice {...problemWords(t, error)} onRetry={retry} />;
  if (isPending) return <div className={styles.centre}><Wait what={t('wait.loading')} /></div>;
  if (!shown) return null;
  const View = VIEWS[shown.kind];
  return (
    <section className={styles.stage} aria-label={series.title}>
      {(found.length > 1 || still) && (
        <nav className={styles.list} aria-label={t('documents.list')}>
          {still && (
            <button type="button" {...saidKeys(DOCUMENT_KEYS.previous)} onClick={backToImages}>
              <IconPhoto size={18} stroke={1.5} aria-hidden />
              <span>{t('documents.images')}</span>
            </button>
          )}
          {found.map((one) => (
            <Line key={one.sopInstanceUid} document={one} isShown={one === shown} onChoose={() => setChosen(one.sopInstanceUid)} />
          ))}
        </nav>
      )}
      <div className={styles.document}>
        <Boundary key={shown.sopInstanceUid}>
          <View series={series} document={shown} onGo={onGo} />
        </Boundary>
      </div>
    </section>
  );
}

interface LineProps {
  document: SeriesDocument;
  isShown: boolean;
  onChoose: () => void;
}

function Line({ document, isShown, onChoose }: LineProps) {
  const t = useWords();
  const Sign = SIGNS[document.kind];
  return (
    <button type="button" {...saidKeys(DOCUMENT_KEYS.previous, DOCUMENT_KEYS.next)} aria-current={isShown} onClick={onChoose}>
      <Sign size={18} stroke={1.5} aria-hidden />
      <span>
        {titleOf(t, document)}
        <small>{momentOf(document)}</small>
      </span>
    </button>
  );
}
