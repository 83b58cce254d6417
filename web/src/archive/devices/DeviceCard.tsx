import { Button } from '@mantine/core';
import { type Icon, IconCircleCheck, IconCircleX, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Echoed, echo, type Peer, removePeer } from '@/lib/api/archive';
import type { Association } from '@/lib/api/associations';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { Unknown } from '@/ui/Unknown';
import { useAct } from '@/ui/useAct';
import { ActNotice } from '../ActNotice';
import { AddressForm } from './AddressForm';
import { Associations } from './Associations';
import styles from './DevicesPage.module.css';

interface Props {
  peer: Peer;
  /** Whose it is, if the person may change it. */
  hospital: Organisation | undefined;
  /** Its last ones, newest first; undefined until they are known. */
  associations: Association[] | undefined;
  onChanged: () => void;
}

export function DeviceCard({ peer, hospital, associations, onChanged }: Props) {
  const t = useWords();
  const language = useLanguage();
  return (
    <li className={styles.card}>
      <h2>{peer.label}</h2>
      <p className={styles.hospital}>{(language === 'en' && hospital?.name_en) || hospital?.name}</p>
      <dl>
        <dt>{t('devices.sendsAs')}</dt>
        <dd>
          <code>{peer.calling_ae}</code>
          {peer.network !== '0.0.0.0/0' && <span className={styles.quiet}>{peer.network}</span>}
        </dd>
        <dt>{t('devices.listensAt')}</dt>
        <dd>{peer.host ? <code>{`${peer.host}:${peer.port}${peer.is_tls ? ' TLS' : ''}`}</code> : <Unknown reason={t('devices.noAddress')} />}</dd>
      </dl>
      {!peer.is_trusted && <p className={styles.untrusted}>{t('devices.untrusted')}</p>}
      {associations && <Associations associations={associations} />}
      {hospital && <Acts peer={peer} onChanged={onChanged} />}
    </li>
  );
}

function Acts({ peer, onChanged }: { peer: Peer; onChanged: () => void }) {
  const t = useWords();
  const { isBusy, error, run } = useAct();
  const [answer, setAnswer] = useState<Echoed | null>(null);
  const [isEditing, setIsEditing] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const ask = () => run(async () => setAnswer(await echo(peer.id)));
  const remove = () => run(() => removePeer(peer.id)).then((isDone) => isDone && onChanged());
  if (isEditing) return <AddressForm peer={peer} onDone={onChanged} onClose={() => setIsEditing(false)} />;
  return (
    <>
      <div className={styles.acts}>
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          disabled={!peer.host}
          leftSection={<IconPlugConnected size={16} stroke={1.5} />}
          onClick={() => void ask()}
        >
          {t('devices.echo')}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => setIsEditing(true)}>
          {t('devices.address')}
        </Button>
        <Button size="xs" variant="subtle" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={() => setIsRemoving(!isRemoving)}>
          {t('devices.remove')}
        </Button>
      </div>
      {isRemoving && (
        <div className={styles.confirm}>
          <p>{t('devices.removeWhat', { name: peer.label, title: peer.calling_ae })}</p>
          <Button size="xs" onClick={() => void remove()}>
            {t('devices.remove')}
          </Button>
        </div>
      )}
      {answer && <Answer answer={answer} />}
      <ActNotice error={error} />
    </>
  );
}

function Answer({ answer }: { answer: Echoed }) {
  const t = useWords();
  const isThere = answer.milliseconds !== null && answer.milliseconds !== undefined;
  const Sign: Icon = isThere ? IconCircleCheck : IconCircleX;
  return (
    <p className={styles.answer} data-there={isThere} role="status">
      <Sign size={16} stroke={1.5} aria-hidden />
      {isThere ? t('devices.answers', { ms: Math.round(answer.milliseconds ?? 0) }) : t('devices.silent')}
      {!isThere && <span className={styles.quiet}>{answer.reason}</span>}
    </p>
  );
}
