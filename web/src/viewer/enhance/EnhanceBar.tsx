import type { Enhancement } from '@/lib/api/enhancement';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS, nextOf } from '../desk/keys';
import { methodsOf, PRESETS } from './choices';
import styles from './Enhance.module.css';
import { SaveLine } from './SaveLine';

const STEP_PERCENT = 5;

interface Props {
  at: StudyAt;
  place: Place;
  modality: string;
  enhancement: Enhancement;
  /** How many images the series has. */
  imageCount: number;
  onChange: (some: Partial<Enhancement>) => void;
  onOpen: (seriesUid: string) => void;
}

/** How the image is enhanced, and keeping it so. */
export function EnhanceBar({ at, place, modality, enhancement, imageCount, onChange, onOpen }: Props) {
  const t = useWords();
  const { method, preset, strength } = enhancement;
  const strengthen = (percent: number) => () => onChange({ strength: Math.max(0, Math.min(100, Math.round(strength * 100) + percent)) / 100 });
  const isOfSizes = method === 'multiscale';
  useKeys(
    {
      [KEYS.less]: strengthen(-STEP_PERCENT),
      [KEYS.more]: strengthen(STEP_PERCENT),
      [KEYS.kind]: () => onChange({ method: nextOf(methodsOf(modality), method) ?? method }),
      ...(isOfSizes && { [KEYS.hand]: () => onChange({ preset: nextOf(PRESETS, preset) ?? preset }) }),
    },
    'first',
  );
  return (
    <div className={styles.bar} role="group" aria-label={t('enhance.title')}>
      <Buttons label={t('enhance.method')} keyed={KEYS.kind} options={methodsOf(modality)} chosen={method} nameOf={(one) => t(`enhance.methods.${one}`)} onChoose={(one) => onChange({ method: one })} />
      {isOfSizes && (
        <Buttons label={t('enhance.preset')} keyed={KEYS.hand} options={PRESETS} chosen={preset} nameOf={(one) => t(`enhance.presets.${one}`)} onChoose={(one) => onChange({ preset: one })} />
      )}
      <Strength strength={strength} onChange={(next) => onChange({ strength: next })} />
      <SaveLine at={at} place={place} enhancement={enhancement} imageCount={imageCount} onOpen={onOpen} />
    </div>
  );
}

interface ButtonsProps<Option extends string> {
  label: string;
  /** The key that goes on to the next one. */
  keyed: string;
  options: readonly Option[];
  chosen: Option;
  nameOf: (option: Option) => string;
  onChoose: (option: Option) => void;
}

function Buttons<Option extends string>({ label, keyed, options, chosen, nameOf, onChoose }: ButtonsProps<Option>) {
  return (
    <span role="group" aria-label={label} title={hotkey(label, keyed).title}>
      {options.map((one) => (
        <button key={one} type="button" {...saidKeys(keyed)} aria-pressed={one === chosen} onClick={() => onChoose(one)}>
          {nameOf(one)}
        </button>
      ))}
    </span>
  );
}

/** How much; once the hand lets go of it, or at Escape, keys are the page's again. */
function Strength({ strength, onChange }: { strength: number; onChange: (strength: number) => void }) {
  const t = useWords();
  const percent = Math.round(strength * 100);
  return (
    <label title={hotkey(t('enhance.strength'), KEYS.less, KEYS.more).title}>
      {t('enhance.strength')}
      <input
        type="range"
        min={0}
        max={100}
        step={STEP_PERCENT}
        value={percent}
        {...saidKeys(KEYS.less, KEYS.more)}
        aria-valuetext={`${percent} %`}
        onChange={(event) => onChange(Number(event.currentTarget.value) / 100)}
        onPointerUp={(event) => event.currentTarget.blur()}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <output>{percent} %</output>
    </label>
  );
}
