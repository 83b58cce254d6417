import { type Language, LANGUAGES, setLanguage, useLanguage, useWords } from '@/lib/i18n';
import styles from './choices.module.css';

/** Both languages in sight, each in its own script; without an `onChoose` the browser alone remembers. */
export function LanguageSwitch({ onChoose = setLanguage }: { onChoose?: (language: Language) => void }) {
  const t = useWords();
  const current = useLanguage();
  return (
    <div className={styles.pair} role="group" aria-label={t('language.label')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={language === current}
          onClick={() => onChoose(language)}
        >
          {t(`language.${language}`)}
        </button>
      ))}
    </div>
  );
}
