import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { KEYS } from '../desk/keys';
import styles from './FindingsPanel.module.css';
import type { Overlays } from './useOverlays';

/** The segments and structures of a study: seen or hidden, one by one or all of one maker. */
export function OverlayList({ overlays: { list, hidden, toggle } }: { overlays: Overlays }) {
  const t = useWords();
  const named = list.filter(({ parts, refusal }) => parts.length > 0 || refusal);
  if (!named.length) return null;
  return (
    <section className={styles.views} aria-label={t('overlays.title')}>
      <h2 className={styles.head}>{t('overlays.title')}</h2>
      {named.map(({ key, title, parts, refusal }) => (
        <div key={key} className={styles.overlay}>
          <p className={styles.kind}>
            {title || t('overlays.unnamed')}
            <button type="button" className={styles.act} aria-label={t('overlays.toggleAll')} {...hotkey(t('overlays.toggleAll'), KEYS.overlays)} onClick={() => toggle(parts.map((part) => part.key))}>
              <IconEye size={16} stroke={1.5} aria-hidden />
            </button>
          </p>
          {refusal && <p className={styles.refusal}>{t(`overlays.refused.${refusal}`)}</p>}
          <ul>
            {parts.map((part) => {
              const isHidden = hidden.has(part.key);
              const Icon = isHidden ? IconEyeOff : IconEye;
              return (
                <li key={part.key}>
                  <button type="button" className={styles.part} {...saidKeys(KEYS.part)} aria-pressed={!isHidden} onClick={() => toggle([part.key])}>
                    <i style={{ background: `rgb(${part.colour.join(' ')})` }} />
                    {part.name}
                    <Icon size={15} stroke={1.5} aria-hidden />
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </section>
  );
}
