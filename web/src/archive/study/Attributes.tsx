import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useRef, useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import { type Attribute, attributesQuery } from '@/lib/dicomweb/attributes';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { Wait } from '@/ui/Wait';
import { KEYS } from '@/viewer/desk/keys';
import { ProblemNotice } from '../ProblemNotice';
import styles from './Attributes.module.css';

interface Props {
  at: StudyAt;
  seriesUid: string;
  instanceUid: string;
}

const INDENT_PX = 12;

function matches(attribute: Attribute, text: string): boolean {
  const folded = text.trim().toLowerCase();
  return !folded || `${attribute.tag} ${attribute.name} ${attribute.value}`.toLowerCase().includes(folded);
}

/** Everything that an image says of itself, for whoever has to know: the elements of its header, to be searched. */
export function Attributes({ at, seriesUid, instanceUid }: Props) {
  const t = useWords();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ [KEYS.findAttribute]: () => field.current?.select() });
  const sought = useDeferredValue(text);
  const { data, error, refetch } = useQuery(attributesQuery(at, seriesUid, instanceUid));
  const shown = data?.filter((attribute) => matches(attribute, sought));
  return (
    <aside className={styles.panel} aria-label={t('study.attributes')}>
      <TextInput
        className={styles.search ?? ''}
        ref={field}
        size="sm"
        {...hotkey(t('attributes.search'), KEYS.findAttribute)}
        onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && event.currentTarget.blur()}
        aria-label={t('attributes.search')}
        placeholder={t('attributes.search')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !shown && <Wait what={t('wait.loading')} />}
      {shown && !shown.length && <p className={styles.none}>{t('attributes.none')}</p>}
      {shown && shown.length > 0 && <Table attributes={shown} />}
    </aside>
  );
}

function Table({ attributes }: { attributes: Attribute[] }) {
  const t = useWords();
  return (
    <div className={styles.scroll}>
      <table className={styles.table} role="grid" tabIndex={0} aria-label={t('study.attributes')}>
        <thead>
          <tr>
            <th scope="col">{t('attributes.name')}</th>
            <th scope="col">{t('attributes.value')}</th>
          </tr>
        </thead>
        <tbody>
          {attributes.map((attribute, place) => (
            <tr key={`${attribute.tag} ${place}`}>
              <th scope="row" style={{ paddingLeft: `${16 + attribute.depth * INDENT_PX}px` }}>
                {attribute.name}
                <span className={styles.tag}>
                  {attribute.tag} {attribute.vr}
                </span>
              </th>
              <td>{attribute.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
