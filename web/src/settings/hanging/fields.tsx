import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { wordsOf } from './edits';
import styles from './Hanging.module.css';

interface WordsProps {
  label: string;
  hint?: string;
  value: string[];
  isOff: boolean;
  onChange: (words: string[]) => void;
}

/** Several words in one line; they count when the field is left, or at Enter. */
export function WordsField({ label, hint, value, isOff, onChange }: WordsProps) {
  const said = value.join(', ');
  const [draft, setDraft] = useState<string | null>(null);
  const keep = () => {
    if (draft !== null && draft !== said) onChange(wordsOf(draft));
    setDraft(null);
  };
  return (
    <TextInput
      label={label}
      placeholder={hint}
      value={draft ?? said}
      readOnly={isOff}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

interface TextProps {
  label: string;
  value: string;
  isOff: boolean;
  onChange: (text: string) => void;
}

/** One text; it counts when the field is left, or at Enter, so that undoing goes by texts and not by letters. */
export function TextField({ label, value, isOff, onChange }: TextProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = () => {
    if (draft !== null && draft.trim() !== value) onChange(draft.trim());
    setDraft(null);
  };
  return (
    <TextInput
      label={label}
      value={draft ?? value}
      readOnly={isOff}
      maxLength={64}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  /** What it means that nothing is chosen; without it something must be. */
  none?: string;
  options: { value: Value; label: string }[];
  value: Value | undefined;
  isOff: boolean;
  onChange: (value: Value | undefined) => void;
}

export function Choice<Value extends string>({ label, none, options, value, isOff, onChange }: ChoiceProps<Value>) {
  const data = none === undefined ? options : [{ value: '', label: none }, ...options];
  return (
    <Select label={label} data={data} value={value ?? ''} readOnly={isOff} allowDeselect={false} onChange={(chosen) => onChange((chosen || undefined) as Value | undefined)} />
  );
}

interface CountProps {
  label: string;
  value: number;
  min: number;
  max: number;
  isOff: boolean;
  onChange: (count: number) => void;
}

export function Count({ label, value, min, max, isOff, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      clampBehavior="strict"
      readOnly={isOff}
      onChange={(count) => typeof count === 'number' && count !== value && onChange(count)}
    />
  );
}

interface ChipsProps {
  label: string;
  options: { value: string; label: string }[];
  value: string[];
  isOff: boolean;
  onChange: (value: string[]) => void;
}

/** Any number of a few choices, all in sight. */
export function Chips({ label, options, value, isOff, onChange }: ChipsProps) {
  const turn = (one: string) => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  return (
    <div className={styles.chips} role="group" aria-label={label}>
      <span className={styles.label}>{label}</span>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={value.includes(option.value)} disabled={isOff} onClick={() => turn(option.value)}>
          {option.label}
        </button>
      ))}
    </div>
  );
}
