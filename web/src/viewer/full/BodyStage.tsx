import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { useVolume } from '@/volume/useVolume';
import { KEYS, nextOf } from '../desk/keys';
import { Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { type Steered, turningKeys, UNMOVED } from '../steering';
import { type BodyPreset, bodyPresetsOf, BodyView } from './BodyView';
import styles from './FullDesk.module.css';
import type { PaneSeries } from './series';
import { shownVolume, volumeNotes } from './shownVolume';
import { useSeriesImages } from './useSeriesImages';
import { VolumeWait } from './VolumeWait';

interface Props {
  viewportId: string;
  series: PaneSeries;
  onPane: (viewportId: string, view: Steered | null) => void;
  /** Where it lies among other panes. */
  style?: CSSProperties;
  isFocused?: boolean;
  /** Whether keys are for it. */
  isInHand?: boolean;
  onFocus?: () => void;
}

/** A series as a body that the hand turns. */
export function BodyStage({ viewportId, series, onPane, style, isFocused = false, isInHand = true, onFocus }: Props) {
  const t = useWords();
  const presets = bodyPresetsOf(series.modality);
  const [preset, setPreset] = useState<BodyPreset>(presets[0] ?? 'mr');
  const { images, index } = useSeriesImages(series);
  const progress = useVolume(series.at, series.seriesUid, images, index);
  const { volume } = progress;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<BodyView | null>(null);
  const [isShown, setIsShown] = useState(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const made = new BodyView(viewportId, element.current);
    setView(made);
    return () => made.close();
  }, [viewportId]);
  useKeys(isInHand ? { [KEYS.kind]: () => setPreset(nextOf(presets, preset) ?? preset) } : {}, 'first');
  const latest = useRef(preset);
  useEffect(() => {
    latest.current = preset;
    view?.setPreset(preset);
  }, [view, preset]);
  useEffect(() => {
    if (view && volume) void view.show(volume, series, latest.current).then(() => setIsShown(true));
  }, [view, volume, series]);
  useEffect(() => {
    onPane(viewportId, view && isShown ? steered(view) : null);
    return () => onPane(viewportId, null);
  }, [onPane, viewportId, view, isShown]);
  return (
    <section className={`${overlay.stage} ${styles.body}`} style={style} aria-label={t('tools.body')} data-focused={isFocused} onMouseDownCapture={onFocus} onTouchStartCapture={onFocus}>
      <div ref={element} className={`${overlay.picture} ${styles.viewport}`} data-plane="body" />
      <p className={overlay.topLeft}>{series.title}</p>
      <Warnings shown={volume && shownVolume(volume)} others={volumeNotes(t, volume)} />
      {volume && (
        <div className={styles.settings} role="group" aria-label={t('volume.look')} title={hotkey(t('volume.look'), KEYS.kind).title}>
          {presets.map((one) => (
            <button key={one} type="button" {...saidKeys(KEYS.kind)} aria-pressed={preset === one} onClick={() => setPreset(one)}>
              {t(`volume.looks.${one}`)}
            </button>
          ))}
        </div>
      )}
      <VolumeWait progress={progress} />
    </section>
  );
}

function steered(view: BodyView): Steered {
  return {
    ...UNMOVED,
    zoom: (factor) => view.zoom(factor),
    reset: () => view.reset(),
    pan: (across, down) => view.pan(across, down),
    ownKeys: turningKeys((right, down) => view.turn(right, down)),
  };
}
