import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Icon, IconArrowBackUp, IconBell, IconCheck, IconDoorExit, IconPlayerSkipForward, IconSpeakerphone } from '@tabler/icons-react';
import { ProblemNotice } from '@/archive/ProblemNotice';
import { actOnTicket, callNext, type Place, placesQuery, type Queue, type TicketAct } from '@/lib/api/queues';
import { useLanguage, useWords } from '@/lib/i18n';
import { shownAgo } from '@/lib/moments';
import { hotkey } from '@/ui/hotkey';
import { once, useKeys } from '@/ui/useKeys';
import { useHasFallen, useInSight, useRowsInHand } from '@/ui/useRowsInHand';
import { Wait } from '@/ui/Wait';
import { ACTS_OF, QUEUE_KEYS } from './keys';
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
export function Places({ queue, ...rest }: Props) {
  const t = useWords();
  const { data, error, dataUpdatedAt, refetch } = useQuery(placesQuery(queue.id));
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Wait what={t('wait.loading')} />;
  return <Lists key={queue.id} queue={queue} places={data.places} now={dataUpdatedAt} isStale={error !== null} {...rest} />;
}

interface ListsProps extends Props {
  places: Place[];
  /** When the places were asked for. */
  now: number;
  isStale: boolean;
}

function Lists({ queue, room, mayCall, acts, places, now, isStale }: ListsProps) {
  const t = useWords();
  const of = (state: Place['state']) => places.filter((place) => place.state === state);
  const called = of('called').filter((place) => !room || place.room === room);
  const waiting = of('waiting');
  const passed = of('passed');
  const actedOn = [...called, ...passed];
  const { current } = useRowsInHand(actedOn, ({ id }) => id);
  const hasFallen = useHasFallen(
    actedOn.map(({ id }) => id),
    current?.id,
  );
  const mayAct = mayCall && !acts.isBusy;
  const mayCallNext = mayAct && room !== '' && waiting.length > 0;
  const next = () => void acts.act(() => callNext(queue.id, room));
  const act = (place: Place, what: TicketAct) => void acts.act(() => actOnTicket(place.id, what, what === 'call' ? room : ''));
  const actsOn = (place: Place): ActsOn => ({ isInHand: place === current, mayCall, isBusy: acts.isBusy, onAct: (what) => act(place, what) });
  useKeys({
    ...(mayCallNext && { [QUEUE_KEYS.next]: once(next) }),
    ...(mayAct && current && !hasFallen && Object.fromEntries(ACTS_OF[current.state].map((what) => [QUEUE_KEYS[what], once(() => act(current, what))]))),
  });
  return (
    <div className={styles.columns}>
      {isStale && <Stale sinceMs={now} />}
      <section className={styles.called} aria-label={t('queue.called')}>
        <NextButton room={room} number={waiting[0]?.number} isBusy={acts.isBusy} isOff={!mayCallNext} onNext={next} />
        <ul>
          {called.map((place) => (
            <Called key={place.id} place={place} {...actsOn(place)} />
          ))}
        </ul>
      </section>
      <section className={styles.waiting} aria-label={t('queue.waiting')}>
        <h2>{t('queue.waitingCount', { count: waiting.length })}</h2>
        <ol>
          {waiting.map((place) => (
            <Row key={place.id} place={place} now={now} />
          ))}
        </ol>
        {passed.length > 0 && <h2>{t('queue.passed')}</h2>}
        <ul>
          {passed.map((place) => (
            <Row key={place.id} place={place} now={now} acts={actsOn(place)} />
          ))}
        </ul>
      </section>
    </div>
  );
}

interface NextButtonProps {
  room: string;
  /** Of whoever is next. */
  number: string | undefined;
  isBusy: boolean;
  isOff: boolean;
  onNext: () => void;
}

function NextButton({ room, number, isBusy, isOff, onNext }: NextButtonProps) {
  const t = useWords();
  const words = !number ? t('queue.nobody') : room ? t('queue.next', { number }) : t('queue.sayRoom');
  return (
    <Button fullWidth h={72} fz={22} {...hotkey(t('keys.callNext'), QUEUE_KEYS.next)} leftSection={<IconSpeakerphone size={28} stroke={1.5} />} loading={isBusy} disabled={isOff} onClick={onNext}>
      {words}
    </Button>
  );
}

interface ActsOn {
  isInHand: boolean;
  mayCall: boolean;
  isBusy: boolean;
  onAct: (what: TicketAct) => void;
}

function Called({ place, ...acts }: ActsOn & { place: Place }) {
  const t = useWords();
  const ref = useInSight<HTMLLIElement>(acts.isInHand);
  return (
    <li ref={ref} className={styles.card} aria-current={acts.isInHand}>
      <p className={styles.number}>{place.number}</p>
      <p className={styles.name}>
        {place.name || t('identity.nameless')} <span>{place.birth_date}</span>
      </p>
      <p className={styles.quiet}>
        {place.room && t('queue.toRoom', { room: place.room })} {t('queue.calls', { count: place.calls })}
      </p>
      {acts.mayCall && (
        <div className={styles.acts}>
          <Acts of="called" size="lg" {...acts} />
        </div>
      )}
    </li>
  );
}

function Row({ place, now, acts }: { place: Place; now: number; acts?: ActsOn }) {
  const t = useWords();
  const language = useLanguage();
  const ref = useInSight<HTMLLIElement>(acts?.isInHand ?? false);
  return (
    <li ref={ref} className={styles.row} aria-current={acts?.isInHand}>
      <strong>{place.number}</strong>
      <span>{place.name || t('identity.nameless')}</span>
      <time dateTime={place.arrived_at}>{t('queue.since', { ago: shownAgo(place.arrived_at, now, language) })}</time>
      {acts?.mayCall && <Acts of="passed" size="md" {...acts} />}
    </li>
  );
}

const ICONS: Record<TicketAct, Icon> = { done: IconCheck, call: IconBell, pass: IconPlayerSkipForward, return: IconArrowBackUp, leave: IconDoorExit };
const VARIANTS: Record<TicketAct, string> = { done: 'filled', call: 'default', pass: 'default', return: 'default', leave: 'subtle' };

/** What can be done with somebody; the keys are told by the buttons of whoever is in hand. */
function Acts({ of, size, isInHand, isBusy, onAct }: ActsOn & { of: Place['state']; size: string }) {
  const t = useWords();
  return ACTS_OF[of].map((what) => {
    const Sign = ICONS[what];
    const words = t(`queue.act.${what}`);
    return (
      <Button key={what} size={size} variant={VARIANTS[what]} disabled={isBusy} {...(isInHand && hotkey(words, QUEUE_KEYS[what]))} leftSection={<Sign size={20} stroke={1.5} />} onClick={() => onAct(what)}>
        {words}
      </Button>
    );
  });
}
