import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '../desk/keys';
import styles from '../full/FullDesk.module.css';
import { PROJECTIONS, type Slab } from './slab';

const THICKEST_MM = 60;
const KEY_MM = 2;

interface Props {
  slab: Slab;
  /** Whether keys are for it, of all that have one. */
  isInHand?: boolean;
  onChange: (slab: Slab) => void;
}

/** How thick planes are, and what they show of what lies behind each other. */
export function SlabSettings({ slab, isInHand = true, onChange }: Props) {
  const t = useWords();
  const thicken = (by: number) => () => onChange({ ...slab, thicknessMm: Math.max(0, Math.min(THICKEST_MM, slab.thicknessMm + by)) });
  const next = () => onChange({ ...slab, projection: nextOf(PROJECTIONS, slab.projection) ?? slab.projection });
  useKeys(isInHand ? { [KEYS.less]: thicken(-KEY_MM), [KEYS.more]: thicken(KEY_MM), [KEYS.kind]: next } : {}, 'first');
  return (
    <div className={styles.settings}>
      <label title={hotkey(t('volume.thickness'), KEYS.less, KEYS.more).title}>
        {t('volume.thickness')}
        <input
          type="range"
          min={0}
          max={THICKEST_MM}
          {...saidKeys(KEYS.less, KEYS.more)}
          value={slab.thicknessMm}
          onChange={(event) => onChange({ ...slab, thicknessMm: Number(event.currentTarget.value) })}
        />
        <output>{slab.thicknessMm ? `${slab.thicknessMm} mm` : t('volume.thin')}</output>
      </label>
      <span role="group" aria-label={t('volume.projection')} title={hotkey(t('volume.projection'), KEYS.kind).title}>
        {PROJECTIONS.map((projection) => (
          <button key={projection} type="button" {...saidKeys(KEYS.kind)} aria-pressed={slab.projection === projection} onClick={() => onChange({ ...slab, projection })}>
            {t(`volume.projections.${projection}`)}
          </button>
        ))}
      </span>
    </div>
  );
}
