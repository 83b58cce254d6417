import { IconPhoto } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { DocumentItem } from '@/lib/api/documents';
import { useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import { DOCUMENT_KEYS } from '../desk/keys';
import { blocksOf, isReference, isShape, withUnit } from './report';
import styles from './ReportView.module.css';

interface Shared {
  /** What each object that is pointed at is called, by its UID. */
  numbers: ReadonlyMap<string, number>;
  /** Of the headings here; 6 is the last that there is. */
  level: number;
  onReference: (sopInstanceUid: string) => void;
}

/** A part of a report. */
export function ReportBlocks({ items, ...shared }: Shared & { items: readonly DocumentItem[] }) {
  return blocksOf(items).map((block, place) =>
    'section' in block ? (
      <Section key={place} item={block.section} {...shared} />
    ) : (
      <dl key={place} className={styles.lines}>
        {block.lines.map((item, line) => (
          <Line key={line} item={item} {...shared} />
        ))}
      </dl>
    ),
  );
}

function Section({ item, level, ...shared }: Shared & { item: DocumentItem }) {
  const Heading = `h${level}` as 'h3';
  return (
    <section className={styles.section}>
      {item.name && <Heading>{item.name}</Heading>}
      <ReportBlocks items={item.children} level={Math.min(6, item.name ? level + 1 : level)} {...shared} />
    </section>
  );
}

function Line({ item, ...shared }: Shared & { item: DocumentItem }) {
  return (
    <div>
      <dt>{item.name}</dt>
      <dd data-kind={item.kind}>
        <Value item={item} {...shared} />
        {item.children.length > 0 && <ReportBlocks items={item.children} {...shared} />}
      </dd>
    </div>
  );
}

function Value({ item, numbers, onReference }: Shared & { item: DocumentItem }): ReactNode {
  const t = useWords();
  if (isShape(item)) return <span className={styles.quiet}>{t('documents.report.marked')}</span>;
  if (!isReference(item)) return <span className={styles.value}>{withUnit(item.value, item.unit)}</span>;
  return (
    <button type="button" {...saidKeys(DOCUMENT_KEYS.nextNote, DOCUMENT_KEYS.previousNote)} className={styles.reference} onClick={() => onReference(item.value)}>
      <IconPhoto size={15} stroke={1.5} aria-hidden />
      {t(item.kind === 'IMAGE' ? 'documents.report.image' : 'documents.report.object', { number: numbers.get(item.value) ?? '–' })}
    </button>
  );
}
