import { nameIn } from '@/lib/hanging/words';
import { useLanguage, useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import type { Hanging } from '../hanging/useHanging';
import { KEYS } from './keys';
import styles from './Desk.module.css';

/** Which protocol hangs, at which stage; and others that fit. */
export function HangingLine({ hanging: { laidOut, leftOut, fitting, isWaiting, choose }, onEnd }: { hanging: Hanging; onEnd: () => void }) {
  const t = useWords();
  const language = useLanguage();
  if (isWaiting) return <p className={styles.hanging} role="status">{t('desk.hanging')}</p>;
  if (!laidOut) return null;
  const { protocol, stage, place, count } = laidOut;
  return (
    <div className={styles.hanging} role="group" aria-label={t('tools.hanging')}>
      <select {...hotkey(t('keys.protocol'), KEYS.protocol)} aria-label={t('tools.hanging')} value={protocol.id} onChange={(event) => choose(event.currentTarget.value)}>
        {fitting.map((one) => <option key={one.id} value={one.id}>{nameIn(one.name, language)}</option>)}
      </select>
      <span>{t('desk.stage', { name: nameIn(stage.name, language), place: place + 1, count })}</span>
      {leftOut > 0 && <span role="status">{t('desk.leftOut', { count: leftOut })}</span>}
      <button type="button" {...hotkey(t('keys.takeDown'), KEYS.takeDown)} onClick={onEnd}>{t('desk.takeDown')}</button>
    </div>
  );
}
