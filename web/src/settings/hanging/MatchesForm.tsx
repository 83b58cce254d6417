import type { Matches } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { MODALITIES } from '../presets';
import { having } from './edits';
import { Chips, Count, WordsField } from './fields';
import styles from './Hanging.module.css';

const SIDES = ['R', 'L', 'B', 'U'] as const;
const MOST = 99;

interface Props {
  matches: Matches;
  isOff: boolean;
  onChange: (matches: Matches) => void;
}

/** For which studies the protocol is. */
export function MatchesForm({ matches, isOff, onChange }: Props) {
  const t = useWords();
  return (
    <section className={styles.part} aria-labelledby="hanging-matches">
      <h2 id="hanging-matches">{t('hanging.matches.title')}</h2>
      <Chips
        label={t('studies.modality')}
        options={MODALITIES.map((value) => ({ value, label: value }))}
        value={matches.modalities}
        isOff={isOff}
        onChange={(modalities) => onChange({ ...matches, modalities })}
      />
      <Chips
        label={t('hanging.laterality')}
        options={SIDES.map((value) => ({ value, label: t(`hanging.side.${value}`) }))}
        value={matches.laterality ?? []}
        isOff={isOff}
        onChange={(laterality) => onChange(having(matches, 'laterality', laterality))}
      />
      <div className={styles.fields}>
        <WordsField
          label={t('hanging.matches.bodyParts')}
          hint={t('hanging.matches.bodyPartsExample')}
          value={matches.body_parts}
          isOff={isOff}
          onChange={(words) => onChange({ ...matches, body_parts: words })}
        />
        <Count label={t('hanging.matches.minSeries')} value={matches.min_series ?? 0} min={0} max={MOST} isOff={isOff} onChange={(count) => onChange(having(matches, 'min_series', count || undefined))} />
        <Count label={t('hanging.matches.minPriors')} value={matches.min_priors ?? 0} min={0} max={MOST} isOff={isOff} onChange={(count) => onChange(having(matches, 'min_priors', count || undefined))} />
      </div>
    </section>
  );
}
