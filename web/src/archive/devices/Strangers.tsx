import { Button, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { type Association, strangersQuery } from '@/lib/api/associations';
import { type TFunction, useWords } from '@/lib/i18n';
import { Moment } from '@/ui/Moment';
import { ProblemNotice } from '../ProblemNotice';
import { OutcomeMark } from './Associations';
import styles from './Associations.module.css';
import { rejectionWords } from './said';

interface Props {
  onAdd: (stranger: Association) => void;
}

/** Machines that knocked and that nobody knows: new ones, and those that are set up wrong. */
export function Strangers({ onAdd }: Props) {
  const t = useWords();
  const { data, error, refetch } = useQuery(strangersQuery);
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section className={styles.strangers} aria-labelledby="strangers">
      <h2 id="strangers">{t('associations.strangers.title')}</h2>
      <p>{t(data.length ? 'associations.strangers.line' : 'associations.strangers.none')}</p>
      {data.length > 0 && (
        <div className={styles.frame}>
          <table aria-labelledby="strangers">
            <Head t={t} />
            <tbody>
              {data.map((one) => (
                <Stranger key={one.id} stranger={one} onAdd={onAdd} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Head({ t }: { t: TFunction }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t('devices.sendsAs')}</th>
        <th scope="col">{t('associations.strangers.called')}</th>
        <th scope="col">{t('associations.strangers.address')}</th>
        <th scope="col">{t('associations.strangers.outcome')}</th>
        <th scope="col">{t('associations.strangers.when')}</th>
        <th scope="col" className={styles.number}>
          {t('associations.strangers.times')}
        </th>
        <th scope="col">
          <VisuallyHidden>{t('devices.add')}</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

function Stranger({ stranger, onAdd }: Props & { stranger: Association }) {
  const t = useWords();
  const isNamed = stranger.calling_ae !== '';
  return (
    <tr>
      <td>{isNamed ? <code>{stranger.calling_ae}</code> : t('associations.strangers.others')}</td>
      <td>
        <code>{stranger.called_ae}</code>
      </td>
      <td>
        <code>{stranger.address}</code>
      </td>
      <td>
        <span className={styles.why}>
          <OutcomeMark association={stranger} />
          {rejectionWords(t, stranger)}
        </span>
      </td>
      <td>
        <Moment at={stranger.ended_at} />
      </td>
      <td className={styles.number}>{stranger.times}</td>
      <td>
        {isNamed && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} stroke={1.5} />} onClick={() => onAdd(stranger)}>
            {t('associations.strangers.add', { title: stranger.calling_ae })}
          </Button>
        )}
      </td>
    </tr>
  );
}
