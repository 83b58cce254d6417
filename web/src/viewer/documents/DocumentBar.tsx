import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import type { SeriesDocument } from '@/lib/dicomweb/documents';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { DOCUMENT_KEYS } from '../desk/keys';
import styles from './DocumentStage.module.css';
import { fileNameOf, momentOf, titleOf } from './words';

interface Props {
  document: SeriesDocument;
  /** Where its file is; nothing where it has none of its own. */
  path?: string;
  children?: ReactNode;
}

/** What a document is and when it was made, what can be set, and its file. */
export function DocumentBar({ document, path, children }: Props) {
  const t = useWords();
  return (
    <header className={styles.bar}>
      <h2 className={styles.title}>{titleOf(t, document)}</h2>
      <span className={styles.quiet}>{momentOf(document)}</span>
      {children}
      {path && (
        <span className={styles.end}>
          <FileLink document={document} path={path} />
        </span>
      )}
    </header>
  );
}

export function FileLink({ document, path }: { document: SeriesDocument; path: string }) {
  const t = useWords();
  const link = useRef<HTMLAnchorElement>(null);
  useKeys({ [DOCUMENT_KEYS.file]: (event) => event.repeat || link.current?.click() });
  return (
    <a ref={link} className={styles.link} href={path} {...hotkey(t('documents.download'), DOCUMENT_KEYS.file)} download={fileNameOf(document)}>
      <IconDownload size={18} stroke={1.5} aria-hidden />
      {t('documents.download')}
    </a>
  );
}
