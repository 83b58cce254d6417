import type { Pane } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { presetsOf } from '@/viewer/lean/presets';
import { having } from './edits';
import { Choice, Count } from './fields';

const NUMBERS = '#';
const FIRST = { center: 40, width: 400 };
const FAR = 100_000;

interface Props {
  pane: Pane;
  isOff: boolean;
  onChange: (pane: Pane) => void;
}

/** The window to begin with: as the image says, one of the usual ones, or in numbers. */
export function WindowField({ pane, isOff, onChange }: Props) {
  const t = useWords();
  const { window } = pane;
  const usual = presetsOf('CT').map(({ name }) => ({ value: name as string, label: t(`settings.presets.usual.${name}`) }));
  const isOther = typeof window === 'string' && !usual.some(({ value }) => value === window);
  const options = [...usual, ...(isOther ? [{ value: window, label: window }] : []), { value: NUMBERS, label: t('hanging.window.numbers') }];
  const choose = (value: string | undefined) => onChange(having(pane, 'window', value === NUMBERS ? FIRST : value));
  return (
    <>
      <Choice label={t('hanging.window.title')} none={t('hanging.window.asSaid')} options={options} value={typeof window === 'object' ? NUMBERS : window} isOff={isOff} onChange={choose} />
      {typeof window === 'object' && (
        <>
          <Count label={t('settings.presets.width')} value={window.width} min={1} max={FAR} isOff={isOff} onChange={(width) => onChange({ ...pane, window: { ...window, width } })} />
          <Count label={t('settings.presets.center')} value={window.center} min={-FAR} max={FAR} isOff={isOff} onChange={(center) => onChange({ ...pane, window: { ...window, center } })} />
        </>
      )}
    </>
  );
}
