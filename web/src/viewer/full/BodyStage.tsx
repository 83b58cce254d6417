import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Image } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { useVolume } from '@/volume/useVolume';
import { Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import type { Steered } from '../steering';
import { type BodyPreset, bodyPresetsOf, BodyView } from './BodyView';
import styles from './FullDesk.module.css';
import type { PaneSeries } from './series';
import { VolumeWait } from './VolumeWait';

interface Props {
  series: PaneSeries;
  images: readonly Image[];
  index: number;
  onView: (view: Steered | null) => void;
}

/** A series as a body that the hand turns. */
export function BodyStage({ series, images, index, onView }: Props) {
  const t = useWords();
  const [from] = useState(index);
  const presets = bodyPresetsOf(series.modality);
  const [preset, setPreset] = useState<BodyPreset>(presets[0] ?? 'mr');
  const progress = useVolume(series.at, series.seriesUid, images, from);
  const { volume } = progress;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<BodyView | null>(null);
  const [isShown, setIsShown] = useState(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const made = new BodyView(element.current);
    setView(made);
    return () => made.close();
  }, []);
  const latest = useRef(preset);
  useEffect(() => {
    latest.current = preset;
    view?.setPreset(preset);
  }, [view, preset]);
  useEffect(() => {
    if (view && volume) void view.show(volume, series, latest.current).then(() => setIsShown(true));
  }, [view, volume, series]);
  useEffect(() => {
    onView(view && isShown ? steered(view) : null);
    return () => onView(null);
  }, [onView, view, isShown]);
  const shown = volume && { image: volume.sample, best: null, error: null, window: null, isInverted: false, value: null };
  return (
    <section className={`${overlay.stage} ${styles.body}`} aria-label={t('tools.body')}>
      <div ref={element} className={`${overlay.picture} ${styles.viewport}`} data-plane="body" />
      <p className={overlay.topLeft}>{series.title}</p>
      <Warnings shown={shown} others={volume?.isResampled ? [t('volume.resampled')] : []} />
      {volume && (
        <div className={styles.settings} role="group" aria-label={t('volume.look')}>
          {presets.map((one) => (
            <button key={one} type="button" aria-pressed={preset === one} onClick={() => setPreset(one)}>
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
  const nothing = () => {};
  return { step: nothing, next: nothing, setWindow: nothing, invert: nothing, turn: nothing, flip: nothing, zoom: (factor) => view.zoom(factor), reset: () => view.reset() };
}
