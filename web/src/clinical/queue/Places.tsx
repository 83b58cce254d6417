import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowBackUp, IconBell, IconCheck, IconDoorExit, IconPlayerSkipForward, IconSpeakerphone } from '@tabler/icons-react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { actOnTicket, callNext, type Place, placesQuery, type Queue, type TicketAct } from '@/lib/api/queues';
import { useLanguage, useWords } from '@/lib/i18n';
import { shownAgo } from '@/lib/moments';
import { Wait } from '@/ui/Wait';
import styles from './Queue.module.css';
import { Stale } from './Stale';
import type { useQueueActs } from './useQueueActs';

interface Props {
  queue: Queue;
  room: string;
  mayCall: boolean;
  acts: ReturnType<typeof useQueueActs>;
}

/** Who is called, who waits, and who was passed; the main act is the largest. */
export function Places({ queue, room, mayCall, acts }: Props) {
  const t = useWords();
  const { data, error, dataUpdatedAt, refetch } = useQuery(placesQuery(queue.id));
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Wait what={t('wait.loading')} />;
  const of = (state: Place['state']) => data.places.filter((place) => place.state === state);
  const called = of('called').filter((place) => !room || place.room === room);
  const waiting = of('waiting');
  const act = (place: Place, what: TicketAct) => void acts.act(() => actOnTicket(place.id, what, what === 'call' ? room : ''));
  return (
    <div className={styles.columns}>
      {error && <Stale sinceMs={dataUpdatedAt} />}
      <section className={styles.called} aria-label={t('queue.called')}>
        <Button
          fullWidth
          h={72}
          fz={22}
          leftSection={<IconSpeakerphone size={28} stroke={1.5} />}
          loading={acts.isBusy}
          disabled={!mayCall || !room || waiting.length === 0}
          onClick={() => void acts.act(() => callNext(queue.id, room))}
        >
          {!waiting[0] ? t('queue.nobody') : room ? t('queue.next', { number: waiting[0].number }) : t('queue.sayRoom')}
        </Button>
        <ul>
          {called.map((place) => (
            <Called key={place.id} place={place} mayCall={mayCall} isBusy={acts.isBusy} onAct={(what) => act(place, what)} />
          ))}
        </ul>
      </section>
      <section className={styles.waiting} aria-label={t('queue.waiting')}>
        <h2>{t('queue.waitingCount', { count: waiting.length })}</h2>
        <ol>
          {waiting.map((place) => (
            <Row key={place.id} place={place} now={dataUpdatedAt} />
          ))}
        </ol>
        {of('passed').length > 0 && <h2>{t('queue.passed')}</h2>}
        <ul>
          {of('passed').map((place) => (
            <Row key={place.id} place={place} now={dataUpdatedAt}>
              {mayCall && (
                <>
                  <Button size="md" variant="default" disabled={acts.isBusy} leftSection={<IconArrowBackUp size={20} stroke={1.5} />} onClick={() => act(place, 'return')}>
                    {t('queue.act.return')}
                  </Button>
                  <Button size="md" variant="subtle" disabled={acts.isBusy} leftSection={<IconDoorExit size={20} stroke={1.5} />} onClick={() => act(place, 'leave')}>
                    {t('queue.act.leave')}
                  </Button>
                </>
              )}
            </Row>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Called({ place, mayCall, isBusy, onAct }: { place: Place; mayCall: boolean; isBusy: boolean; onAct: (what: TicketAct) => void }) {
  const t = useWords();
  return (
    <li className={styles.card}>
      <p className={styles.number}>{place.number}</p>
      <p className={styles.name}>
        {place.name || t('identity.nameless')} <span>{place.birth_date}</span>
      </p>
      <p className={styles.quiet}>
        {place.room && t('queue.toRoom', { room: place.room })} {t('queue.calls', { count: place.calls })}
      </p>
      {mayCall && (
        <div className={styles.acts}>
          <Button size="lg" disabled={isBusy} leftSection={<IconCheck size={22} stroke={1.5} />} onClick={() => onAct('done')}>
            {t('queue.act.done')}
          </Button>
          <Button size="lg" variant="default" disabled={isBusy} leftSection={<IconBell size={22} stroke={1.5} />} onClick={() => onAct('call')}>
            {t('queue.act.call')}
          </Button>
          <Button size="lg" variant="default" disabled={isBusy} leftSection={<IconPlayerSkipForward size={22} stroke={1.5} />} onClick={() => onAct('pass')}>
            {t('queue.act.pass')}
          </Button>
        </div>
      )}
    </li>
  );
}

function Row({ place, now, children }: { place: Place; now: number; children?: React.ReactNode }) {
  const t = useWords();
  const language = useLanguage();
  return (
    <li className={styles.row}>
      <strong>{place.number}</strong>
      <span>{place.name || t('identity.nameless')}</span>
      <time dateTime={place.arrived_at}>{t('queue.since', { ago: shownAgo(place.arrived_at, now, language) })}</time>
      {children}
    </li>
  );
}
