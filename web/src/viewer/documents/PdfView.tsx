import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { enclosedPath } from '@/lib/api/documents';
import { Problem } from '@/lib/api/problem';
import { send } from '@/lib/api/http';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { Wait } from '@/ui/Wait';
import { DocumentBar, FileLink } from './DocumentBar';
import styles from './DocumentStage.module.css';
import { SIGNS } from './signs';
import type { DocumentProps } from './view';
import { documentProblem } from './words';

/** Readers accept what comes before the mark, so far (ISO 32000-1 Annex H.3). */
const MARK_WITHIN = 1024;

/** A PDF on the page, as the browser shows it. */
export function PdfView({ series, document }: DocumentProps) {
  const t = useWords();
  const path = enclosedPath(series.at, series.seriesUid, document.sopInstanceUid);
  const { data, error, refetch } = useQuery({ queryKey: ['pdf', path], queryFn: ({ signal }) => fetchPdf(path, signal), gcTime: 0 });
  return (
    <>
      <DocumentBar document={document} path={path} />
      {error && <ErrorNotice {...documentProblem(t, error)} onRetry={() => void refetch()} />}
      {!error && !data && <div className={styles.centre}><Wait what={t('wait.loading')} /></div>}
      {data && (navigator.pdfViewerEnabled ? (
        <PdfFrame file={data} title={document.title || t('documents.kind.pdf')} />
      ) : (
        <EmptyState icon={SIGNS.pdf} title={t('documents.pdf.title')} line={t('documents.pdf.line')}>
          <FileLink document={document} path={path} />
        </EmptyState>
      ))}
    </>
  );
}

async function fetchPdf(path: string, signal: AbortSignal): Promise<Blob> {
  const file = await (await send(path, { headers: { Accept: 'application/pdf' }, signal })).blob();
  const start = new TextDecoder('latin1').decode(await file.slice(0, MARK_WITHIN).arrayBuffer());
  if (!start.includes('%PDF-')) throw new Problem('undecodable', 200);
  return file.slice(0, file.size, 'application/pdf'); // whatever it was called: nothing else may stand in a frame of ours
}

/** A file that is in memory, in the browser's own reader: other than the server's answers, it may stand in a frame. */
function PdfFrame({ file, title }: { file: Blob; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const address = URL.createObjectURL(file);
    if (frame.current) frame.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [file]);
  // oxlint-disable-next-line react/iframe-missing-sandbox -- browsers show no PDF in a sandbox; their readers are one
  return <iframe ref={frame} className={styles.frame} title={title} />;
}
