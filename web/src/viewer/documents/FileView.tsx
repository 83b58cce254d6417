import { enclosedPath } from '@/lib/api/documents';
import { useWords } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { DocumentBar, FileLink } from './DocumentBar';
import { SIGNS } from './signs';
import type { DocumentProps } from './view';

/** A document or model that no browser shows by itself: its file is handed over. */
export function FileView({ series, document }: DocumentProps) {
  const t = useWords();
  return (
    <>
      <DocumentBar document={document} />
      <EmptyState icon={SIGNS.file} title={t('documents.file.title')} line={t('documents.file.line')}>
        <FileLink document={document} path={enclosedPath(series.at, series.seriesUid, document.sopInstanceUid)} />
      </EmptyState>
    </>
  );
}
