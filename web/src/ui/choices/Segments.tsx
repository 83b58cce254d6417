import { hotkey, saidKeys } from '../hotkey';
import { useKeys } from '../useKeys';
import styles from './choices.module.css';

interface Props<Value extends string> {
  label: string;
  options: { value: Value; label: string }[];
  value: Value;
  /** Keys that go to the option before and to the one after; one key alone goes on, and around. */
  keys?: readonly string[];
  onChange: (value: Value) => void;
}

const NONE: readonly string[] = [];

export function Segments<Value extends string>({ label, options, value, keys = NONE, onChange }: Props<Value>) {
  const at = options.findIndex((option) => option.value === value);
  const go = (place: number) => () => {
    const next = options[place];
    if (next) onChange(next.value);
  };
  const [first = '', second] = keys;
  useKeys({
    ...(second && { [first]: go(at - 1), [second]: go(at + 1) }),
    ...(first && !second && { [first]: go((at + 1) % options.length) }),
  });
  return (
    <div className={`${styles.pair} ${styles.framed}`} role="group" aria-label={label} title={keys.length ? hotkey(label, ...keys).title : undefined}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          {...(keys.length > 0 && saidKeys(...keys))}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
