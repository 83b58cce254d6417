import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck, IconReportOff, IconCircleDashed } from '@tabler/icons-react';
import { type RefObject, useRef, useState } from 'react';
import { documentQuery, type ReportDocument } from '@/lib/api/documents';
import { findSeriesOf } from '@/lib/dicomweb/queries';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { InlineNotice } from '@/ui/InlineNotice';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { DocumentBar } from './DocumentBar';
import stageStyles from './DocumentStage.module.css';
import { numbersOf } from './report';
import { ReportBlocks } from './ReportBlocks';
import styles from './ReportView.module.css';
import type { DocumentProps } from './view';
import { useFocusKeys } from './useFocusKeys';
import { documentProblem } from './words';

/** A structured report as it is read: parts under headings, values beside their names, images as ways to them. */
export function ReportView({ series, document, onGo }: DocumentProps) {
  const t = useWords();
  const { data, error, refetch } = useQuery(documentQuery(series.at, document.sopInstanceUid));
  return (
    <>
      <DocumentBar document={document}>
        <Verified isVerified={document.isVerified} />
      </DocumentBar>
      {error && <ErrorNotice {...documentProblem(t, error)} onRetry={() => void refetch()} />}
      {!error && !data && <div className={stageStyles.centre}><Wait what={t('wait.loading')} /></div>}
      {data && !data.tree.length && <EmptyState icon={IconReportOff} title={t('documents.report.empty.title')} line={t('documents.report.empty.line')} />}
      {data && data.tree.length > 0 && <Report report={data} at={series.at} onGo={onGo} />}
    </>
  );
}

function Report({ report, at, onGo }: { report: ReportDocument; at: DocumentProps['series']['at']; onGo: DocumentProps['onGo'] }) {
  const t = useWords();
  const [lost, setLost] = useState<{ title: string; next: string } | null>(null);
  const go = async (sopInstanceUid: string) => {
    setLost(null);
    try {
      const seriesUid = await findSeriesOf(at, sopInstanceUid);
      if (seriesUid) onGo({ seriesUid, sopInstanceUid, frame: 1 });
      else setLost({ title: t('documents.report.absent.title'), next: t('documents.report.absent.next') });
    } catch (error) {
      setLost(problemWords(t, error));
    }
  };
  const scroller = useRef<HTMLDivElement>(null);
  useReadingKeys(scroller);
  useFocusKeys(scroller);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys
    <div ref={scroller} className={styles.scroll} role="document" aria-label={report.title} tabIndex={0}>
      <article className={styles.paper}>
        {lost && <InlineNotice {...lost} />}
        {report.left_out_count > 0 && (
          <InlineNotice title={t('documents.report.leftOut.title', { count: report.left_out_count })} next={t('documents.report.leftOut.next')} />
        )}
        <ReportBlocks items={report.tree} numbers={numbersOf(report.tree)} level={3} onReference={(uid) => void go(uid)} />
      </article>
    </div>
  );
}

const LINES_PX = 80;

/** Reading on, as among images: the same keys as there. */
function useReadingKeys(scroller: RefObject<HTMLElement | null>): void {
  const on = (step: number) => () => scroller.current?.scrollBy({ top: step * LINES_PX });
  const to = (end: 0 | 1) => () => scroller.current?.scrollTo({ top: end * scroller.current.scrollHeight });
  useKeys({ ArrowDown: on(1), j: on(1), ArrowUp: on(-1), k: on(-1), Home: to(0), End: to(1) }, 'first');
}

function Verified({ isVerified }: { isVerified: boolean | null }) {
  const t = useWords();
  if (isVerified === null) return null;
  const Sign = isVerified ? IconCircleCheck : IconCircleDashed;
  return (
    <span className={isVerified ? styles.verified : styles.unverified}>
      <Sign size={16} stroke={1.5} aria-hidden />
      {t(isVerified ? 'documents.report.verified' : 'documents.report.unverified')}
    </span>
  );
}
