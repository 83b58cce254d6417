import { IconMoonStars, IconSun, IconTelescope } from '@tabler/icons-react';
import { useWords } from '@/lib/i18n';
import { type Scheme, SCHEMES, useScheme } from '../theme/scheme';
import styles from './choices.module.css';

const ICONS = { reading: IconTelescope, dark: IconMoonStars, light: IconSun };

export function SchemeSwitch({ onChoose }: { onChoose: (scheme: Scheme) => void }) {
  const t = useWords();
  const current = useScheme();
  return (
    <div className={styles.pair} role="group" aria-label={t('scheme.label')}>
      {SCHEMES.map((scheme) => {
        const Icon = ICONS[scheme];
        return (
          <button key={scheme} type="button" aria-pressed={scheme === current} onClick={() => onChoose(scheme)}>
            <Icon size={16} stroke={1.5} aria-hidden />
            {t(`scheme.${scheme}`)}
          </button>
        );
      })}
    </div>
  );
}
