import { useWords } from '@/lib/i18n';
import styles from '../full/FullDesk.module.css';
import { PROJECTIONS, type Slab } from './slab';

const THICKEST_MM = 60;

/** How thick planes are, and what they show of what lies behind each other. */
export function SlabSettings({ slab, onChange }: { slab: Slab; onChange: (slab: Slab) => void }) {
  const t = useWords();
  return (
    <div className={styles.settings}>
      <label>
        {t('volume.thickness')}
        <input
          type="range"
          min={0}
          max={THICKEST_MM}
          value={slab.thicknessMm}
          onChange={(event) => onChange({ ...slab, thicknessMm: Number(event.currentTarget.value) })}
        />
        <output>{slab.thicknessMm ? `${slab.thicknessMm} mm` : t('volume.thin')}</output>
      </label>
      <span role="group" aria-label={t('volume.projection')}>
        {PROJECTIONS.map((projection) => (
          <button key={projection} type="button" aria-pressed={slab.projection === projection} onClick={() => onChange({ ...slab, projection })}>
            {t(`volume.projections.${projection}`)}
          </button>
        ))}
      </span>
    </div>
  );
}
