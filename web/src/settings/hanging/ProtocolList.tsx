import type { HangingProtocol, Owner } from '@/lib/hanging/types';
import { nameIn } from '@/lib/hanging/words';
import { useLanguage, useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import styles from './Hanging.module.css';

const OWNERS: Owner[] = ['mine', 'hospital', 'built-in'];

export const keyOf = ({ id, owner, organisation }: HangingProtocol): string => [owner, organisation ?? '', id].join('/');

/** All protocols in the order in which they are tried, and listed. */
export const inOrder = (protocols: HangingProtocol[]) => OWNERS.flatMap((owner) => protocols.filter((one) => one.owner === owner));

interface Props {
  protocols: HangingProtocol[];
  current: string | null;
  /** The keys of those with changes that are not saved. */
  changed: ReadonlySet<string>;
  onCurrent: (key: string) => void;
}

/** All protocols, in the order in which they are tried. */
export function ProtocolList({ protocols, current, changed, onCurrent }: Props) {
  const t = useWords();
  const language = useLanguage();
  return (
    <nav className={styles.list} aria-label={t('hanging.title')}>
      {OWNERS.map((owner) => (
        <section key={owner}>
          <h2>{t(`hanging.owner.${owner}`)}</h2>
          <ul>
            {protocols
              .filter((one) => one.owner === owner)
              .map((one) => (
                <li key={keyOf(one)}>
                  <button type="button" aria-current={keyOf(one) === current} {...saidKeys('j', 'k')} onClick={() => onCurrent(keyOf(one))}>
                    <span>
                      {nameIn(one.name, language)}
                      {changed.has(keyOf(one)) && <span title={t('hanging.unsaved')}> •</span>}
                    </span>
                    <span className={styles.quiet}>{one.matches.modalities.join(' ')}</span>
                  </button>
                </li>
              ))}
          </ul>
          {!protocols.some((one) => one.owner === owner) && owner !== 'built-in' && <p className={styles.quiet}>{t(`hanging.none.${owner}`)}</p>}
        </section>
      ))}
    </nav>
  );
}
